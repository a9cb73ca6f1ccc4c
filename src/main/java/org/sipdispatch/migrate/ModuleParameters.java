package org.sipdispatch.migrate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.sipdispatch.routing.Template;
import org.sipdispatch.settings.BadSetting;

/** The parameters of the dispatcher module, and those of tm that matter. */
final class ModuleParameters {
    private static final String INSIDE = "candidates are kept inside";
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
            Map.entry("dst_avp", INSIDE),
            Map.entry("grp_avp", INSIDE),
            Map.entry("cnt_avp", INSIDE),
            Map.entry("sock_avp", INSIDE),
            Map.entry("attrs_avp", "there is no script that could read it"),
            Map.entry("script_attrs_avp", "there is no script that could read it; attrs are pushed over HTTP"),
            Map.entry("setid_pvar", "there is no script that could read it"),
            Map.entry("pvar_algo_pattern", "algorithm 9 does not exist here"),
            Map.entry("algo_route", "algorithm 10 does not exist here"),
            Map.entry("fetch_freeswitch_stats", "weights are not read from FreeSWITCH"),
            Map.entry("max_freeswitch_weight", "weights are not read from FreeSWITCH"),
            Map.entry("cluster_id", "nodes meet otherwise: cluster { seed-nodes = [ ... ] }"),
            Map.entry("cluster_sharing_tag", "each destination has one node that probes it by itself"),
            Map.entry("cluster_probing_mode", "each destination has one node that probes it by itself"),
            Map.entry("ds_define_blacklist", "there are no blacklists"),
            Map.entry("flags", "flags belong to each selection: select { flags = \"F\" }"),
            Map.entry("force_dst", "flag S of a selection refuses where a Route is set"),
            Map.entry("use_default", "flags belong to each selection: select { flags = \"D\" }"));

    final Map<String, Map<String, String>> partitions = new LinkedHashMap<>();
    final Map<String, String> probing = new LinkedHashMap<>();
    final Map<String, String> relayDefaults = new LinkedHashMap<>();
    /** The partition that a selection means without saying one. */
    String defaultPartition = "default";

    String hashPvar = "";
    String database = "";
    private final Conf conf;
    private final SocketLines sockets;

    ModuleParameters(Conf conf, SocketLines sockets) {
        this.conf = conf;
        this.sockets = sockets;
        partitions.put("default", new LinkedHashMap<>());
    }

    void take(ScriptCalls.Call call) {
        String module = call.argument(0);
        String name = call.argument(1);
        String value = call.argument(2);
        if (module.matches("(?i)(.*\\|)?tm(\\|.*)?") && name.matches("fr_timeout|fr_inv_timeout")) {
            number(relayDefaults, name, value, 1, 3600, "s");
        } else if (module.matches("(.*\\|)?dispatcher(\\|.*)?")) {
            dispatcher(name, value, "modparam(\"dispatcher\", \"" + name + "\", \"" + value + "\")");
        }
    }

    private void dispatcher(String name, String value, String written) {
        if (PARTITION_TEXTS.contains(name)) {
            column(partitions.get("default"), name, value, written);
        } else if (name.equals("db_url")) {
            database = value;
        } else if (name.equals("persistent_state")) {
            partitions.get("default").put(name, isOn(value) ? "on" : "off");
        } else if (name.equals("partition")) {
            partition(value, written);
        } else if (name.equals("hash_pvar")) {
            hash(value, written);
        } else if (name.startsWith("ds_p") || name.equals("options_reply_codes")) {
            probing(name, value, written);
        } else {
            conf.notCarried(written, WHY.getOrDefault(name, "there is no such parameter here"));
        }
    }

    private static boolean isOn(String value) {
        return !value.matches("(?i)0|no|off|false|n");
    }

    private void column(Map<String, String> block, String name, String value, String written) {
        if (value.matches("[A-Za-z0-9_$]+(\\.[A-Za-z0-9_$]+){0,2}")) {
            block.put(name, Conf.quoted(value));
        } else {
            conf.notCarried(written, "names are of letters, digits, _ and $");
        }
    }

    private void hash(String value, String written) {
        try {
            Template.parse("hash_pvar", value);
            hashPvar = value;
        } catch (BadSetting e) {
            conf.notCarried(written, e.getMessage());
        }
    }

    /** {@code trunks: db_url=...; table_name=...}, or {@code default: trunks}. */
    private void partition(String value, String written) {
        int colon = value.indexOf(':');
        boolean named = colon > 0 && !value.startsWith("://", colon);
        String name = named ? value.substring(0, colon).strip() : "default";
        String rest = (named ? value.substring(colon + 1) : value).strip();
        if (name.equals("default") && rest.matches("[\\w.-]+")) {
            defaultPartition = rest;
            partitions.computeIfAbsent(rest, unused -> new LinkedHashMap<>());
            return;
        }
        if (!name.matches("[\\w.-]+")) {
            conf.notCarried(written, "a partition's name is of letters, digits, _, - and .");
            return;
        }
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
        if (name.equals("db_url") && !Conf.isDatabase(value)) {
            conf.notCarried(written, "only MariaDB, MySQL, PostgreSQL and H2 are read");
        } else if (name.equals("db_url")) {
            block.put(name, value);
        } else if (name.equals("table_name")) {
            column(block, name, value, written);
        } else if (name.equals("persistent_state")) {
            block.put(name, isOn(value) ? "on" : "off");
        } else if (name.startsWith("ping_")) {
            conf.notCarried(written, "pings differ by destination, in its attrs, not by partition");
        } else {
            conf.notCarried(written, WHY.getOrDefault(name, "there is no such property here"));
        }
    }

    private void probing(String name, String value, String written) {
        switch (name) {
            case "ds_ping_interval" -> number(probing, name, value, 0, 86_400, "s");
            case "ds_ping_maxfwd" -> number(probing, name, value, -1, 255, "");
            case "ds_probing_threshhold", "ds_probing_threshold" -> {
                probing.remove("ds_probing_threshhold");
                number(probing, "ds_probing_threshold", value, 1, 1000, "");
            }
            case "ds_probing_mode" -> probing.put(name, value.equals("1") ? "1" : "0");
            case "ds_ping_method" ->
                matching(
                        name,
                        value,
                        "(?!(?i:INVITE|ACK|CANCEL)$)[A-Za-z0-9.!%*_+`'~-]+",
                        "no such method pings",
                        written);
            case "ds_ping_from" -> matching(name, value, "(?i)sips?:[\\x21-\\x7e]+", "it is no SIP URI", written);
            case "ds_probing_list" -> matching(name, value, "[\\d,\\s]+", "it is no list of sets", written);
            case "options_reply_codes" ->
                matching(
                        name,
                        value,
                        "\\s*[2-6]\\d\\d(\\s*,\\s*[2-6]\\d\\d)*\\s*",
                        "final codes from 200 to 699 can show life",
                        written);
            case "ds_probing_sock" -> {
                if (sockets.knows(value)) {
                    probing.put(name, Conf.quoted(value));
                } else {
                    conf.notCarried(written, "it is none of the sockets above");
                }
            }
            default -> conf.notCarried(written, "there is no such parameter here");
        }
    }

    private void matching(String name, String value, String pattern, String why, String written) {
        if (value.matches(pattern)) {
            probing.put(name, Conf.quoted(value));
        } else {
            conf.notCarried(written, why);
        }
    }

    private void number(Map<String, String> block, String name, String value, int least, int most, String unit) {
        boolean fits = value.matches("-?\\d{1,8}")
                && Integer.parseInt(value) <= most
                && (Integer.parseInt(value) >= least || least <= 0);
        if (fits) {
            block.put(name, Math.max(least, Integer.parseInt(value)) + unit);
        } else {
            conf.notCarried(name + " = " + value, "a whole number from " + least + " to " + most + " is expected");
        }
    }
}
