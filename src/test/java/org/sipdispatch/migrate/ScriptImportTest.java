package org.sipdispatch.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.migrate.ScriptImport.Dialect;

/** Scripts of OpenSIPS and Kamailio and the rules made of them. */
class ScriptImportTest {
    private static final String START = """
            socket=udp:192.0.2.1:5060
            modparam("dispatcher", "db_url", "mysql://u@db/opensips")
            """;

    private static ScriptImport.Imported opensips(String script) {
        return ScriptImport.of(Dialect.OPENSIPS, script, name -> null, new ScriptImport.Options(null, true));
    }

    private static ScriptImport.Imported kamailio(String script) {
        return ScriptImport.of(Dialect.KAMAILIO, script, name -> null, new ScriptImport.Options("/etc/list", true));
    }

    private static ScriptImport.Imported routing(String statements) {
        return opensips(START + "route { record_route(); " + statements + " }");
    }

    @ParameterizedTest
    @ValueSource(strings = {"add_path();", "add_path_received(\"edge\");"})
    void aPathOfTheScriptIsOneOfEachRegister(String path) {
        ScriptImport.Imported imported =
                routing("if (is_method(\"REGISTER\")) " + path + " ds_select_dst(1, 4); t_relay(); exit;");

        assertThat(imported.conf())
                .contains("  relay-defaults {", "    path = yes\n")
                .doesNotContain("add_path");
    }

    @Test
    void blacklistsAreDefinedAndUsedByRules() {
        ScriptImport.Imported imported = opensips(START
                + "modparam(\"dispatcher\", \"ds_define_blacklist\", \"gws= 1, 4\")\n"
                + "modparam(\"dispatcher\", \"partition\", \"trunks: db_url=mysql://u@db/t; ds_define_blacklist=own ="
                + " 7\")\n"
                + "route { record_route(); use_blacklist(\"gws\"); use_blacklist(\"own\");"
                + " if (is_method(\"INVITE\")) { unuse_blacklist(\"own\"); } ds_select_dst(1, 4); t_relay(); exit; }");

        assertThat(imported.conf())
                .contains("  blacklists {\n    \"gws\" = \"1,4\"\n    \"own\" = \"trunks:7\"\n  }\n")
                .containsSubsequence(
                        "when   { method = INVITE }",
                        "select { set = \"1\", alg = \"4\" }",
                        "relay  { blacklist = \"gws\" }",
                        "select { set = \"1\", alg = \"4\" }",
                        "relay  { blacklist = \"gws,own\" }");
        assertThat(imported.isWhole()).as(imported.conf()).isTrue();
    }

