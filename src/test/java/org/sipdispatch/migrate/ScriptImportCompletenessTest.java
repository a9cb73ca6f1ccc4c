package org.sipdispatch.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.migrate.ScriptImport.Dialect;

/** An import that does not carry something over says so, and never writes a rule that does something else. */
class ScriptImportCompletenessTest {
    private static final String SELECT = " ds_select_dst(1, 4, \"F\"); t_on_failure(\"n\"); t_relay(); }";
    private static final String NEXT = " if (ds_next_dst()) { t_on_failure(\"n\"); t_relay(); } }";

    private static ScriptImport.Imported opensips(String routes) {
        String start = "socket=udp:192.0.2.1:5060\nmodparam(\"dispatcher\", \"db_url\", \"mysql://u@db/opensips\")\n";
        return ScriptImport.of(Dialect.OPENSIPS, start + routes, name -> null, new ScriptImport.Options(null, true));
    }

    private static ScriptImport.Imported kamailio(String routes) {
        return ScriptImport.of(
                Dialect.KAMAILIO,
                "listen=udp:192.0.2.1:5060\n" + routes,
                name -> null,
                new ScriptImport.Options("/etc/list", true));
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
                "$avp(blocked) != \"0\" becomes $avp(blocked) != \"0\"",
                "$rU !~ \"^\\d+$\" becomes $rU !~ \"^\\d+$\"",
                "$sht(ipban=>$si) != $null becomes $sht(ipban=>$si) != $null",
                "$hdr(X-A) != NULL becomes $hdr(X-A) != NULL",
                "$rU ne $var(x) becomes $rU ne $var(x)",
                "$avp(blocked) == \"1\" becomes $avp(blocked) == \"1\"",
                "!($avp(blocked) == \"1\") becomes not $avp(blocked) == \"1\""
            })
    void theCommentOfAnUnknownConditionStandsOverItsOwnBranch(String condition, String comment) {
        String conf = routing("if (" + condition + ") { send_reply(403, \"Blocked\"); exit; }"
                        + " ds_select_dst(1, 4); t_relay();")
                .conf();
        String other = comment.startsWith("not ") ? comment.substring(4) : "not " + comment;

        assertThat(conf)
                .contains("# ? if " + comment + "\n    # {\n    #   reply  { code = 403, reason = \"Blocked\" }")
                .contains("# ? if " + other + "\n    # {\n    #   select { set = \"1\", alg = \"4\" }");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "avp_db_query(\"select setid from t\", \"$avp(setid)\");",
                "avp_db_query(\"select setid from t\", \"$avp(s:setid)\");",
                "if (avp_db_query(\"select setid from t\", \"$avp(setid)\")) xlog(\"found\");",
                "if (!cache_fetch(\"local\", \"set_$si\", $avp(setid))) xlog(\"none\");",
                "sql_pvquery(\"cb\", \"select setid from t\", \"$avp(a), $avp(setid)\");",
                "sql_query_one(\"select setid from t\", \"$avp(setid)\");",
                "avp_db_load(\"$fu/username\", \"s:setid\");",
                "avp_delete(\"$avp(setid)\");",
                "$(avp(setid)[0]) = 2;",
                "route(SETID);",
                "if (route(SETID)) xlog(\"found\");",
                "switch ($rU) { case \"1\": $avp(setid) = 2; break; case \"2\": $avp(setid) = 1; break; }",
                "lua_run(\"choose\");"
            })
    void aVariableThatACallMayWriteIsNotConstant(String writes) {
        ScriptImport.Imported imported = opensips("route { record_route(); $avp(setid) = 1; " + writes
                + " ds_select_dst($avp(setid), 4, \"F\"); t_relay(); }"
                + " route[SETID] { avp_db_query(\"select setid from t\", \"$avp(setid)\"); }");

        assertThat(imported.conf()).contains("unfinished = [").doesNotContain("\n      select");
        assertThat(imported.isWhole()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "xlog(\"set $avp(setid)\");",
                "append_hf(\"X-Set: $avp(setid)\\r\\n\");",
                "if (is_avp_set(\"$avp(setid)\")) xlog(\"set\");",
                "sql_query_one(\"select a from t\", \"$avp(a)\");"
            })
    void aVariableThatACallOnlyReadsKeepsItsValue(String reads) {
        assertThat(routing("$avp(setid) = 1; " + reads + " ds_select_dst($avp(setid), 4); t_relay();")
                        .conf())
                .contains("\n      select { set = \"1\", alg = \"4\" }");
    }

    @Test
    void aVariableThatAModuleWritesIsNotConstant() {
        assertThat(opensips("modparam(\"permissions\", \"peer_tag_avp\", \"$avp(setid)\")\nroute { record_route();"
                                + " $avp(setid) = 1; ds_select_dst($avp(setid), 4); t_relay(); }")
                        .conf())
                .doesNotContain("\n      select");
    }

    @Test
    void timersThatTheScriptSetsBelongToTheRulesBehindThem() {
        ScriptImport.Imported opensips = routing("if (is_method(\"INVITE\")) { $T_fr_timeout = 2;"
                + " $T_fr_inv_timeout = 20; } ds_select_dst(1, 4); t_relay();");
        ScriptImport.Imported kamailio = kamailio("request_route { record_route(); ds_select_dst(\"1\", \"4\");"
                + " t_set_fr(60000, 2500); t_set_fr(0, 2000); t_relay(); }");

        assertThat(opensips.conf())
                .contains("when   { method = INVITE }\n      select { set = \"1\", alg = \"4\" }\n"
                        + "      relay  { fr_timeout = 2s, fr_inv_timeout = 20s }\n")
                .contains("    {\n      select { set = \"1\", alg = \"4\" }\n    }\n");
        assertThat(opensips.isWhole()).isTrue();
        assertThat(kamailio.conf()).contains("relay  { fr_timeout = 2s, fr_inv_timeout = 60s }");
    }

    @Test
    void timersThatNoRuleTakesAreNamed() {
        assertThat(kamailio("request_route { record_route(); t_set_fr($var(a), 2000); ds_select_dst(\"1\", \"4\");"
                                + " t_relay(); }")
                        .conf())
                .contains(
                        "relay  { fr_timeout = 2s }", "# not carried over: t_set_fr(\"$var(a)\", \"2000\") at line 2");
        assertThat(routing("$T_fr_timeout = $avp(x); ds_select_dst(1, 4); t_relay();")
                        .conf())
                .contains("# not carried over: $T_fr_timeout = $avp(x) at line 3, because");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " becomes ",
            value = {
                "if (t_check_status(\"5..\")) { ds_mark_dst(\"p\"); becomes failover = \"5xx\", stop = \"\", mark = probing",
                "if (t_check_status(\"408|503\")) { ds_mark_dst(\"p\"); becomes"
                        + " failover = \"408,503\", stop = \"\", mark = probing",
                "if (t_check_status(\"408\")) { becomes failover = \"408\", stop = \"503\""
            })
    void aMarkForTheCodesOfTheFailoverIsCarriedOver(String statements, String relay) {
        ScriptImport.Imported imported = failing(statements + NEXT + " }");

        assertThat(imported.conf()).contains("      relay  { " + relay + " }\n");
        assertThat(imported.isWhole()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " becomes ",
            value = {
                "if (t_check_status(\"503\")) ds_mark_dst(\"p\"); if (t_check_status(\"[45]..\")) NEXT becomes"
                        + " failover = \"4xx,5xx\", stop = \"\", mark { probing = \"503\" }",
                "if (t_check_status(\"403\")) ds_mark_dst(\"i\"); if (t_check_status(\"408|5..\")) { ds_mark_dst(\"p\"); NEXT }"
                        + " becomes failover = \"408,5xx\", stop = \"\", mark { probing = \"408,5xx\", inactive = \"403\" }",
                "if (t_check_status(\"408|5..\")) { ds_mark_dst(); NEXT }"
                        + " becomes failover = \"408,5xx\", stop = \"\", mark = inactive",
                "if (t_check_status(\"408|5..\")) ds_mark_dst(\"p\"); becomes stop = \"\", mark = probing",
                "if (t_check_status(\"408|503\")) ds_mark_dst(\"p\"); becomes mark { probing = \"408,503\" }",
                "if (t_check_status(\"404\")) { ds_mark_dst(\"p\"); ds_mark_dst(\"i\"); } becomes mark { inactive = \"404\" }"
            })
    void marksAreCarriedOverWithTheirCodes(String statements, String relay) {
        ScriptImport.Imported imported = failing(statements.replace("NEXT", NEXT.replaceFirst(" }$", "")) + " }");

        assertThat(imported.conf()).contains("      relay  { " + relay + " }\n");
        assertThat(imported.isWhole()).isTrue();
    }

    @Test
    void aMarkThatNoRuleHasIsNamed() {
        assertThat(failing("if (t_check_status(\"5..\")) { ds_mark_dst(\"a\");" + NEXT + " }")
                        .conf())
                .contains("ds_mark_dst(\"a\") at line")
                .doesNotContain("mark =");
    }

    @Test
    void aMarkOfTheNextDestinationIsNamed() {
        String conf = failing("if (ds_next_dst()) { ds_mark_dst(\"p\"); t_on_failure(\"n\"); t_relay(); } }")
                .conf();

        assertThat(conf)
                .contains("ds_mark_dst(\"p\") after ds_next_dst(), which marks the next destination")
                .doesNotContain("mark = probing");
    }

    @Test
    void aTimeoutThatTheScriptTellsFromA408IsNamed() {
        ScriptImport.Imported imported =
                failing("if (t_check_status(\"5..\") || (t_local_replied(\"all\") && t_check_status(\"408\")))" + NEXT);

        assertThat(imported.conf())
                .contains("\n      relay  { failover = \"408,5xx\", stop = \"\" }\n")
                .contains("failure_route[n] at line 3: if t_local_replied(\"all\")");
        assertThat(imported.isWhole()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " becomes ",
            value = {
                "t_branch_timeout() and !t_branch_replied() becomes 408 becomes if not t_branch_replied(): taken as true",
                "t_branch_timeout() becomes 408 becomes if t_branch_timeout(): taken as 408",
                "t_any_timeout() && !t_any_replied() becomes 408 becomes if not t_any_replied(): taken as true",
                "is_method(\"INVITE\") && t_check_status(\"503\") becomes 503 becomes if is_method(\"INVITE\"): taken as"
            })
    void aConditionThatARuleHasAlmostIsNamedAtTheRule(String condition, String codes, String note) {
        ScriptImport.Imported imported = failing("if (" + condition + ")" + NEXT + " }");

        assertThat(imported.conf())
                .contains(
                        "      # not carried over from failure_route[n]: " + note,
                        "\n      relay  { failover = \"" + codes)
                .contains("# not carried over: failure_route[n] at line 3: if ")
                .doesNotContain("unfinished");
        assertThat(imported.counted()).contains("1 failure route: 0 carried over, 1 left");
        assertThat(imported.isWhole()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "t_check_status(\"503\") && t_branch_replied()",
                "t_check_status(\"503\") && !is_method(\"REGISTER\")",
                "t_check_status(\"503\") && is_method(\"REGISTER\")",
                "t_check_status(\"503\") && t_grep_status(\"408\")",
                "t_check_status(\"503\") && !($avp(a) == 1)",
                "t_check_status(\"503\") || $T_rpl($rs) == 408",
                "t_check_status(\"503\") && isflagset(3)",
                "t_check_status(\"503\") == 1",
                "$T_reply_code == \"5..\"",
                "$T_reply_code"
            })
    void aPartOfAConditionOfAFailureRouteDoesNotVanish(String condition) {
        ScriptImport.Imported imported = failing("if (" + condition + ")" + NEXT + " }");

        assertThat(imported.conf()).contains("    # ? in failure_route[n]: if ").doesNotContain("\n      select");
        assertThat(imported.isWhole()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " becomes ",
            value = {
                "$T_reply_code ne \"408\" && t_check_status(\"408|503\") becomes 503",
                "!(t_check_status(\"[346]..\") or $T_reply_code > 503) and !t_check_status(\"50[012]\") becomes 503",
                "!t_was_cancelled() && $T_reply_code == 503 becomes 503",
                "1 && t_check_status(\"503\") becomes 503"
            })
    void aConditionAboutCodesIsCarriedOverExactly(String condition, String codes) {
        ScriptImport.Imported imported = failing("if (" + condition + ")" + NEXT + " }");

        assertThat(imported.conf()).contains("relay  { failover = \"" + codes + "\", stop = \"\" }");
        assertThat(imported.isWhole()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"$ml < 2048", "msg:len <= 5000", "msg:len == 4096", "$ml > $var(most)", "msg:len > 20"})
    void aConditionAboutTheSizeThatIsNotALimitIsNamed(String condition) {
        ScriptImport.Imported imported = routing("if (" + condition + ") { ds_select_dst(1, 4); t_relay(); exit; }"
                + " ds_select_dst(2, 4); t_relay();");

        assertThat(imported.conf()).contains("    # ? if " + condition + "\n", "    # ? if not " + condition + "\n");
    }

    @Test
    void aLimitOfTheSizeIsNotNeeded() {
        ScriptImport.Imported imported = routing("if (msg:len >= 2048) { send_reply(513, \"Too Large\"); exit; }"
                + " if (!($ml > 4096)) { ds_select_dst(1, 4); t_relay(); }");

        assertThat(imported.conf())
                .contains("# not needed here: if msg:len >= 2048 at line 3, because this program has its own limits")
                .contains("    {\n      select { set = \"1\", alg = \"4\" }");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " becomes ",
            value = {
                "$fU = \"anonymous\"; becomes $fU = \"anonymous\" at line 3",
                "$hdr(X-A) = \"b\"; becomes $hdr(X-A) = \"b\" at line 3"
            })
    void anAssignmentThatChangesTheMessageIsNamed(String assignment, String named) {
        ScriptImport.Imported imported = routing(assignment + " ds_select_dst(1, 4); t_relay();");

        assertThat(imported.conf())
                .contains("# not carried over: " + named + ", because")
                .doesNotContain("unfinished");
        assertThat(imported.isWhole()).isFalse();
        assertThat(routing("$avp(a) = 1; $dlg_val(a) = \"b\"; ds_select_dst(1, 4); t_relay();")
                        .isWhole())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"onreply_route[r]", "branch_route[r]", "onsend_route"})
    void aRouteThatDropsIsNamed(String route) {
        ScriptImport.Imported imported = opensips(
                "route { record_route(); ds_select_dst(1, 4); t_relay(); } " + route + " { if ($rs == 183) drop; }");

        assertThat(imported.conf()).contains("# not carried over: " + route + " at line 3: drop at line 3, because");
    }

    @Test
    void aVariableIsNotComparedWithTheNameOfAnother() {
        assertThat(routing("$var(a) = 1; if ($var(a) == $var(b)) { send_reply(403, \"No\"); exit; }"
                                + " ds_select_dst($var(a), 4); t_relay();")
                        .conf())
                .contains("    # ? if $var(a) == $var(b)\n");
    }

    @Test
    void aFailureRouteThatIsNotSetAgainIsNamed() {
        assertThat(failing("if (ds_next_dst()) t_relay(); }").conf())
                .contains("# not carried over: failure_route[n] at line 3: one further destination only");
        assertThat(failing(NEXT).isWhole()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if ($avp(retry) == 1)",
                "if ($avp(retry) == 1) exit;",
                "if (!($avp(retry) == 1)) exit;",
                "if (t_check_status($avp(codes)))",
                "if ($T_reply_code == $var(code))",
                "if ($T_reply_code > $var(code))",
                "while ($avp(retry) < 2)",
                "if (t_check_status(\"a++\"))"
            })
    void anUnknownConditionOfAFailureRouteMakesTheRuleAComment(String condition) {
        ScriptImport.Imported imported = failing(condition + NEXT);

        assertThat(imported.conf())
                .contains("unfinished = [", "    # ? in failure_route[n]: ")
                .doesNotContain("\n      select");
        assertThat(imported.isWhole()).isFalse();
    }

    @Test
    void anUnknownConditionThatDecidesNothingLeavesTheRule() {
        assertThat(failing("if ($avp(log) == 1) xlog(\"failed\");" + NEXT).conf())
                .contains("\n      select { set = \"1\", alg = \"4\", flags = \"F\" }");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "t_set_fr($var(inv), $var(fr));" + SELECT,
                "if (t_set_fr($var(inv)))" + " xlog(\"a\");" + SELECT,
                "t_set_fr(5);" + SELECT,
                "$T_fr_timeout = $avp(fr);" + SELECT,
                "$T_fr_inv_timeout = 99999;" + SELECT,
                "t_reset_fr();" + SELECT,
                SELECT + " branch_route[b] { $T_fr_timeout = 2; }",
                SELECT + " branch_route[b] { t_set_fr(1000, 1000); }",
                SELECT + " branch_route[b] { $du = \"sip:192.0.2.9\"; }",
                SELECT + " failure_route[n] { $T_fr_timeout = 2;" + NEXT,
                SELECT + " failure_route[n] { t_set_fr(1000, 1000);" + NEXT,
                SELECT + " failure_route[n] { if ($avp(a) == 1) ds_mark_dst(\"p\");" + NEXT,
                SELECT + " failure_route[n] { ds_mark_dst(\"a\");" + NEXT,
                SELECT + " failure_route[n] { if ($avp(a) == 1)" + NEXT,
                SELECT + " failure_route[n] { if (t_check_status(\"486\")) exit; if (my_check())" + NEXT,
                SELECT + " failure_route[n] { if (ds_next_dst()) t_relay(); }",
                SELECT + " failure_route[n] { if (ds_next_dst()) { t_on_failure(\"m\"); t_relay(); } }"
                        + " failure_route[m] { t_reply(500, \"No\"); }",
                "t_on_failure(\"$avp(route)\"); ds_select_dst(1, 4, \"F\"); t_relay(); }",
                "$avp(set) = 1; avp_db_query(\"q\", \"$avp(set)\"); ds_select_dst($avp(set), 4); t_relay(); }",
                "$avp(set) = 1; sql_pvquery(\"c\", \"q\", \"$avp(set)\"); ds_select_dst($avp(set), 4); t_relay(); }",
                "while (!ds_select_dst($var(s), 4)) $var(s) = $var(s) + 1; t_relay(); }",
                SELECT + " failure_route[n] { if ($avp(a) == 1 && route(LOG))" + NEXT
                        + " route[LOG] { if (1) xlog(1); }",
                "if ($avp(a) != 1) { send_reply(403, \"No\"); exit; }" + SELECT,
                "if (my_check()) exit;" + SELECT,
                "if (route(CHECK)) xlog(\"a\");" + SELECT + " route[CHECK] { if (my_check()) { drop; } }"
            })
    void aStatementThatNoRuleExpressesPreventsStatusZero(String statements) {
        boolean defines = statements.contains("failure_route[n]");
        String routes = "route { record_route(); " + statements + (defines ? "" : " failure_route[n] {" + NEXT);

        assertThat(opensips(routes).isWhole()).isFalse();
        assertThat(kamailio(routes).isWhole()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"} ", "} else "})
    void thousandsOfConditionsAreRead(String behind) {
        String conditions = IntStream.range(0, 2000)
                .mapToObj(i -> "if ($rU =~ \"^1" + i + "N\") { ds_select_dst(" + i + ", 4); t_relay(); exit; " + behind)
                .collect(Collectors.joining("\n"));
        ScriptImport.Imported imported = routing(conditions + "send_reply(404, \"No\");");

        assertThat(imported.conf())
                .contains(
                        "ruri = \"(?i)^(sips?:10N[^@]*@|tel:10N)\"", "ruri = \"(?i)^(sips?:11999N[^@]*@|tel:11999N)\"")
                .contains("reply  { code = 404, reason = \"No\" }");
        assertThat(imported.counted()).contains("2000 selections: 2000 carried over");
    }

    @Test
    void aScriptThatIsNestedTooDeeplyIsSaid() {
        ScriptImport.Imported imported = routing("if (" + "(".repeat(500_000) + "1" + ") { }");

        assertThat(imported.conf()).contains("unfinished = [", "it is nested too deeply");
        assertThat(imported.isWhole()).isFalse();
    }

    @Test
    void aReplyWithoutAReasonHasThatOfTheRfc() {
        assertThat(routing("send_reply(405, \"\");").conf()).contains("reply  { code = 405 }");
        assertThat(routing("send_reply(499, \"\");").conf()).contains("reply  { code = 499, reason = \"Refused\" }");
    }

    @Test
    void aSocketBehindAnotherStatementOfItsLineIsSeen() {
        ScriptImport.Imported imported = ScriptImport.of(
                Dialect.OPENSIPS,
                "log_level=3; listen=udp:192.0.2.1:5060 as 203.0.113.1; socket=tcp:192.0.2.1:5060\n"
                        + "children=4 listen=udp:192.0.2.1:5080 alias=\"a.example\" alias=b.example\n"
                        + "db_default_url=\"mysql://u:p;x@db/opensips\" port=5070 listen=192.0.2.3\n"
                        + "route { xlog(\"now socket=udp:192.0.2.9:5060\"); ds_select_dst(1, 4); t_relay(); }",
                name -> null,
                new ScriptImport.Options(null, true));

        assertThat(imported.conf())
                .contains("main { listen = \"udp:192.0.2.1:5060\", advertise = \"203.0.113.1\" }"
                        .replace("main {", "main = {"))
                .contains("\"tcp:192.0.2.1:5060\"", "\"udp:192.0.2.1:5080\"", "\"udp:192.0.2.3:5070\"")
                .contains("aliases = [ \"a.example\", \"b.example\" ]", "mysql://u:p;x@db/opensips")
                .doesNotContain("192.0.2.9");
    }
}
