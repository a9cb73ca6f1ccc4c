package org.sipdispatch.migrate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.sipdispatch.migrate.ImportReport.Item;
import org.sipdispatch.routing.Template;
import org.sipdispatch.settings.SettingException;

/** Converts module parameters to settings. */
final class ModuleParameters {
    private static final String INSIDE = "candidates are kept inside";
    /** Variables of the other proxy for the candidates of a selection. */
    private static final String CANDIDATES =
            "dst_avp|grp_avp|cnt_avp|sock_avp|xavp_dst|xavp_ctx|xavp_dst_mode|xavp_ctx_mode";

    private static final int LARGEST_WEIGHT = 65_535;
    private static final String DEFAULT_WAIT = "30s";
    private static final String DEFAULT_RING = "120s";
    private static final Set<String> PARTITION_TEXTS = Set.of(
            "table_name",
            "setid_col",
            "destination_col",
            "socket_col",
            "state_col",
            "weight_col",
            "priority_col",
            "attrs_col",
            "description_col",
            "probe_mode_col");
    private static final Map<String, String> WHY = Map.ofEntries(
            Map.entry("attrs_avp", "a rule has $ds(attrs): headers { X-Attrs = \"$ds(attrs)\" }, or log"),
            Map.entry(
                    "script_attrs_avp",
                    "a rule has $ds(script_attrs): headers { X-Attrs = \"$ds(script_attrs)\" }, or log"),
            Map.entry(
                    "pvar_algo_pattern", "figures are measured or pushed here: $stat(in_flight:%u), $figure(NAME:%u)"),
            Map.entry("algo_route", "there is no script; a jar in extensions can provide the algorithm"),
            Map.entry("cluster_id", "nodes join through cluster { seed-nodes = [ ... ] }"),
            Map.entry("cluster_sharing_tag", "each destination is probed by one node"),
            Map.entry("cluster_probing_mode", "each destination is probed by one node"),
            Map.entry("flags", "flags belong to each selection: select { flags = \"F\" }"),
            Map.entry("force_dst", "flag S of a selection refuses where a Route is set"),
            Map.entry("use_default", "flags belong to each selection: select { flags = \"D\" }"));

    /** The properties of a partition for pings, and the parameters with the same values for all partitions. */
    private static final Map<String, String> PINGS = Map.of(
            "ping_method", "ds_ping_method",
            "ping_from", "ds_ping_from",
            "ping_sock", "ds_probing_sock");

    final Map<String, Map<String, String>> partitions = new LinkedHashMap<>();
    final Map<String, String> probing = new LinkedHashMap<>();
    final Map<String, String> freeswitch = new LinkedHashMap<>();
    final Map<String, String> relayDefaults = new LinkedHashMap<>();
    /** The sets of each blacklist, by name. */
    final Map<String, String> blacklists = new LinkedHashMap<>();
    /** The partition of a selection that names none. */
    String defaultPartition = "default";

    String hashPvar = "";
    /** The variable that gets the set of the sender; empty for none. */
    String setidPvar = "";

    String database = "";
    /** Kamailio's {@code list_file}; empty for none. */
    String listFile = "";

    private final ImportReport report;
    private final SocketLines sockets;
    private final KamailioParameters kamailio;
    /** The number of times that each unsupported parameter is set, by module. */
    private final Map<String, Map<String, Integer>> others = new LinkedHashMap<>();

    ModuleParameters(ImportReport report, SocketLines sockets, boolean kamailio) {
        this.report = report;
        this.sockets = sockets;
        this.kamailio = kamailio ? new KamailioParameters(this) : null;
        partitions.put("default", new LinkedHashMap<>());
    }

    boolean isKamailio() {
        return kamailio != null;
    }

    /** Kamailio's flags for all selections, as flags of OpenSIPS. */
    String kamailioFlags() {
        return kamailio.flags();
    }

