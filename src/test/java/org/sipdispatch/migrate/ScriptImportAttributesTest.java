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
                        "ds_push_script_attrs(\"max=5\", \"10.0.0.1\", 5060, 1, \"default\"); ds_select_dst(1, 4); t_relay();")
                .conf();

        assertThat(conf)
                .contains("because a rule has $ds(attrs): headers { X-Attrs = \"$ds(attrs)\" }, or log")
                .contains("because a rule has $ds(script_attrs): headers {")
                .contains(
                        "\"1\", \"default\") at line 5, because a rule pushes attributes for the sender only: when { in-set")
                .doesNotContain("there is no script that could read it", "functions: ds_push_script_attrs");
    }

    @Test
    void attributesThatArePushedForTheSenderArePushedByARule() {
        ScriptImport.Imported imported =
                opensips("", "ds_push_script_attrs(\"max=$hdr(X-Max)\", $si, $sp, 1); ds_select_dst(2, 4); t_relay();");

        assertThat(imported.conf()).contains("""
                    {
                      when   { in-set { set = "1", port = on } }
                      select { set = "2", alg = "4" }
                      push-attrs = "max=$hdr(X-Max)"
                    }
                    {
                      select { set = "2", alg = "4" }
                    }
                """).doesNotContain("ds_push_script_attrs");
        assertThat(imported.isWhole()).isTrue();
    }

    @Test
    void theConditionBeforeThePushMayBeThatOfTheRule() {
        ScriptImport.Imported imported = opensips(
                "",
                "if (ds_is_in_list($si, 0, 1)) { ds_push_script_attrs(\"busy\", $si, 0, 1); send_reply(486, \"Busy\");"
                        + " exit; } ds_select_dst(2, 4); t_relay();");

        assertThat(imported.conf()).contains("""
                    {
                      when   { in-set = "1" }
                      reply  { code = 486, reason = "Busy" }
                      push-attrs = "busy"
                    }
                    {
                      select { set = "2", alg = "4" }
                    }
                """);
        assertThat(imported.isWhole()).isTrue();
    }

    @Test
    void aPushThatWouldMakeARuleACommentIsNamed() {
        for (String push : new String[] {
            "if ($rb =~ \"load\") ds_push_script_attrs(\"a=1\", $si, $sp, 1);",
            "ds_push_script_attrs(\"a=$var(x)\", $si, $sp, 1);",
            "if (ds_is_in_list($si, 0, 2)) ds_push_script_attrs(\"a=1\", $si, $sp, 1);"
        }) {
            assertThat(opensips("", push + " ds_select_dst(2, 4); t_relay();").conf())
                    .as(push)
                    .contains("    {\n      select { set = \"2\", alg = \"4\" }")
                    .contains("because a rule pushes attributes for the sender only");
        }
    }

    @Test
    void variablesOfTheDialogModuleAreNamed() {
        assertThat(opensips("", "$DLG_timeout = 60; $dlg_ctx(timeout) = 9; ds_select_dst(2, 4); t_relay();")
                        .conf())
                .contains("# not carried over: $DLG_timeout = 60 at line 3, because there is no dialog module")
                .contains("# not carried over: $dlg_ctx(timeout) = 9 at line 3, because there is no dialog module");
    }
}
