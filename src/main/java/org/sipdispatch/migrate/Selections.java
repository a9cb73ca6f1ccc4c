package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.sipdispatch.sets.Algorithm;
import org.sipdispatch.sets.SelectFlags;

/** What a script selects, as rules: a real one where it is one that never differs, else a sketch in comments. */
final class Selections {
    /** Real if nothing in it depends on the request and all of it is known here. */
    private record Select(String text, boolean failsOver, boolean isReal) {}

    private final Conf conf;
    private final ModuleParameters parameters;
    private final List<ScriptCalls.Call> calls;

    Selections(Conf conf, ModuleParameters parameters, List<ScriptCalls.Call> calls) {
        this.conf = conf;
        this.parameters = parameters;
        this.calls = calls;
    }

    void write() {
        Set<String> others = calls.stream()
                .map(ScriptCalls.Call::name)
                .filter(name -> name.startsWith("ds_"))
                .filter(name -> !name.matches("ds_select_(dst|domain)|ds_next_(dst|domain)|ds_mark_dst"))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        others.forEach(name -> conf.notCarried(name + "()", "there is no script; see the page Migrating"));
        Set<String> sketches = new LinkedHashSet<>();
        List<Select> all = new ArrayList<>();
        calls.stream().filter(call -> call.name().startsWith("ds_select_")).forEach(call -> {
            Select select = select(call);
            if (sketches.add(rule(call, select))) {
                all.add(select);
            }
        });
        boolean real = all.size() == 1 && all.get(0).isReal;
        conf.line("");
        conf.line("  rules = [");
        if (!real) {
            conf.line("    # What the script selects. When each of them holds the script says: when { ... }");
        }
        for (String sketch : sketches) {
            sketch.lines().forEach(line -> conf.line(real ? line : "    # " + line.substring(4)));
        }
        if (!real) {
            conf.line("    { reply { code = 503, reason = \"Rules To Be Written\" } }");
        }
        conf.line("  ]");
    }

    private String rule(ScriptCalls.Call call, Select select) {
        List<String> relay = new ArrayList<>();
        if (call.name().equals("ds_select_domain")) {
            relay.add("rewrite = domain");
        }
        boolean stateful = calls.stream().anyMatch(one -> one.name().equals("t_relay"));
        if (!stateful && calls.stream().anyMatch(one -> one.name().equals("forward"))) {
            relay.add("mode = stateless");
        } else if (select.failsOver && calls.stream().anyMatch(one -> one.name().startsWith("ds_next_"))) {
            relay.add("failover = \"408,5xx,6xx\", stop = \"\"");
        }
        if (calls.stream()
                .anyMatch(one -> one.name().equals("ds_mark_dst")
                        && one.arguments().stream().anyMatch(a -> a.matches("[pP2]")))) {
            relay.add("mark = probing");
        }
        return "    {\n      select { " + select.text + " }\n"
                + (relay.isEmpty() ? "" : "      relay  { " + String.join(", ", relay) + " }\n") + "    }";
    }

    private Select select(ScriptCalls.Call call) {
        String sets = call.argument(0).replaceAll("\\s+", "");
        String algorithms = call.argument(1).replaceAll("\\s+", "");
        if (sets.matches("[\\d,]+") && !call.argument(3).isEmpty()) {
            sets = call.argument(3).strip() + ":" + sets;
        } else if (sets.matches("[\\d,]+") && !parameters.defaultPartition.equals("default")) {
            sets = parameters.defaultPartition + ":" + sets;
        }
        String flags = flags(call);
        StringBuilder text = new StringBuilder("set = " + Conf.quoted(sets));
        if (!algorithms.isEmpty()) {
            text.append(", alg = ").append(Conf.quoted(algorithms));
        }
        if (!flags.isEmpty()) {
            text.append(", flags = ").append(Conf.quoted(flags));
        }
        if (call.argument(4).matches("[1-9]\\d{0,2}")) {
            text.append(", max_results = ").append(call.argument(4));
        }
        return new Select(
                text.toString(), flags.toUpperCase(Locale.ROOT).contains("F"), isReal(call, sets, algorithms, flags));
    }

    private boolean isReal(ScriptCalls.Call call, String sets, String algorithms, String flags) {
        int colon = sets.indexOf(':');
        String[] numbers = sets.substring(colon + 1).split(",", -1);
        String[] wanted = algorithms.isEmpty() ? new String[] {"0"} : algorithms.split(",", -1);
        String[] flagItems = flags.split(",", -1);
        boolean known = true;
        for (String algorithm : wanted) {
            Algorithm found = algorithm.matches("\\d") ? Algorithm.of(algorithm) : null;
            boolean hashes = found == Algorithm.HASH_PVAR && parameters.hashPvar.isEmpty();
            if (found == null || hashes) {
                conf.notCarried(
                        call.written(),
                        hashes
                                ? "algorithm 7 needs a hash_pvar"
                                : "algorithm " + algorithm + " does not exist here, or depends on the request");
                known = false;
            }
        }
        return known
                && Arrays.stream(numbers).allMatch(number -> number.matches("\\d{1,9}"))
                && parameters.partitions.containsKey(colon < 0 ? "default" : sets.substring(0, colon))
                && (wanted.length == 1 || wanted.length == numbers.length)
                && (flagItems.length == 1 || flagItems.length == numbers.length)
                && Arrays.stream(flagItems).allMatch(item -> SelectFlags.parse(item) != null);
    }

    /** Without what does not exist here: a (append), and numbers without M. */
    private String flags(ScriptCalls.Call call) {
        String written = call.argument(2);
        if (written.contains("$")) {
            return written;
        }
        String kept = Arrays.stream(written.split(","))
                .map(String::strip)
                .map(item ->
                        item.matches("\\d+") ? "" : item.replaceAll("[aA]", "").strip())
                .collect(Collectors.joining(","));
        if (!kept.replaceAll("\\s", "").equals(written.replaceAll("\\s", ""))) {
            conf.notCarried(
                    "flags \"" + written + "\" of " + call.name(),
                    "several sets stand in one selection in place of a, and a number needs M and F");
        }
        return kept.matches(",*") ? "" : kept;
    }
}