    void take(Script.FunctionCall call) {
        String module = call.argument(0).replaceFirst("\\.so$", "");
        String name = call.argument(1);
        String value = call.argument(2);
        String written = "modparam(\"" + module + "\", \"" + name + "\", \"" + value + "\") at " + call.place();
        if (isOfEnvironment(call)) {
            report.left(Item.MODPARAM, written, "its value is in the environment of the other proxy");
        } else if (module.matches("(.*\\|)?tm(\\|.*)?")) {
            tm(name, value, written);
        } else if (module.matches("(.*\\|)?dispatcher(\\|.*)?")) {
            dispatcher(name, value, written);
        } else if (module.equals("rr") && name.matches("enable_full_lr|append_fromtag|enable_double_rr")) {
            report.unneeded(Item.MODPARAM, written, "Record-Route is written as user agents need it");
        } else {
            others.computeIfAbsent(module, unused -> new LinkedHashMap<>()).merge(name, 1, Integer::sum);
            report.left(Item.MODPARAM);
        }
    }

    /** Whether the value of a parameter is in the environment. */
    static boolean isOfEnvironment(Script.FunctionCall modparam) {
        return modparam.argument(2).contains("$env(");
    }

    /** Reports the parameters of modules that have no counterpart here. */
    void nameOthers() {
        others.forEach((module, counts) -> {
            String names = counts.entrySet().stream()
                    .map(one -> one.getKey() + (one.getValue() == 1 ? "" : " (" + one.getValue() + " times)"))
                    .collect(Collectors.joining(", "));
            report.note(
                    "modparams of " + module + ": " + names,
                    module.equals("xlog")
                            ? "lines of the log come from the key log of a rule"
                            : "nothing here does what that module does");
        });
    }

    private void tm(String name, String value, String written) {
        String ours = name.replace("_timer", "_timeout");
        boolean milliseconds = isKamailio();
        if (ours.matches("fr_timeout|fr_inv_timeout")) {
            String duration = timer(value, milliseconds ? 1 : 1000);
            if (duration != null) {
                relayDefaults.put(ours, duration);
                report.carried(Item.MODPARAM);
            } else {
                report.left(Item.MODPARAM, written, "times are 100 ms to one hour");
            }
        } else if (name.matches("onreply_avp_mode|failure_reply_mode|auto_inv_100|pass_provisional_replies")
                || name.matches("T1_timer|retr_timer1") && value.equals("500")
                || name.matches("T2_timer|retr_timer2") && value.equals("4000")) {
            report.unneeded(Item.MODPARAM, written, "it is the default here");
        } else {
            report.left(Item.MODPARAM, written, "there is no such setting");
        }
    }

    /** A timer of a transaction as a duration; null if it is not a number from 100 ms to one hour. */
    static String timer(String value, int unitMs) {
        long ms = value.matches("\\d{1,7}") ? Long.parseLong(value) * unitMs : 0;
        return ms < 100 || ms > 3_600_000 ? null : ms % 1000 == 0 ? ms / 1000 + "s" : ms + "ms";
    }

    void addKamailioDefaults() {
        kamailio.addDefaults();
    }

    /** Adds the defaults of module tm for values that the script does not set. */
    void addDefaults() {
        relayDefaults.putIfAbsent("fr_timeout", DEFAULT_WAIT);
        relayDefaults.putIfAbsent("fr_inv_timeout", DEFAULT_RING);
    }

