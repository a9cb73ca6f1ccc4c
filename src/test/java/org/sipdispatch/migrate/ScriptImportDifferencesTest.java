package org.sipdispatch.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.migrate.ScriptImport.Dialect;

/** What a rule does otherwise than the script is named with its true reason. */
class ScriptImportDifferencesTest {
    private static ScriptImport.Imported routing(Dialect dialect, String statements) {
        return ScriptImport.of(
                dialect,
                "listen=udp:192.0.2.1:5060\nroute { record_route(); " + statements + " }",
                name -> null,
                new ScriptImport.Options("/etc/list", true));
    }

    private static ScriptImport.Imported kamailio(String statements) {
        return routing(Dialect.KAMAILIO, statements);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if (ds_select_dst(1, 4)) { t_relay(); exit; } if (ds_select_domain(2, 4)) { t_relay(); exit; }",
                "if (!ds_select_dst(1, 4)) { if (!ds_select_domain(2, 4)) { send_reply(503, \"No\"); exit; } } t_relay(); exit;",
                "if (ds_select_dst(1, 4)) { t_relay(); exit; } if (ds_select_dst(2, 4)) { forward(); exit; }",
                "if (ds_select_dst(1, 4)) { send_reply(302, \"Moved\"); exit; } if (ds_select_dst(2, 4)) { t_relay(); exit; }"
            })
    void selectionsOfDifferentKindsAreNoSingleRule(String statements) {
        String conf = routing(Dialect.OPENSIPS, statements + " send_reply(503, \"No\");")
                .conf();

        assertThat(conf)
                .contains(
                        "    # ? if ds_select_dst(\"1\", \"4\") finds a destination\n    # {\n    #   select { set = \"1\"")
                .contains("    # ? if not ds_select_dst(\"1\", \"4\") finds", "    #   select { set = \"2\"")
                .doesNotContain("\n      select", "set = \"1,2\"");
    }

    @Test
    void theReplyWithoutAUsableDestinationIsNamedOnce() {
        ScriptImport.Imported imported = kamailio(
                "if (is_method(\"INVITE\")) { ds_select_dst(1, 4); t_relay(); exit; } ds_select_dst(2, 4); t_relay();");

        assertThat(imported.conf())
                .contains(
                        "# differs here: ds_select_dst(\"1\", \"4\") at line 2, ds_select_dst(\"2\", \"4\") at line 2, because"
                                + " the script continues if no destination is usable, mostly to the Request-URI;")
                .containsOnlyOnce("# differs here: ");
        assertThat(imported.isWhole()).isTrue();
        assertThat(kamailio("if (!ds_select_dst(1, 4)) { send_reply(503, \"No\"); exit; } t_relay();")
                        .conf())
                .doesNotContain("differs here");
    }

    @ParameterizedTest
    @ValueSource(strings = {"$fs = \"udp:192.0.2.1:5060\"", "force_send_socket(\"udp:192.0.2.1:5060\")"})
    void theChoiceOfTheSocketIsNamedAsSuch(String statement) {
        String conf = kamailio("if (!ds_select_dst(1, 4)) { send_reply(503, \"No\"); exit; } " + statement
                        + "; if ($rU == \"1\") { send_reply(404, \"No\"); exit; } t_relay();")
                .conf();

        assertThat(conf)
                .contains("    # ? the script chooses the socket to send from before: " + statement + "\n")
                .contains("# not carried over: " + statement + " at line 2, because it chooses the socket to send from")
                .doesNotContain("the Request-URI is changed", "functions: ", "\n      select");
    }

    @Test
    void theLettersOfAVariableAreNoFlags() {
        assertThat(routing(Dialect.OPENSIPS, "ds_select_dst(1, 4, \"F M $var(m)\"); t_relay();")
                        .conf())
                .contains("\"M $var(m)\"")
                .doesNotContain("$vr");
        assertThat(routing(Dialect.OPENSIPS, "ds_select_dst(1, 4, \"$avp(flags)\"); t_relay();")
                        .conf())
                .contains("flags $avp(flags) are not supported", "flags = \"$avp(flags)\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"defined $rU", "defined($rU)", "defined $rU && $rU != \"\"", "!($rU == $null)"})
    void definedAsksWhetherThereIsAValue(String condition) {
        ScriptImport.Imported imported = kamailio(
                "if (" + condition
                        + ") { if (!ds_select_dst(1, 4)) { send_reply(503, \"No\"); exit; } t_relay(); exit; } send_reply(484, \"No\");");

        assertThat(imported.conf())
                .contains("      when   { ruri = \"(?i)^sips?:[^@]*$\" }\n      reply  { code = 484")
                .contains("    {\n      select { set = \"1\"");
        assertThat(imported.isWhole()).isTrue();
        assertThat(kamailio("if (defined $avp(x)) { send_reply(484, \"No\"); exit; } ds_select_dst(1, 4); t_relay();")
                        .conf())
                .contains("    # ? if defined $avp(x)\n", "    # ? if not defined $avp(x)\n");
    }

    @Test
    void equalityOfHeaderFieldsAndVariablesDistinguishesCaseInKamailioOnly() {
        String asks = "$var(a) = \"X\"; if ($var(a) != \"x\") { send_reply(480, \"No\"); exit; }"
                + " if ($hdr(X-A) == \"b\" && $ua != \"c\") { send_reply(481, \"No\"); exit; }"
                + " exit; ds_select_dst($var(a), 4);";

        assertThat(kamailio(asks).conf())
                .contains("    {\n      reply  { code = 480")
                .doesNotContain("code = 481");
        assertThat(routing(Dialect.OPENSIPS, asks).conf())
                .contains("header { X-A = \"(?i)^b$\", User-Agent = \"(?i)^c$\" }", "code = 481")
                .doesNotContain("code = 480");
        assertThat(kamailio("if ($hdr(X-A) == \"b\") { send_reply(481, \"No\"); exit; }")
                        .conf())
                .contains("header { X-A = \"^b$\" }");
    }
}
