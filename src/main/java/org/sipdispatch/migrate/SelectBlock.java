package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sipdispatch.routing.Template;
import org.sipdispatch.sets.Algorithm;
import org.sipdispatch.sets.SelectFlags;
import org.sipdispatch.settings.SettingException;

/** The {@code select} block for one or more selections, and the reasons why it differs from the script, if it does. */
final class SelectBlock {
    private static final String VARIABLE = "\\$\\(?\\w+(?:\\([^()]*\\))?\\)?";

    private final ModuleParameters parameters;
    private final boolean failsOver;
    private final List<String> sets = new ArrayList<>();
    private final List<String> algorithms = new ArrayList<>();
    private final List<String> flags = new ArrayList<>();
    private final List<String> caveats = new ArrayList<>();
    private String partition = "";
    private String most = "";

    /** @param failsOver whether a failure route tries the next destination */
    SelectBlock(ModuleParameters parameters, List<Script.FunctionCall> selections, boolean failsOver) {
        this.parameters = parameters;
        this.failsOver = failsOver;
        selections.forEach(this::add);
        boolean lists = selections.size() > 1
                && flags.subList(0, flags.size() - 1).stream().anyMatch(SelectBlock::hasFlagF);
        if (lists) {
            caveats.add("with flag F the second set would also be used for failover");
        }
    }

    List<String> caveats() {
        return caveats;
    }

    boolean hasFailover() {
        return flags.stream().anyMatch(SelectBlock::hasFlagF);
    }

    private static boolean hasFlagF(String item) {
        return !without(item, "fF").equals(item.strip());
    }

    /** The item without these flags; the names of variables keep their letters. */
    private static String without(String item, String letters) {
        return Pattern.compile(VARIABLE + "|[" + letters + "]")
                .matcher(item)
                .replaceAll(found -> found.group().startsWith("$") ? Matcher.quoteReplacement(found.group()) : "")
                .strip();
    }

    private void add(Script.FunctionCall call) {
        boolean kamailio = parameters.isKamailio();
        String written = call.argument(0).replaceAll("\\s+", "");
        int colon = written.indexOf(':');
        String named = colon > 0 && !written.contains("$") ? written.substring(0, colon) : "";
        String own = !kamailio && named.isEmpty() ? call.argument(3).strip() : named;
        String whole = own.isEmpty() ? parameters.defaultPartition : own;
        if (!partition.isEmpty() && !partition.equals(whole)) {
            caveats.add("a selection has one partition, but the script selects from " + partition + " and " + whole);
        }
        partition = whole;
        String numbers = named.isEmpty() ? written : written.substring(colon + 1);
        int count = numbers.split(",", -1).length;
        spread(sets, numbers, count);
        spread(algorithms, algorithm(call), count);
        spread(flags, kamailio ? parameters.kamailioFlags() : flags(call.argument(2)), count);
        limit(call.argument(kamailio ? 2 : 4));
        check(call, numbers, count);
    }

    private static void spread(List<String> into, String items, int count) {
        String[] each = items.split(",", -1);
        for (int i = 0; i < count; i++) {
            into.add(each[each.length == 1 ? 0 : Math.min(i, each.length - 1)].strip());
        }
    }

    private static String algorithm(Script.FunctionCall call) {
        String written = call.argument(1).replaceAll("\\s+", "");
        return written.isEmpty() ? "0" : written;
    }

    private void limit(String limit) {
        if (limit.matches("[1-9]\\d{0,2}")) {
            most = limit;
        } else if (!limit.isEmpty() && !limit.equals("0")) {
            caveats.add("the maximum number of destinations is not a number from 1 to 999: " + limit);
        }
    }

    /** Removes what does not exist here: the flag {@code a} (append), and limits without {@code M}. */
    private String flags(String written) {
        return Stream.of(written.split(",", -1))
                .map(String::strip)
                .map(item -> item.matches("\\d+") ? "" : without(item, "aA"))
                .collect(Collectors.joining(","));
    }

    private void check(Script.FunctionCall call, String numbers, int count) {
        for (String item : call.argument(1).split(",")) {
            String algorithm = item.strip();
            boolean known = algorithm.isEmpty()
                    || algorithm.matches("[0-8]")
                    || parameters.isKamailio() && algorithm.matches("9|1[0-5]") && isHere(algorithm)
                    || depends(algorithm);
            if (!known && !parameters.isKamailio() && algorithm.matches("9|10")) {
                caveats.add(
                        algorithm.equals("9")
                                ? "algorithm 9 needs a pvar_algo_pattern in the form of this program"
                                : "algorithm 10 needs an extension in place of the script's route");
            } else if (!known) {
                caveats.add("algorithm " + algorithm + " does not exist here, or depends on the script");
            } else if (Algorithm.of(algorithm) == Algorithm.HASH_PVAR && parameters.hashPvar.isEmpty()) {
                caveats.add("algorithm 7 needs a hash_pvar");
            }
        }
        boolean fits =
                call.argument(1).split(",", -1).length == 1 || call.argument(1).split(",", -1).length == count;
        boolean plain = numbers.matches("\\d{1,9}(,\\d{1,9})*") || depends(numbers);
        if (!fits || !plain) {
            caveats.add("sets " + numbers + " with algorithms " + call.argument(1) + " are not supported");
        }
        if (numbers.contains(SetFunctions.IN_SET)
                && (!numbers.equals(SetFunctions.IN_SET) || !partition.equals(parameters.defaultPartition))) {
            caveats.add("$ds(in-set) is one set, with its partition, " + parameters.defaultPartition);
        }
        if (!parameters.partitions.containsKey(partition)) {
            caveats.add("partition " + partition + " is not defined");
        }
        if (!parameters.isKamailio()
                && Stream.of(flags(call.argument(2)).split(",", -1))
                        .anyMatch(item -> SelectFlags.parse(item) == null && !depends(item))) {
            caveats.add("flags " + call.argument(2) + " are not supported");
        }
    }

    private static boolean isHere(String kamailios) {
        return Algorithm.ofKamailio(Integer.parseInt(kamailios)) != null;
    }

    /** Whether the text is evaluated for each request, with variables that exist here. */
    private static boolean depends(String text) {
        try {
            return text.contains("$") && !Template.parse("", text).isConstant();
        } catch (SettingException e) {
            return false;
        }
    }

    /** The content of the block. Leaves out flag F if no failure route would use the list. */
    String text() {
        boolean isDefault = partition.equals("default") || sets.contains(SetFunctions.IN_SET);
        StringBuilder text = new StringBuilder(
                "set = " + ConfWriter.quoted((isDefault ? "" : partition + ":") + String.join(",", sets)));
        if (parameters.isKamailio()) {
            text.append(", numbers = kamailio");
        }
        text.append(", alg = ").append(ConfWriter.quoted(once(algorithms)));
        List<String> kept =
                flags.stream().map(one -> failsOver ? one : without(one, "fF")).toList();
        if (kept.stream().anyMatch(one -> !one.isEmpty())) {
            text.append(", flags = ").append(ConfWriter.quoted(once(kept)));
        }
        if (!most.isEmpty()) {
            text.append(", max_results = ").append(most);
        }
        return text.toString();
    }

    private static String once(List<String> items) {
        if (items.stream().distinct().count() == 1) {
            return items.get(0);
        }
        StringJoiner all = new StringJoiner(",");
        items.forEach(all::add);
        return all.toString();
    }
}