    private void dispatcher(String name, String value, String written) {
        if (name.matches(CANDIDATES)) {
            report.unneeded(Item.MODPARAM, written, INSIDE);
        } else if (isKamailio() && kamailio.take(name, value, written)) {
            return;
        } else if (PARTITION_TEXTS.contains(name) && !isKamailio()) {
            column(Item.MODPARAM, partitions.get("default"), name, value, written);
        } else if (name.equals("db_url") && !isKamailio()) {
            database = value;
            if (ConfWriter.isDatabase(value)) {
                report.carried(Item.MODPARAM);
            } else {
                report.left(Item.MODPARAM, written, "only MariaDB, MySQL, PostgreSQL and H2 are read");
            }
        } else if (name.equals("persistent_state")) {
            partitions.get("default").put(name, isOn(value) ? "on" : "off");
            report.carried(Item.MODPARAM);
        } else if (name.equals("fetch_freeswitch_stats") && !isKamailio()) {
            freeswitch.put(name, isOn(value) ? "on" : "off");
            report.carried(Item.MODPARAM);
        } else if (name.equals("max_freeswitch_weight") && !isKamailio()) {
            number(freeswitch, name, value, 1, LARGEST_WEIGHT, "");
        } else if (name.equals("partition")) {
            partition(value, written);
        } else if (name.equals("hash_pvar")) {
            hash(value, written);
        } else if (name.equals("setid_pvar") && !isKamailio()) {
            setidPvar = value;
            report.unneeded(Item.MODPARAM, written, "$ds(in-set) is the set in which in-set found the sender");
        } else if (name.equals("ds_define_blacklist") && !isKamailio()) {
            blacklist(Item.MODPARAM, "", value, written);
        } else if (name.startsWith("ds_p") || name.equals("options_reply_codes")) {
            probing(name, value, written);
        } else {
            unknown(name, written);
        }
    }

    private void unknown(String name, String written) {
        left(written, WHY.getOrDefault(name, "there is no such parameter here"));
    }

    void left(String written, String why) {
        report.left(Item.MODPARAM, written, why);
    }

    /** Names a part of a parameter. */
    void note(String what, String why) {
        report.note(what, why);
    }

    void unneeded(String written, String why) {
        report.unneeded(Item.MODPARAM, written, why);
    }

    void carried() {
        report.carried(Item.MODPARAM);
    }

    private static boolean isOn(String value) {
        return !value.matches("(?i)0|no|off|false|n");
    }

    private void column(Item item, Map<String, String> block, String name, String value, String written) {
        if (value.matches("[A-Za-z0-9_$]+(\\.[A-Za-z0-9_$]+){0,2}")) {
            block.put(name, ConfWriter.quoted(value));
            report.carried(item);
        } else {
            report.left(item, written, "names consist of letters, digits, _ and $");
        }
    }

    private void blacklist(Item item, String partition, String value, String written) {
        if (value.matches("\\s*[\\w.-]+\\s*=\\s*\\d{1,9}(\\s*,\\s*\\d{1,9}){0,31}\\s*")) {
            String[] nameAndSets = value.split("=");
            blacklists.put(
                    ConfWriter.quoted(nameAndSets[0].strip()),
                    ConfWriter.quoted(partition + nameAndSets[1].replaceAll("\\s", "")));
            report.carried(item);
        } else {
            report.left(item, written, "a name and set numbers are expected: name = 1,4,3");
        }
    }

    private void hash(String value, String written) {
        try {
            Template.parse("hash_pvar", value);
            hashPvar = value;
            carried();
        } catch (SettingException e) {
            left(written, e.getMessage());
        }
    }

    /** Reads {@code trunks: db_url=...; table_name=...}, or {@code default: trunks}. */
    private void partition(String value, String written) {
        int colon = value.indexOf(':');
        boolean named = colon > 0 && !value.startsWith("://", colon);
        String name = named ? value.substring(0, colon).strip() : "default";
        String rest = (named ? value.substring(colon + 1) : value).strip();
        if (name.equals("default") && rest.matches("[\\w.-]+")) {
            defaultPartition = rest;
            partitions.computeIfAbsent(rest, unused -> new LinkedHashMap<>());
            carried();
            return;
        }
        if (!name.matches("[\\w.-]+")) {
            left(written, "a partition's name consists of letters, digits, _, - and .");
            return;
        }
        carried();
        Map<String, String> block = partitions.computeIfAbsent(name, unused -> new LinkedHashMap<>());
        for (String property : rest.split(";")) {
            int equals = property.indexOf('=');
            if (equals > 0) {
                property(
                        name,
                        block,
                        property.substring(0, equals).strip(),
                        property.substring(equals + 1).strip());
            }
        }
    }

