package org.sipdispatch.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.migrate.ScriptImport.Dialect;

/** A statement with a syntax error is named with its line, and the rules behind it are comments. */
class ScriptImportSyntaxTest {
    @ParameterizedTest
    @CsvSource(
            delimiterString = " names ",
            value = {
                "if (ds_select_dst(\"1\", \"4\") { t_relay(); } names \"if (ds_select_dst(\"1\", \"4\")\" at line 3",
                "if (ds_select_dst(\"1\", \"4\"))) { t_relay(); } names \"if (ds_select_dst(\"1\", \"4\"))\" at line 3",
                "ds_select_dst(\"1\", \"4\"; t_relay(); names \"ds_select_dst(\"1\", \"4\"\" at line 3",
                "ds_select_dst(\"1\", \"4\") t_relay(); names \"ds_select_dst(\"1\", \"4\")\" at line 3"
            })
    void aStatementThatCannotBeReadIsNamed(String statement, String named) {
        ScriptImport.Imported imported = ScriptImport.of(
                Dialect.OPENSIPS,
                "socket=udp:192.0.2.1:5060\nmodparam(\"dispatcher\", \"db_url\", \"mysql://u@db/opensips\")\n"
                        + "route { " + statement + " }",
                name -> null,
                new ScriptImport.Options(null, true));

        assertThat(imported.conf())
                .contains("# not carried over: " + named + ", because it cannot be read")
                .contains("unfinished = [");
        assertThat(imported.isWhole()).isFalse();
    }
}
