package org.sipdispatch.app;

import java.util.Map;

/** The places of parameters of the dispatcher module of OpenSIPS that are not at the top here. */
final class ModuleParameterPlaces {
    private static final String INSIDE = "nothing; the node keeps the candidates of each request itself";
    private static final Map<String, String> OTHERS = Map.ofEntries(
            Map.entry("db_default_url", "partitions.default.db_url"),
            Map.entry("partition", "a block partitions.NAME { ... }"),
            Map.entry("fetch_freeswitch_stats", "freeswitch.fetch_freeswitch_stats"),
            Map.entry("max_freeswitch_weight", "freeswitch.max_freeswitch_weight"),
            Map.entry("setid_pvar", "nothing; $ds(in-set) is the set in which when.in-set of a rule finds the sender"),
            Map.entry("attrs_avp", "$ds(attrs) in headers or log of a rule"),
            Map.entry("script_attrs_avp", "$ds(script_attrs) in headers or log of a rule"),
            Map.entry("dst_avp", INSIDE),
            Map.entry("grp_avp", INSIDE),
            Map.entry("cnt_avp", INSIDE),
            Map.entry("sock_avp", INSIDE),
            Map.entry("cluster_id", "cluster.name and cluster.seed-nodes"),
            Map.entry("cluster_sharing_tag", "nothing; the cluster chooses one node that pings a destination"),
            Map.entry("cluster_probing_mode", "nothing; the pings are always distributed over the cluster"),
            Map.entry("use_default", "flags = D in select of a rule"),
            Map.entry("force_dst", "flags = S in select of a rule for force_dst = 0, and none for 1"),
            Map.entry("flags", "flags in select of a rule: U for 1, F for 2, FU for 3"));

    private ModuleParameterPlaces() {}

    /** What to write instead of this key at the top; null if it is none of these. */
    static String place(String key) {
        if (key.matches("db_url|db_user|db_password|table_name|persistent_state"
                + "|(setid|destination|socket|state|weight|priority|attrs|description|probe_mode)_col")) {
            return "partitions.default." + key;
        }
        return key.matches("ds_(ping|prob).*|options_reply_codes") ? "probing." + key : OTHERS.get(key);
    }
}