    private void property(String partition, Map<String, String> block, String name, String value) {
        String written = "partition " + partition + ": " + name + " = " + value;
        String reason = PINGS.containsKey(name) ? refusal(PINGS.get(name), value) : null;
        if (name.matches(CANDIDATES)) {
            report.unneeded(Item.PROPERTY, written, INSIDE);
        } else if (name.equals("db_url") && !ConfWriter.isDatabase(value)) {
            report.left(Item.PROPERTY, written, "only MariaDB, MySQL, PostgreSQL and H2 are read");
        } else if (name.equals("table_name")) {
            column(Item.PROPERTY, block, name, value, written);
        } else if (name.equals("ds_define_blacklist")) {
            blacklist(Item.PROPERTY, partition + ":", value, written);
        } else if (reason != null) {
            report.left(Item.PROPERTY, written, reason);
        } else if (name.matches("db_url|persistent_state") || PINGS.containsKey(name)) {
            block.put(
                    name,
                    name.equals("persistent_state")
                            ? isOn(value) ? "on" : "off"
                            : name.equals("db_url") ? value : ConfWriter.quoted(value));
            report.carried(Item.PROPERTY);
        } else {
            report.left(Item.PROPERTY, written, WHY.getOrDefault(name, "there is no such property here"));
        }
    }

    void probing(String name, String value, String written) {
        switch (name) {
            case "ds_ping_interval" -> number(probing, name, value, 0, 86_400, "s");
            case "ds_ping_maxfwd" -> number(probing, name, value, -1, 255, "");
            case "ds_probing_threshhold", "ds_probing_threshold" -> {
                probing.remove("ds_probing_threshhold");
                number(probing, "ds_probing_threshold", value, 1, 1000, "");
            }
            case "ds_probing_mode" -> {
                probing.put(name, value.equals("1") ? "1" : "0");
                carried();
            }
            case "ds_ping_method", "ds_ping_from", "ds_probing_sock" -> {
                String reason = refusal(name, value);
                if (reason == null) {
                    probing.put(name, ConfWriter.quoted(value));
                    carried();
                } else {
                    left(written, reason);
                }
            }
            case "ds_probing_list" -> matching(name, value, "[\\d,\\s]+", "it is not a list of sets", written);
            case "options_reply_codes" ->
                matching(
                        name,
                        value,
                        "\\s*[2-6]\\d\\d(\\s*,\\s*[2-6]\\d\\d)*\\s*",
                        "only final codes from 200 to 699 count as a response",
                        written);
            default -> unknown(name, written);
        }
    }

    /** Why the value of a parameter for pings cannot be used; null if it can. */
    private String refusal(String parameter, String value) {
        return switch (parameter) {
            case "ds_ping_method" ->
                value.matches("(?!(?i:INVITE|ACK|CANCEL)$)[A-Za-z0-9.!%*_+`'~-]+")
                        ? null
                        : "this method cannot be used for pings";
            case "ds_ping_from" -> value.matches("(?i)sips?:[\\x21-\\x7e]+") ? null : "it is not a SIP URI";
            default -> sockets.knows(value) ? null : "it is not one of the sockets above";
        };
    }

    void matching(String name, String value, String pattern, String why, String written) {
        if (value.matches(pattern)) {
            probing.put(name, ConfWriter.quoted(value));
            carried();
        } else {
            left(written, why);
        }
    }

    void number(Map<String, String> block, String name, String value, int least, int most, String unit) {
        boolean fits = value.matches("-?\\d{1,8}")
                && Integer.parseInt(value) <= most
                && (Integer.parseInt(value) >= least || least <= 0);
        if (fits) {
            block.put(name, Math.max(least, Integer.parseInt(value)) + unit);
            carried();
        } else {
            left(name + " = " + value, "a whole number from " + least + " to " + most + " is expected");
        }
    }
}
