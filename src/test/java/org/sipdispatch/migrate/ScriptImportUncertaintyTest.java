package org.sipdispatch.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.migrate.ScriptImport.Dialect;

/** What the import does not know makes the rules that depend on it comments, and its explanations are true. */
class ScriptImportUncertaintyTest {
    private static final String SELECT = " ds_select_dst(1, 4, \"F\"); t_on_failure(\"n\"); t_relay(); }";
    private static final String NEXT = " if (ds_next_dst()) { t_on_failure(\"n\"); t_relay(); } }";

    private static ScriptImport.Imported opensips(String routes) {
        String start = "socket=udp:192.0.2.1:5060\nmodparam(\"dispatcher\", \"db_url\", \"mysql://u@db/opensips\")\n";
        return ScriptImport.of(Dialect.OPENSIPS, start + routes, name -> null, new ScriptImport.Options(null, true));
    }

    private static ScriptImport.Imported routing(String statements) {
        return opensips("route { record_route(); " + statements + " }");
    }

    private static ScriptImport.Imported failing(String statements) {
        return opensips("route { record_route();" + SELECT + " failure_route[n] { " + statements);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " becomes ",
            value = {
                "route(C);%s route[C] { if (t_was_cancelled()) exit; xlog(1); return; } becomes 3xx,4xx,5xx,6xx",
                "route(C);%s route[C] { if ($T_reply_code == 486) return; xlog(1); return 1; } becomes 3xx,4xx,5xx,6xx",
                "if (!t_check_status(\"408|503\")) return; route(C);%s route[C] { xlog(1); return(1); } becomes 408,503",
                "route(C);%s route[C] { if (!t_check_status(\"503\")) exit; return; } becomes 503",
                "route(C);%s route[C] { if (!t_check_status(\"503\")) return(0); return; } becomes 503"
            })
    void aReturnOfAFailureRouteContinuesInItsCaller(String statements, String codes) {
        ScriptImport.Imported imported = failing(statements.formatted(NEXT));

        assertThat(imported.conf()).contains("      relay  { failover = \"" + codes + "\", stop = ");
        assertThat(imported.isWhole()).isTrue();
        assertThat(imported.counted()).contains("1 other route: 1 carried over");
    }

    @Test
    void aReturnOfAComputedValueIsUncertain() {
        String check = " route[C] { xlog(1); return($var(a)); }";

        assertThat(failing("route(C);" + NEXT + check).conf())
                .contains("    # ? in failure_route[n]: return($var(a)) at line 3")
                .doesNotContain("\n      select");
        assertThat(opensips("route { record_route(); route(C);" + SELECT + check)
                        .conf())
                .contains("    # ? if return($var(a)) is 0", "    # ? if not return($var(a)) is 0")
                .doesNotContain("\n      select");
    }

