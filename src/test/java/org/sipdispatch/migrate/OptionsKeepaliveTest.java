package org.sipdispatch.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.migrate.ScriptImport.Dialect;

/** The script's answer to OPTIONS, compared with the one that the node gives on its own. */
class OptionsKeepaliveTest {
    private static final String OPTIONS = "is_method(\"OPTIONS\")";

    private static ScriptImport.Imported routing(String keepalive, String routes) {
        return ScriptImport.of(
                Dialect.OPENSIPS,
                "socket=udp:192.0.2.1:5060\nmodparam(\"dispatcher\", \"db_url\", \"mysql://u@db/opensips\")\n"
                        + "route { record_route(); " + keepalive.replace("OPTIONS?", OPTIONS)
                        + " if ($rU == NULL) { send_reply(484, \"Incomplete\"); exit; }"
                        + " ds_select_dst(1, 4); t_relay(); } " + routes,
                name -> null,
                new ScriptImport.Options(null, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if (OPTIONS? && uri==myself && $rU==$null) { sl_send_reply(\"200\",\"OK\"); exit; }",
                "if (OPTIONS? && (uri==myself) && $rU == NULL && !has_totag()) { xlog(\"ping\"); send_reply(200, \"Up\"); exit; }",
                "if ($rm == \"OPTIONS\" && is_myself(\"$rd\") && $rU == NULL) { options_reply(); exit; }",
                "if (OPTIONS? && uri==myself) { options_reply(); exit; }",
                "if (OPTIONS?) { if (uri == myself && $rU == NULL) { send_reply(200, \"OK\"); exit; } }",
                "if (OPTIONS?) { xlog(\"o\"); if (uri == myself && $rU == NULL) { send_reply(200, \"OK\"); exit; } }",
                "if (is_method(\"PUBLISH\")) { send_reply(405, \"No\"); exit; }"
                        + " if (OPTIONS? && uri==myself && $rU==NULL) { send_reply(200,\"OK\"); exit; }"
            })
    void theAnswerThatTheNodeGivesItselfIsNotNeeded(String keepalive) {
        ScriptImport.Imported imported = routing(keepalive, "");

        assertThat(imported.conf())
                .contains("      select { set = \"1\", alg = \"4\" }")
                .containsPattern(
                        "# not needed here: (send_reply|sl_send_reply|options_reply)\\(.*, because the node answers OPTIONS")
                .doesNotContain("unfinished");
        assertThat(imported.isWhole()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if (OPTIONS? && uri==myself && $rU==NULL) { send_reply(\"202\",\"OK\"); exit; }",
                "if (OPTIONS? && uri==myself && $rU==NULL && src_ip==192.0.2.7) { send_reply(200,\"OK\"); exit; }",
                "if (OPTIONS? && uri==myself && $rU!=NULL) { send_reply(200,\"OK\"); exit; }",
                "if (OPTIONS? && uri!=myself && $rU==NULL) { send_reply(200,\"OK\"); exit; }",
                "if (OPTIONS? || uri==myself && $rU==NULL) { send_reply(200,\"OK\"); exit; }",
                "if (OPTIONS? && uri==myself && $rU==NULL && $avp(a)==1) { send_reply(200,\"OK\"); exit; }",
                "if (is_method(\"OPTIONS|INFO\") && uri==myself && $rU==NULL) { send_reply(200,\"OK\"); exit; }",
                "if (OPTIONS? && uri==myself && $rU==NULL) { append_to_reply(\"X: a\\r\\n\"); send_reply(200,\"OK\"); exit; }",
                "if (OPTIONS? && uri==myself && $rU==NULL) { $avp(a) = 1; send_reply(200,\"OK\"); exit; }",
                "if (OPTIONS? && uri==myself && $rU==NULL) { send_reply(200,\"OK\"); }",
                "if (OPTIONS?) { options_reply(); exit; }",
                "if ($avp(a) == 1) { route(K); } route(K); } route[K] {"
                        + " if (OPTIONS? && uri==myself && $rU==NULL) { options_reply(); exit; } } route[Z] {"
            })
    void anotherAnswerStaysNamed(String keepalive) {
        ScriptImport.Imported imported = routing(keepalive, "");

        assertThat(imported.conf()).contains("unfinished").doesNotContain("because the node answers OPTIONS");
        assertThat(imported.isWhole()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"uri==myself, with a user in the Request-URI", "$rU==NULL, for other hosts"})
    void theAnswerWithOneConditionLessIsCoveredAndTheDifferenceNamed(String condition, String difference) {
        ScriptImport.Imported imported =
                routing("if (OPTIONS? && " + condition + ") { sl_send_reply(\"200\",\"OK\"); exit; }", "");

        assertThat(imported.conf())
                .contains("      select { set = \"1\", alg = \"4\" }")
                .contains(
                        "# differs here: sl_send_reply(\"200\", \"OK\") at line 3, because the node answers OPTIONS to"
                                + " itself, without a user and before any rule; OPTIONS " + difference
                                + " go to the rules\n")
                .contains("2 replies: 2 carried over")
                .doesNotContain("unfinished");
        assertThat(imported.isWhole()).isTrue();
    }

    @Test
    void anotherReplyWith200NamesWhatToDo() {
        ScriptImport.Imported imported =
                routing("if (is_method(\"REGISTER\")) { sl_send_reply(\"200\",\"OK\"); exit; }", "");

        assertThat(imported.conf())
                .contains(
                        "#   sl_send_reply(\"200\", \"OK\") at line 3: a rule answers 300 to 699; refuse such requests,"
                                + " or dispatch them to a destination that answers them\n");
    }

    @Test
    void theNodeAnswersBeforeTheConditionsOfItsRules() {
        ScriptImport.Imported imported = routing(
                "if (src_ip == 192.0.2.9) { send_reply(403, \"No\"); exit; }"
                        + " if (OPTIONS? && uri==myself && $rU==NULL) { send_reply(200, \"OK\"); exit; }",
                "");

        assertThat(imported.conf())
                .contains("because the node answers OPTIONS for itself before any rule, also if src_ip == 192.0.2.9,")
                .contains("when   { source = \"192.0.2.9\" }\n      reply  { code = 403");
        assertThat(imported.isWhole()).isFalse();
    }
}
