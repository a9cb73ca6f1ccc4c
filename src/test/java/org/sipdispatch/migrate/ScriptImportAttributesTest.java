package org.sipdispatch.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.sipdispatch.migrate.ScriptImport.Dialect;

/** The attributes of destinations, and the set of the sender. */
class ScriptImportAttributesTest {
    private static ScriptImport.Imported opensips(String modparams, String statements) {
        return ScriptImport.of(
                Dialect.OPENSIPS,
                "socket=udp:192.0.2.1:5060\nmodparam(\"dispatcher\", \"db_url\", \"mysql://u@db/opensips\")\n"
                        + modparams + "route { record_route(); " + statements + " }",
                name -> null,
                new ScriptImport.Options(null, true));
    }

    @Test
    void theSetOfTheSenderIsFollowedInTheDefaultPartitionThatTheScriptNames() {
        ScriptImport.Imported imported = opensips(
                "modparam(\"dispatcher\", \"partition\", \"trunks: table_name=t\")\n"
                        + "modparam(\"dispatcher\", \"partition\", \"default: trunks\")\n"
                        + "modparam(\"dispatcher\", \"setid_pvar\", \"$avp(set)\")\n",
                "if (!ds_is_in_list($si, $sp, , \"trunks\", 1, \"max=*\")) { send_reply(403, \"No\"); exit; }"
                        + " if (!ds_select_dst($avp(set), 4, \"FD\")) { send_reply(503, \"No\"); exit; } t_relay();");

        assertThat(imported.conf())
                .contains("in-set { set = \"trunks:any\", port = on, active = on, attrs = \"max=*\" }")
                .contains("\n      select { set = \"$ds(in-set)\", alg = \"4\"");
        assertThat(imported.isWhole()).isTrue();
    }

    @Test
    void theSetOfTheSenderInAnotherPartitionMakesAComment() {
        assertThat(opensips(
                                "modparam(\"dispatcher\", \"partition\", \"trunks: table_name=t\")\n"
                                        + "modparam(\"dispatcher\", \"setid_pvar\", \"$avp(set)\")\n",
                                "if (ds_is_in_list($si, $sp)) { ds_select_dst($avp(set), 4, \"\", \"trunks\"); t_relay(); }")
                        .conf())
                .contains("# ? $ds(in-set) is one set, with its partition, default");
    }

    @Test
    void attributesThatNoRuleTakesHaveTheirReplacementNamed() {
        String conf = opensips(
                        "modparam(\"dispatcher\", \"attrs_avp\", \"$avp(attrs)\")\n"
                                + "modparam(\"dispatcher\", \"script_attrs_avp\", \"$avp(sattrs)\")\n",
                        "ds_push_script_attrs(\"max=5\", $si, $sp, 1, \"default\"); ds_select_dst(1, 4); t_relay();")
                .conf();

        assertThat(conf)
                .contains("because a rule has $ds(attrs): headers { X-Attrs = \"$ds(attrs)\" }, or log")
                .contains("because a rule has $ds(script_attrs): headers {")
                .contains(
                        "\"1\", \"default\") at line 5, because a rule pushes attributes for the sender only: when { in-set")
                .doesNotContain("there is no script that could read it", "functions: ds_push_script_attrs");
    }
}