    @ParameterizedTest
    @ValueSource(strings = {"route($var(x))", "route(\"TO_$avp(s)\")", "route(nosuch)", "route($rm)"})
    void aRouteThatIsComputedOrMissingMakesTheRulesBehindItComments(String call) {
        ScriptImport.Imported main =
                opensips("route { record_route(); if (src_ip == 192.0.2.7) { send_reply(403, \"No\");"
                        + " exit; } " + call + "; if (is_method(\"MESSAGE\")) { send_reply(405, \"No\"); exit; }"
                        + SELECT
                        + " failure_route[n] {" + NEXT);
        ScriptImport.Imported failure = failing("if (t_check_status(\"503\")) { " + call + ";" + NEXT + " }");

        assertThat(main.conf())
                .contains("when   { source = \"192.0.2.7\" }\n      reply  { code = 403")
                .contains(
                        "    # ? route(\"", "which cannot be followed", "    #   select", "    #   reply  { code = 405")
                .contains("# not carried over: route(\"")
                .doesNotContain("\n      select", "\n      reply  { code = 405");
        assertThat(failure.conf())
                .contains("    # ? in failure_route[n]: route(\"", "which cannot be followed")
                .contains("# not carried over: failure_route[n] at line 3: route(\"")
                .doesNotContain("\n      select");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$rU = $(rU{s.substr,2,0});",
                "$ru = \"sip:1@b\";",
                "strip(2);",
                "prefix(\"00\");",
                "sethostport(\"192.0.2.5:5060\");",
                "rewritehost(\"b\");"
            })
    void aConditionOnAChangedRequestUriIsUncertain(String change) {
        ScriptImport.Imported imported =
                routing(change + " if ($rU != \"112\" && is_method(\"INVITE\")) { send_reply(403, \"No\"); exit; }"
                        + " if (uri =~ \"^sip:1\") { send_reply(404, \"No\"); exit; } send_reply(500, \"No\");");

        assertThat(imported.conf())
                .contains("    # ? if $rU != \"112\", where the Request-URI is changed before: "
                        + change.split("[=(]")[0])
                .contains("    # ? if not uri =~ \"^sip:1\", where the Request-URI is changed before: ")
                .doesNotContain("\n      reply", "ruri = ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if (is_method(\"MESSAGE\") && $ml > 1300) { ds_select_dst(2, 4); } else { ds_select_dst(1, 4); } t_relay();",
                "if (msg:len > 4096) { ds_select_dst(2, 4); t_relay(); exit; } ds_select_dst(1, 4); t_relay();",
                "if ($ml >= 1300) { $avp(s) = 2; } else { $avp(s) = 1; } ds_select_dst($avp(s), 4); t_relay();"
            })
    void aSizeThatSelectsIsUncertain(String statements) {
        ScriptImport.Imported imported = routing(statements);

        assertThat(imported.conf())
                .contains("unfinished = [", "    #   select { set = \"2\"")
                .containsPattern("# \\? if (\\$ml|msg:len) >")
                .doesNotContain("not needed here: if");
    }

    @ParameterizedTest
    @ValueSource(strings = {"513", "413", "403"})
    void aSizeThatOnlyRefusesIsNotNeeded(String code) {
        ScriptImport.Imported imported = routing(
                "if ($ml > 4096) { send_reply(" + code + ", \"Large\"); exit; } ds_select_dst(1, 4); t_relay();");

        assertThat(imported.conf())
                .contains("    {\n      select { set = \"1\"", "# not needed here: if $ml > 4096 at line 3")
                .contains("# not needed here: send_reply(\"" + code
                        + "\", \"Large\") at line 3, because this program has");
        assertThat(imported.isWhole()).isTrue();
    }

    @Test
    void callsOfOneLineAreDistinguished() {
        ScriptImport.Imported imported = routing("if (src_ip == 192.0.2.7) { ds_select_dst(1, 4); t_relay(); exit; }"
                + " if ($avp(a) == 1) { ds_select_dst(1, 4); t_relay(); exit; } send_reply(403, \"No\");");

        assertThat(imported.counted()).contains("2 selections: 1 carried over, 1 left");
    }

    @Test
    void eachCaseOfASwitchIsOutlined() {
        ScriptImport.Imported imported = routing("switch ($rm) { case \"INVITE\": ds_select_dst(1, 4); break;"
                + " case \"INFO\": case \"MESSAGE\": ds_select_dst(2, 4); break;"
                + " default: send_reply(405, \"No\"); exit; } t_relay();");

        assertThat(imported.conf())
                .contains(
                        "    # ? if switch ($rm) case \"INVITE\"\n    # {\n    #   select { set = \"1\"",
                        "    # ? if switch ($rm) case \"INFO\"\n    # {\n    #   select { set = \"2\"",
                        "    # ? if switch ($rm) case \"MESSAGE\"\n    # {\n    #   select { set = \"2\"",
                        "    # ? if not switch ($rm) case \"MESSAGE\"\n    # {\n    #   reply  { code = 405")
                .doesNotContain("\n      select", "\n      reply", "no path through the script");
    }

    @Test
    void aSwitchThatOnlyLogsLeavesTheRule() {
        assertThat(routing(
                                "switch ($rm) { case \"INVITE\":xlog(1); break; default:xlog(2); } ds_select_dst(1, 4); t_relay();")
                        .conf())
                .contains("\n      select { set = \"1\", alg = \"4\" }");
    }

    @Test
    void theLossesOfARuleAreListedInFull() {
        String long302 = "if (t_check_status(\"302\")) { "
                + "append_hf(\"X-Long-Name-Of-A-Header: value\\r\\n\"); ".repeat(9) + "}";
        String conf = failing(
                        long302 + "if (t_branch_timeout()) ds_mark_dst(\"p\"); if (t_check_status(\"5..\"))" + NEXT)
                .conf();

        assertThat(conf)
                .contains(
                        "      # not carried over from failure_route[n]: if t_branch_timeout(): taken as 408, so a 408 that"
                                + " a destination sends counts too")
                .contains("mark { probing = \"408\" }")
                .doesNotContain("...,");
    }

    @Test
    void theCallsOfACommentAreNamedWithIt() {
        String conf = routing("if (!ds_select_dst(2, 0)) { send_reply(480, \"None\"); exit; }"
                        + " $du = \"sip:192.0.2.9\"; t_relay();")
                .conf();

        assertThat(conf)
                .contains("    #   otherwise send_reply(\"480\", \"None\")")
                .contains("# not carried over: send_reply(\"480\", \"None\") at line 3, because its rule is a comment")
                .contains("# not carried over: ds_select_dst(\"2\", \"0\") at line 3, because its rule is a comment")
                .doesNotContain("not needed here");
    }

    @Test
    void aSelectionThatAnotherOneReplacesStillDecides() {
        assertThat(routing(
                                "if (!ds_select_dst(1, 0)) { send_reply(480, \"None\"); exit; } ds_select_dst(2, 0); t_relay();")
                        .conf())
                .contains(
                        "    # ? if ds_select_dst(\"1\", \"0\") finds a destination\n    # {\n    #   select { set = \"2\"")
                .contains("    #   reply  { code = 480")
                .doesNotContain("\n      select");
    }

    @Test
    void theLossesOfAFailureRouteOfCommentsAreNamed() {
        String conf = opensips("route { record_route(); if ($avp(a) == 1)" + SELECT + " send_reply(403, \"No\"); }"
                        + " failure_route[n] { if (t_check_status(\"486\")) { t_reply(480, \"Busy\"); exit; }" + NEXT)
                .conf()
                .replace("} send_reply", "send_reply");

        assertThat(conf)
                .contains("# not carried over: failure_route[n] at line 3, because the rules that use it are comments")
                .contains(
                        "# not carried over: failure_route[n] at line 3: t_reply(\"480\", \"Busy\") at line 3, because")
                .doesNotContain("no rule above uses it");
    }

    @Test
    void aConditionThatNoPartOfTheRuleDependsOnIsNotCalledTrue() {
        String conf = failing("if ($T_reply_code == 503) { ds_next_dst(); t_on_failure(\"n\"); t_relay(); }"
                        + " else if ($rs == 486 && is_method(\"INVITE\")) { $rU = \"vm\"; t_relay(); } }")
                .conf();

        assertThat(conf)
                .contains(
                        "relay  { failover = \"503\", stop = \"\" }",
                        "failure_route[n] at line 3: $rU = \"vm\" at line 3")
                .doesNotContain("taken as true");
    }

    @Test
    void aRuleWithoutFailoverHasNoRemarkAboutIt() {
        assertThat(opensips("route { record_route(); ds_select_dst(1, 4); t_on_failure(\"n\"); t_relay(); }"
                                + " failure_route[n] { if (t_check_status(\"408\") && t_local_replied(\"all\"))" + NEXT
                                + " }")
                        .conf())
                .contains("      select { set = \"1\", alg = \"4\" }\n      # no flag F in the selection")
                .doesNotContain("# not carried over from");
    }

    @Test
    void whetherAFailureRouteIsSetIsKnown() {
        ScriptImport.Imported imported =
                opensips("route { record_route(); ds_select_dst(1, 4, \"F\"); t_on_failure(\"n\");"
                        + " route(R); } route[R] { if (is_method(\"INVITE\")) { if (!t_is_set(\"failure_route\"))"
                        + " t_on_failure(\"m\"); } t_relay(); exit; }"
                        + " failure_route[n] { if (ds_next_dst()) { t_on_failure(\"n\"); route(R); } }");

        assertThat(imported.conf())
                .contains("    {\n      select { set = \"1\", alg = \"4\", flags = \"F\" }\n      relay  { failover")
                .doesNotContain("taken as true");
        assertThat(imported.isWhole()).isTrue();
    }

    @Test
    void aRouteOfABranchRouteIsCalled() {
        String conf = opensips("route { record_route(); t_on_branch(\"b\");" + SELECT + " branch_route[b] { route(X); }"
                        + " failure_route[n] {" + NEXT
                        + " route[X] { add_rr_param(\";a\"); } route[Y] { append_hf(\"A: b\"); }")
                .conf();

        assertThat(conf)
                .contains(
                        "# not carried over: route[X] at line 3: add_rr_param() at line 3, because it is part of branch_route[b]")
                .contains(
                        "# not needed here: branch_route[b] at line 3, because it only calls routes, which have their own lines")
                .contains("# not carried over: route[Y] at line 3: append_hf() at line 3, because no route calls it");
    }

    @Test
    void requestsWithoutAResponseAreNamedForCommentsToo() {
        assertThat(routing("if ($avp(a) == 1) drop; ds_select_dst(1, 4); t_relay();")
                        .conf())
                .contains("    #   # the script sends no response; a rule always answers\n    #   reply  { code = 403")
                .contains("# not carried over: no response to some requests, because");
    }

    @Test
    void aTimerOfACommentIsNamedWithIt() {
        assertThat(routing("if ($avp(a) == 1) { $T_fr_timeout = 2; ds_select_dst(1, 4); t_relay(); exit; }"
                                + " send_reply(403, \"No\");")
                        .conf())
                .contains("# not carried over: $T_fr_timeout = 2 at line 3, because its rule is a comment");
    }

    @Test
    void aStatementThatCannotBeReadMakesTheRulesBehindItComments() {
        assertThat(routing("=> 3; ds_select_dst(1, 4); t_relay();").conf())
                .contains("which cannot be read", "    #   select")
                .doesNotContain("\n      select");
    }

    @Test
    void aProvisionalReplyIsExplained() {
        assertThat(routing("send_reply(100, \"Trying\"); send_reply(183, \"Wait\"); ds_select_dst(1, 4); t_relay();")
                        .conf())
                .contains(
                        "# not needed here: send_reply(\"100\", \"Trying\") at line 3, because the node sends 100 by itself")
                .contains(
                        "# not carried over: send_reply(\"183\", \"Wait\") at line 3, because a rule answers 300 to 699");
    }

    @Test
    void aDialogWhoseRouteIsComputedKeepsItsCondition() {
        assertThat(routing("if (has_totag()) { route($var(d)); exit; } ds_select_dst(1, 4); t_relay();")
                        .conf())
                .contains(
                        "    # ? route(\"$var(d)\") at line 3, which cannot be followed",
                        "    #   when   { to-tag = on }")
                .contains("    {\n      select { set = \"1\"");
    }

    @Test
    void manySelectionsInARowAreRead() {
        String statements = IntStream.range(0, 25)
                .mapToObj(i -> "if (src_ip == 192.0.2." + i + ") { if (!ds_select_dst(" + i + ", 4)) xlog(1); }")
                .collect(Collectors.joining("\n"));

        assertThat(routing(statements + " t_relay();").conf())
                .contains("unfinished = [")
                .doesNotContain("\n      select");
    }
}
