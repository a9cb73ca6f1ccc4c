package org.sipdispatch.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.migrate.ScriptImport.Dialect;

/** The reply of a failure route that has no next destination becomes {@code all-failed}. */
class ScriptImportAllFailedTest {
    private static final String NEXT = "if (ds_next_dst()) { t_on_failure(\"n\"); t_relay(); exit; }";
    private static final String DOWN = "t_reply(500, \"All GW are down\");";
    private static final String STANDARD = "if (t_was_cancelled()) exit;"
            + " if (t_check_status(\"(408)|([56][0-9][0-9])\")) { xlog(\"failed\"); " + NEXT + DOWN + " }";

    private static ScriptImport.Imported failing(String flags, String statements) {
        return ScriptImport.of(
                Dialect.OPENSIPS,
                "socket=udp:192.0.2.1:5060\nmodparam(\"dispatcher\", \"db_url\", \"mysql://u@db/opensips\")\n"
                        + "route { record_route(); ds_select_dst(1, 4" + flags + "); t_on_failure(\"n\"); t_relay(); }"
                        + " failure_route[n] { " + statements + " }",
                name -> null,
                new ScriptImport.Options(null, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                STANDARD,
                "if (!t_check_status(\"408|[56]..\")) exit; if (!ds_next_dst()) { " + DOWN
                        + " exit; } t_on_failure(\"n\"); t_relay();",
                "if (t_check_status(\"408|[56]..\")) { if (ds_next_dst()) { t_on_failure(\"n\"); t_relay(); }"
                        + " else { send_reply(500, \"All GW are down\"); } }"
            })
    void theReplyWithoutANextDestinationIsAllFailed(String statements) {
        ScriptImport.Imported imported = failing(", \"F\"", statements);

        assertThat(imported.conf())
                .contains("      relay  { failover = \"408,5xx,6xx\", stop = \"\","
                        + " all-failed { code = 500, reason = \"All GW are down\" } }\n")
                .doesNotContain("# not carried over");
        assertThat(imported.counted()).contains("1 reply: 1 carried over", "1 failure route: 1 carried over");
        assertThat(imported.isWhole()).isTrue();
    }

    @Test
    void withoutFlagFTheReplyFollowsTheFirstFailureAsInTheScript() {
        ScriptImport.Imported imported = failing("", STANDARD);

        assertThat(imported.conf())
                .contains("      select { set = \"1\", alg = \"4\" }\n")
                .contains("      # no flag F in the selection, so there is no next destination, as in the script\n")
                .contains("all-failed { code = 500, reason = \"All GW are down\" } }\n")
                .doesNotContain("# not carried over");
        assertThat(imported.isWhole()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if (t_check_status(\"408|5..\")) { " + NEXT + " } " + DOWN,
                "if (t_check_status(\"408\")) { " + NEXT + DOWN + " } if (t_check_status(\"5..\")) { " + NEXT + " }",
                "if (t_check_status(\"408\")) { " + NEXT + DOWN + " } if (t_check_status(\"5..\")) { " + NEXT
                        + " t_reply(503, \"Other\"); }",
                "if (t_check_status(\"5..\")) { if (ds_next_dst()) { xlog(\"next\"); } " + DOWN + " }",
                "if (t_check_status(\"5..\")) { " + NEXT + " t_reply($var(code), \"Down\"); }"
            })
    void aReplyInOtherCasesIsNamed(String statements) {
        ScriptImport.Imported imported = failing(", \"F\"", statements);

        assertThat(imported.conf())
                .contains("# not carried over: failure_route[n] at line 3: t_reply(")
                .contains("because failover, mark and all-failed are all that a rule does after a failure")
                .doesNotContain("all-failed {");
        assertThat(imported.isWhole()).isFalse();
    }
}