    @Test
    void aBlacklistOfTheCoreAndABadDefinitionAreNamed() {
        ScriptImport.Imported imported = opensips(START + "modparam(\"dispatcher\", \"ds_define_blacklist\", \"bad\")\n"
                + "route { record_route(); use_blacklist(\"core\"); ds_select_dst(1, 4); t_relay(); exit; }");

        assertThat(imported.conf())
                .contains("# ? use_blacklist(\"core\"), which is no blacklist of the dispatcher module")
                .contains("\"bad\") at line 3, because a name and set numbers are expected: name = 1,4,3");
        assertThat(imported.isWhole()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " becomes ",
            value = {
                "ds_is_in_list($si, 0) becomes when   { in-set = \"any\" }",
                "ds_is_in_list(\"$si\", \"$sp\", \"-1\", \"1\") becomes when   { in-set { set = \"any\", port = on, active = on } }"
            })
    void theSetOfTheSenderSelects(String condition, String when) {
        ScriptImport.Imported imported = opensips(
                START + "modparam(\"dispatcher\", \"setid_pvar\", \"$avp(setid)\")\n" + "route { record_route(); if ("
                        + condition + ") { ds_select_dst(\"$avp(setid)\", \"4\"); t_relay(); exit; }"
                        + " send_reply(403, \"No\"); exit; }");

        assertThat(imported.conf())
                .contains("      " + when + "\n      select { set = \"$ds(in-set)\", alg = \"4\" }\n");
        assertThat(imported.isWhole()).as(imported.conf()).isTrue();
    }

    @Test
    void theSetOfTheSenderIsNoConstant() {
        String conf = opensips(START + "modparam(\"dispatcher\", \"setid_pvar\", \"$avp(setid)\")\n"
                        + "route { record_route(); if (ds_is_in_list($si, 0)) { if ($avp(setid) == 1) { ds_select_dst(2, 4); }"
                        + " else { ds_select_dst(3, 4); } t_relay(); exit; } send_reply(403, \"No\"); exit; }")
                .conf();

        assertThat(conf).contains("    # ? if $avp(setid) == 1", "    # ? if not $avp(setid) == 1");
    }

    @Test
    void anotherDefaultPartitionIsCarriedOver() {
        String conf = opensips(START
                        + "modparam(\"dispatcher\", \"partition\", \"trunks: table_name=ds_trunks\")\n"
                        + "modparam(\"dispatcher\", \"partition\", \"default: trunks\")\n"
                        + "route { record_route(); ds_select_dst(1, 4); t_relay(); exit; }")
                .conf();

        assertThat(conf).contains("  default-partition = \"trunks\"\n", "select { set = \"trunks:1\", alg = \"4\" }");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " becomes ",
            value = {
                "is_method(\"INVITE|MESSAGE\") becomes method = [INVITE, MESSAGE]",
                "method == \"INVITE\" becomes method = INVITE",
                "$rm == \"OPTIONS\" becomes method = OPTIONS",
                "$rm =~ \"^(INVITE|MESSAGE)$\" becomes method = [INVITE, MESSAGE]",
                "is_method(\"INVITE|ACK|CANCEL\") becomes method = INVITE",
                "src_ip == 192.0.2.7 becomes source = \"192.0.2.7\"",
                "$si == \"192.0.2.7\" becomes source = \"192.0.2.7\"",
                "src_ip == 10.0.0.0/8 becomes source = \"10.0.0.0/8\"",
                "$si =~ \"^10\\.1\\.\" becomes source = \"10.1.0.0/16\"",
                "is_in_subnet($si, \"10.0.0.0/8\") becomes source = \"10.0.0.0/8\"",
                "dst_port == 5060 becomes socket = main",
                "proto == UDP becomes socket = main",
                "dst_ip == 192.0.2.1 becomes socket = main",
                "$rU =~ \"^00\" becomes ruri = \"(?i)^(sips?:00[^@]*@|tel:00)\"",
                "$rU =~ \"^[1-9][0-9]+$\" becomes ruri = \"(?i)^(sips?:[1-9][0-9]+[:;@]|tel:[1-9][0-9]+(;|$))\"",
                "$rU =~ \"^(\\+|00)49\" becomes ruri = \"(?i)^(sips?:(\\\\+|00)49[^@]*@|tel:(\\\\+|00)49)\"",
                "$rU == \"100\" becomes ruri = \"(?i)^(sips?:100[:;@]|tel:100(;|$))\"",
                "$rU == NULL becomes ruri = \"(?i)^sips?:[^@]*$\"",
                "$rd == \"a.example\" becomes ruri = \"(?i)^sips?:([^@]*@)?a\\\\.example([:;?]|$)\"",
                "uri =~ \"^sip:9\" becomes ruri = \"(?i)^sip:9\"",
                "$ua =~ \"Gate\" becomes header { User-Agent = \"(?i)Gate\" }",
                "$hdr(X-Tenant) == \"a\" becomes header { X-Tenant = \"(?i)^a$\" }",
                "ds_is_in_list(\"$si\", \"\", \"2\") becomes in-set = \"2\"",
                "ds_is_in_list($si, 0, 2) becomes in-set = \"2\"",
                "ds_is_in_list(\"$si\", \"$sp\", \"default : 2\", \"1\") becomes in-set { set = \"2\", port = on, active = on }",
                "ds_is_in_list(\"$si\", \"$sp\", \"2\", \"0\") becomes in-set { set = \"2\", port = on }",
                "ds_is_in_list(\"$si\", \"0\") becomes in-set = \"any\"",
                "ds_is_in_list($si, 0, -1, , 1, \"gw-*\") becomes in-set { set = \"any\", active = on, attrs = \"gw-*\" }",
                "ds_is_in_list($si, 0, 3, default) becomes in-set = \"3\"",
                "is_present_hf(\"X-Tenant\") becomes header { X-Tenant = \"\" }"
            })
    void aConditionThatARuleCanAskIsCarriedOver(String condition, String when) {
        ScriptImport.Imported imported = routing("if (" + condition.strip()
                + ") { ds_select_dst(1, 4); t_relay(); exit; }" + " send_reply(403, \"No\"); exit;");

        assertThat(imported.conf())
                .contains("      when   { " + when + " }\n      select { set = \"1\", alg = \"4\" }\n");
        assertThat(imported.conf()).doesNotContain("unfinished");
        assertThat(imported.counted()).contains("1 selection: 1 carried over", "1 reply: 1 carried over");
        assertThat(imported.isWhole()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "uri == myself",
                "$avp(tenant) == \"a\"",
                "check_source_address(0)",
                "$rU =~ \"a++\"",
                "$rU == $var(x)",
                "$si =~ \"10.1.\"",
                "route(ALLOWED)",
                "$(fU{s.len}) > 5 && $avp(a) == 1"
            })
    void aConditionThatNoRuleCanAskMakesACommentAndStopsTheStart(String condition) {
        ScriptImport.Imported imported =
                routing("if (" + condition + ") { ds_select_dst(1, 4); t_relay(); } else send_reply(403, \"No\");");

        assertThat(imported.conf())
                .contains("  unfinished = [\n", "\"rules: 2 of 2 are comments", "    # ? if ")
                .contains("    #   select { set = \"1\", alg = \"4\" }\n")
                .doesNotContain("\n      select");
        assertThat(imported.counted()).contains("1 selection: 0 carried over, 1 left");
        assertThat(imported.isWhole()).isFalse();
    }

    @Test
    void negationsAndAlternativesBecomeRulesInTheirOrder() {
        String conf = routing("""
                if (!is_method("INVITE") || src_ip == 192.0.2.9) { send_reply(405, "No"); exit; }
                if (!($rU =~ "^0" && src_ip == 10.0.0.0/8)) { ds_select_dst(1, 0); } else { ds_select_dst(2, 0); }
                t_relay();
                """).conf();

        assertThat(conf).contains("""
                  rules = [
                    {
                      when   { method = INVITE, source = "192.0.2.9" }
                      reply  { code = 405, reason = "No" }
                    }
                    {
                      when   { method = INVITE, source = "10.0.0.0/8", ruri = "(?i)^(sips?:0[^@]*@|tel:0)" }
                      select { set = "2", alg = "0" }
                    }
                    {
                      when   { method = INVITE }
                      select { set = "1", alg = "0" }
                    }
                    {
                      reply  { code = 405, reason = "No" }
                    }
                  ]
                """);
    }

    @Test
    void whatChangesNothingAboutTheWayIsNoCondition() {
        String conf = routing("""
                if (nat_uac_test(19)) { force_rport(); fix_nated_contact(); }
                if (is_method("INVITE")) xlog("a call");
                if (!sanity_check("1511", "7")) exit;
                if (has_totag()) { if (loose_route()) t_relay(); else exit; }
                ds_select_dst(1, 0);
                t_relay();
                """).conf();

        assertThat(conf)
                .contains("  rules = [\n    {\n      select { set = \"1\", alg = \"0\" }\n    }\n  ]\n")
                .contains("# not carried over: functions: fix_nated_contact() at line 3, because");
    }

    @Test
    void aSelectionForRequestsOfDialogsKeepsItsCondition() {
        String conf = routing(
                        "if (has_totag()) { if (loose_route()) { t_relay(); exit; } ds_select_dst(2, 0); t_relay(); exit; }"
                                + " ds_select_dst(1, 0); t_relay();")
                .conf();

        assertThat(conf).contains("when   { to-tag = on }\n      select { set = \"2\", alg = \"0\" }");
    }

    @Test
    void aSetThatIsTriedNextStandsBehindTheFirst() {
        String fallback =
                "if (!ds_select_dst(1, 4, \"%s\")) if (!ds_select_dst(2, 8)) { send_reply(480, \"Gone\"); exit; }"
                        + " t_on_failure(\"n\"); t_relay(); } failure_route[n] { if (ds_next_dst()) t_relay();";

        assertThat(routing(fallback.formatted("u")).conf())
                .contains("select { set = \"1,2\", alg = \"4,8\", flags = \"u,\","
                        + " unusable { code = 480, reason = \"Gone\" } }");
        assertThat(routing(fallback.formatted("F")).conf()).contains("# ? with flag F the second set");
    }

    @Test
    void aFailureRouteBecomesTheCodesOnWhichItTriesTheNext() {
        String selection = "ds_select_dst(1, 4, \"F\"); t_on_failure(\"n\"); t_relay(); } failure_route[n] { ";

        assertThat(routing(selection + "if (t_check_status(\"(408)|([56][0-9][0-9])\") && ds_next_dst()) t_relay();")
                        .conf())
                .contains("relay  { failover = \"408,5xx,6xx\", stop = \"\" }");
        assertThat(routing(selection + "if ($T_reply_code >= 500) { ds_mark_dst(\"p\"); ds_next_dst(); t_relay(); }")
                        .conf())
                .contains("relay  { failover = \"5xx,6xx\", stop = \"\", mark = probing }");
        assertThat(routing(
                                selection
                                        + "if (t_check_status(\"486\")) { t_reply(480, \"Busy\"); exit; } ds_next_dst(); t_relay();")
                        .conf())
                .contains("# not carried over: failure_route[n] at line", "t_reply(\"480\", \"Busy\")");
        assertThat(routing("ds_select_dst(1, 4, \"F\"); t_relay();").conf())
                .contains("select { set = \"1\", alg = \"4\" }");
    }

    @Test
    void aRequestUriThatTheScriptChangesIsNotLostSilently() {
        String conf = routing("strip(1); $rU = \"+\" + $rU; ds_select_dst(1, 4); t_relay();")
                .conf();

        assertThat(conf).contains("# ? the Request-URI is changed before: strip(\"1\"); $rU = \"+\" + $rU");
    }

    @Test
    void aSetInAVariableIsFollowed() {
        String conf = routing("$var(set) = 1; if (src_ip == 192.0.2.7) $var(set) = 2;"
                        + " ds_select_dst(\"$var(set)\", \"4\"); t_relay();")
                .conf();

        assertThat(conf)
                .contains("when   { source = \"192.0.2.7\" }\n      select { set = \"2\", alg = \"4\" }")
                .contains("    {\n      select { set = \"1\", alg = \"4\" }");
    }

    @Test
    void everyModparamIsAccountedFor() {
        ScriptImport.Imported imported = opensips("""
                listen=udp:eth0:5060
                advertised_address="203.0.113.1"
                loadmodule('tm.so')
                loadmodule 'dispatcher.so'
                modparam("tm", "fr_timer", 2)
                modparam("tm", "wt_timer", 9)
                modparam("dispatcher.so", "hash_pvar", "$ci")
                modparam("acc", "db_url", "mysql://u:secret@db/x")
                modparam("acc", "log_flag", 1)
                modparam("dispatcher", "nonsense", 1)
                """);

        assertThat(imported.conf())
                .contains("fr_timeout = 2s")
                .contains("# not carried over: modparam(\"tm\", \"wt_timer\", \"9\") at line 6")
                .contains("# not carried over: modparams of acc: db_url, log_flag, because")
                .contains("# not carried over: modparam(\"dispatcher\", \"nonsense\", \"1\") at line 10")
                .contains("# not carried over: socket=udp:eth0:5060, because")
                .contains("# not carried over: advertised_address = 203.0.113.1, because it fits no socket");
        assertThat(imported.counted()).startsWith("6 modparams: ");
    }

    @Test
    void aQuoteThatIsMissingIsSaid() {
        ScriptImport.Imported imported = opensips("""
                socket=udp:192.0.2.1:5060
                loadmodule "dispatcher.so
                modparam("dispatcher", "ds_ping_interval", 5)
                modparam("dispatcher", "ds_probing_mode", 1)
                """);

        assertThat(imported.conf()).contains("calls of modparam, because they cannot be read; a quote may be missing");
        assertThat(imported.isWhole()).isFalse();
    }

    @Test
    void aLongScriptWithAQuoteThatIsMissingIsRead() {
        String script = "#!define WITH_LOG 1\nsocket=udp:192.0.2.1:5060\nloadmodule \"dispatcher.so\n"
                + "modparam('acc', 'log_flag', 1)\n".repeat(2000)
                + "loadmodule \"tm.so\"\n"
                + "route { " + "xlog(1); ".repeat(5000) + "ds_select_dst(1, 0); t_relay(); }";

        assertThat(opensips(script).isWhole()).isFalse();
    }

    @Test
    void parametersOfKamailioMeanWhatTheyMeanThere() {
        ScriptImport.Imported imported = kamailio("""
                listen=192.0.2.1:5060 // isn't TLS
                modparam("tm", "fr_timer", 2500)
                modparam("dispatcher", "flags", 3)
                modparam("dispatcher", "use_default", 1)
                modparam("dispatcher", "ds_ping_interval", 10)
                modparam("dispatcher", "ds_ping_reply_codes", "class=2;code=404;code=100")
                modparam("dispatcher", "ds_inactive_threshold", 2)
                request_route { record_route(); ds_select_dst("1", "9", "3"); t_on_failure("N"); t_relay(); }
                failure_route[N] { ds_next_dst(); t_relay(); }
                """);

        assertThat(imported.conf())
                .contains("main = \"udp:192.0.2.1:5060\"", "tcp = \"tcp:192.0.2.1:5060\"")
                .contains("fr_timeout = 2500ms", "fr_inv_timeout = 120s")
                .contains("options_reply_codes = \"2xx,404\"", "success-threshold = 2", "ds_probing_threshold = 1")
                .contains("set = \"1\", numbers = kamailio, alg = \"9\", flags = \"FUD\", max_results = 3")
                .contains("failover = \"3xx,4xx,5xx,6xx\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "null",
            value = {
                "^[[:digit:]]{3}$ ; ^[0-9]{3}$",
                "^\\+49 ; ^\\+49",
                "a++ ; null",
                "(?i)a ; null",
                "\\d+ ; null",
                "[[:punct:]] ; null",
                "[a&&b] ; null",
                "(a ; null"
            })
    void anExpressionThatJavaReadsOtherwiseIsNotTaken(String posix, String java) {
        assertThat(PosixPattern.java(posix)).isEqualTo(java);
    }

    @Test
    void aScriptIsKnownByItsLooks() {
        assertThat(ScriptImport.guessDialect("#!KAMAILIO\n")).isEqualTo(Dialect.KAMAILIO);
        assertThat(ScriptImport.guessDialect("modparam(\"dispatcher\", \"list_file\", \"a\")"))
                .isEqualTo(Dialect.KAMAILIO);
        assertThat(ScriptImport.guessDialect("request_route {\n}")).isEqualTo(Dialect.KAMAILIO);
        assertThat(ScriptImport.guessDialect("loadmodule \"proto_udp.so\"")).isEqualTo(Dialect.OPENSIPS);
        assertThat(ScriptImport.guessDialect("route { forward(); }")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " becomes ",
            value = {
                "a becomes < becomes 2 becomes count { set = \"1\", less-than = 2 }",
                "A becomes <= becomes 2 becomes count { set = \"1\", less-than = 3 }",
                "ap becomes > becomes 2 becomes count { set = \"1\", state = \"ap\", at-least = 3 }",
                "i becomes >= becomes 2 becomes count { set = \"1\", state = \"i\", at-least = 2 }",
                "p becomes == becomes 2 becomes count { set = \"1\", state = \"p\", at-least = 2, less-than = 3 }",
                "a becomes == becomes 0 becomes count { set = \"1\", less-than = 1 }"
            })
    void aCountIsCarriedOver(String states, String operator, String number, String when) {
        ScriptImport.Imported imported = routing("ds_count(\"1\", \"" + states + "\", \"$avp(n)\"); if ($avp(n) "
                + operator + " " + number + ") { send_reply(503, \"Few\"); exit; } ds_select_dst(1, 4); t_relay();");

        assertThat(imported.conf())
                .contains("    {\n      when   { " + when
                        + " }\n      reply  { code = 503, reason = \"Few\" }\n    }\n    {\n" + "      select {");
        assertThat(imported.isWhole()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ds_count(\"1\", \"a\", \"$avp(n)\"); if ($avp(n) < $avp(m))",
                "ds_count(\"$avp(s)\", \"a\", \"$avp(n)\"); if ($avp(n) < 2)",
                "ds_count(\"1\", \"a\", \"$avp(n)\"); avp_db_query(\"q\", \"$avp(n)\"); if ($avp(n) < 2)",
                "ds_count(\"1\", \"a\", \"$avp(n)\"); if ($avp(n) =~ \"2\")",
                "ds_count(\"none:1\", \"a\", \"$avp(n)\"); if ($avp(n) < 2)",
                "if (ds_count(\"1\", \"a\", \"$avp(n)\"))",
                "if (ds_is_in_list(\"$rd\", \"\", \"2\"))",
                "if (ds_is_in_list(\"$si\", \"5060\", \"2\"))",
                "if (ds_is_in_list(\"$si\", \"\", \"$avp(s)\"))",
                "if (ds_is_in_list($si, 0, 2, none))",
                "if (ds_is_in_list($si, 0, 2, , $var(active)))"
            })
    void aConditionAboutSetsThatNoRuleHasMakesAComment(String condition) {
        ScriptImport.Imported imported =
                routing(condition + " { send_reply(503, \"Few\"); exit; } ds_select_dst(1, 4); t_relay();");

        assertThat(imported.conf()).doesNotContain("\n      when   { count").doesNotContain("\n      when   { in-set");
        assertThat(imported.isWhole()).isFalse();
    }

    @Test
    void theNumberOfACountIsNoConstant() {
        assertThat(routing("ds_count(\"1\", \"a\", \"$avp(n)\"); ds_select_dst(\"$avp(n)\", \"4\"); t_relay();")
                        .isWhole())
                .isFalse();
    }

    /** Each property and each parameter is counted, and one that nobody needs does not make the import incomplete. */
    @Test
    void theVariablesOfAPartitionForCandidatesAreNotNeeded() {
        String partition = "modparam(\"dispatcher\", \"partition\", \"trunks: table_name=ds_trunks; dst_avp=$avp(1);"
                + " grp_avp=$avp(2); cnt_avp=$avp(3)\")\n";
        String script = "socket=udp:192.0.2.1:5060\nmodparam(\"dispatcher\", \"db_url\", \"mysql://u@db/opensips\")\n"
                + partition + "route { record_route(); ds_select_dst(\"trunks/1\", 4); t_relay(); }";
        ScriptImport.Options options = new ScriptImport.Options(null, true);
        ScriptImport.Imported whole = ScriptImport.of(ScriptImport.Dialect.OPENSIPS, script, name -> null, options);
        ScriptImport.Imported other = ScriptImport.of(
                ScriptImport.Dialect.OPENSIPS,
                "modparam(\"nathelper\", \"a\", 1)\nmodparam(\"nathelper\", \"a\", 2)\nmodparam(\"nathelper\", \"b\", 1)\n"
                        + script.replace("t_relay()", "append_hf(\"X-A: $avp(attrs)\\r\\n\"); t_relay()"),
                name -> null,
                options);

        assertThat(whole.conf())
                .contains(
                        "# not needed here: partition trunks: cnt_avp = $avp(3), because candidates are kept inside\n");
        assertThat(whole.counted())
                .startsWith("2 modparams: 2 carried over; 4 properties of partitions: 1 carried over, 3 not needed;");
        assertThat(other.conf())
                .contains("# not carried over: modparams of nathelper: a (2 times), b, because nothing here")
                .contains(
                        "# not carried over: append_hf(\"X-A: $avp(attrs)\\r\\n\") at line 7, because a rule sets header"
                                + " fields by headers { NAME = \"$ds(attrs)\" }; see the page Migrating\n");
        assertThat(other.counted()).startsWith("5 modparams: 2 carried over, 3 left;");
    }
}
