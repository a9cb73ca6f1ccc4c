package org.sipdispatch.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.migrate.ScriptImport.Dialect;

/** A selection for requests within dialogs applies here as in the script, or is a comment. */
class ScriptImportDialogTest {
    private static final String SELECT =
            "{ if (!ds_select_dst(\"1\", \"0\")) { sl_send_reply(\"404\", \"Not here\"); exit; }"
                    + " t_relay(); exit; }";

    private static final String WITHIN_DIALOG =
            " route[WITHINDLG] { if (!has_totag()) return; if (loose_route()) { t_relay(); exit; }"
                    + " if (is_method(\"ACK\")) { if (t_check_trans()) t_relay(); exit; }"
                    + " sl_send_reply(\"404\", \"Not here\"); exit; }";

    private static ScriptImport.Imported routing(String statements) {
        return ScriptImport.of(
                Dialect.KAMAILIO,
                "listen=udp:192.0.2.1:5060\nrequest_route { " + statements
                        + " record_route(); if (!ds_select_dst(\"2\", \"0\")) { sl_send_reply(\"503\", \"No\"); exit; } t_relay(); }"
                        + (statements.contains("WITHINDLG") ? WITHIN_DIALOG : ""),
                name -> null,
                new ScriptImport.Options("/etc/list", true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if (has_totag()) { if (loose_route()) { t_relay(); exit; }"
                        + " if (is_method(\"ACK\")) { if (t_check_trans()) { t_relay(); } exit; } " + SELECT + " }",
                "if (loose_route()) { t_relay(); exit; } if (has_totag()) " + SELECT,
                "if (has_totag()) { if (!loose_route()) " + SELECT + " t_relay(); exit; }"
            })
    void aSelectionForDialogsWithoutAValidRouteIsSwitchedOn(String statements) {
        ScriptImport.Imported imported = routing(statements);

        assertThat(imported.conf())
                .contains("    {\n      when   { to-tag = on }\n      select { set = \"1\"")
                .contains("\n  relay.unknown-dialog = dispatch\n")
                .doesNotContain("unfinished =");
        assertThat(imported.isWhole()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if (has_totag()) " + SELECT,
                "if (is_method(\"INVITE\") && has_totag()) " + SELECT,
                "if (has_totag() && is_method(\"INVITE\")) " + SELECT
            })
    void aSelectionForAllDialogsIsAComment(String statements) {
        ScriptImport.Imported imported = routing(statements);

        assertThat(imported.conf())
                .contains(
                        "    # ? the script does this to requests within dialogs without loose_route() before;"
                                + " here they follow their dialog\n",
                        "    #   select { set = \"1\"",
                        "unfinished = [")
                .doesNotContain("unknown-dialog", "no path through the script", "\n      when   { to-tag = on");
        assertThat(imported.isWhole()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if (has_totag()) { if (loose_route()) { t_relay(); exit; } NOT_HERE }",
                "if (has_totag()) { if (is_method(\"ACK\") && t_check_trans()) { t_relay(); exit; }"
                        + " if (!loose_route()) { NOT_HERE } t_relay(); exit; }",
                "route(WITHINDLG);"
            })
    void aReplyToRequestsOfUnknownDialogsIsARule(String statements) {
        ScriptImport.Imported imported =
                routing(statements.replace("NOT_HERE", "sl_send_reply(\"404\", \"Not here\"); exit;"));

        assertThat(imported.conf())
                .contains(
                        "  rules = [\n    {\n      when   { to-tag = on }\n"
                                + "      reply  { code = 404, reason = \"Not here\" }\n    }\n    {\n      select { set = \"2\"")
                .contains("\n  relay.unknown-dialog = dispatch\n")
                .doesNotContain("not needed here", "unfinished =");
        assertThat(imported.isWhole()).isTrue();
    }

    @Test
    void aScriptThatOnlyFollowsDialogsKeepsTheDefault() {
        ScriptImport.Imported imported = routing("if (has_totag()) { loose_route(); t_relay(); exit; }");

        assertThat(imported.conf()).doesNotContain("to-tag", "unknown-dialog");
        assertThat(imported.isWhole()).isTrue();
    }
}
