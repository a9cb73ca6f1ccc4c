package org.sipdispatch.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.database.Database;
import org.sipdispatch.destination.PartitionPingSettings;
import org.sipdispatch.settings.SettingException;

class CatalogSettingsTest {
    @Test
    void oneUrlIsEnough() {
        PartitionSettings partition = only("default { db_url = \"jdbc:h2:mem:x\" }");

        assertThat(partition.name()).isEqualTo("default");
        assertThat(table(partition).name()).isEqualTo("dispatcher");
        assertThat(table(partition).versions()).isEqualTo("version");
        assertThat(table(partition).columns().names().values())
                .containsExactlyInAnyOrder(
                        "setid",
                        "destination",
                        "socket",
                        "state",
                        "weight",
                        "priority",
                        "attrs",
                        "description",
                        "probe_mode");
        assertThat(partition.persistentState()).isTrue();
        assertThat(table(partition).connectTimeout()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void aPartitionInheritsWhatItLeavesOut() {
        CatalogSettings settings = CatalogSamples.settings("""
                default { db_url = "jdbc:h2:mem:x", table_name = a, weight_col = w, connect_timeout = 1s }
                trunks { table_name = b, persistent_state = off }
                """);

        PartitionSettings trunks = settings.partitions().get(1);
        assertThat(trunks.name()).isEqualTo("trunks");
        assertThat(table(trunks).database())
                .isEqualTo(table(settings.partitions().get(0)).database());
        assertThat(table(trunks).name()).isEqualTo("b");
        assertThat(table(trunks).columns().name(Column.WEIGHT)).isEqualTo("w");
        assertThat(trunks.persistentState()).isFalse();
        assertThat(table(trunks).connectTimeout()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aPartitionHasItsOwnPings() {
        CatalogSettings settings = CatalogSamples.settings("""
                default { db_url = "jdbc:h2:mem:x", ping_method = INFO, ping_sock = main }
                trunks { ping_from = "sip:trunks@example.com", ping_sock = "udp:10.0.0.1:5080" }
                """);

        assertThat(settings.pings())
                .containsEntry("default", new PartitionPingSettings("INFO", null, "main"))
                .containsEntry(
                        "trunks", new PartitionPingSettings("INFO", "sip:trunks@example.com", "udp:10.0.0.1:5080"));
        assertThat(settings.pingSockets())
                .containsEntry("partitions.default.ping_sock", "main")
                .containsEntry("partitions.trunks.ping_sock", "udp:10.0.0.1:5080");
        assertThat(settings.pingMethods()).containsOnly(Map.entry("partitions.default.ping_method", "INFO"));
    }

    @Test
    void aDefaultWithoutAUrlOnlyLends() {
        PartitionSettings partition = only("default { table_name = a }, trunks { db_url = \"jdbc:h2:mem:x\" }");

        assertThat(partition.name()).isEqualTo("trunks");
        assertThat(table(partition).name()).isEqualTo("a");
    }

    @Test
    void anotherPartitionMayBeTheDefaultOne() {
        String partitions = "default { db_url = \"jdbc:h2:mem:x\", table_name = a }, trunks { table_name = b }";

        assertThat(CatalogSamples.settings(partitions).names()).containsExactly("default", "trunks");
        assertThat(CatalogSamples.settings(partitions, "trunks").names())
                .as("the standard table is not loaded")
                .containsExactly("trunks");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "jdbc:mysql://db/x, jdbc:mariadb://db/x, u, p",
                "jdbc:mariadb://db/x?user=a, jdbc:mariadb://db/x?user=a, -, p",
                "jdbc:postgresql://db/x?user=a&password=b, jdbc:postgresql://db/x?user=a&password=b, -, -",
                "jdbc:mariadb:sequential://db:1/x?password=a@b:c, jdbc:mariadb:sequential://db:1/x?password=a@b:c, u, -",
                "jdbc:mysql://[::1]:1/x?password=a@b:c, jdbc:mariadb://[::1]:1/x?password=a@b:c, u, -",
                "mysql://a:b@db/x, jdbc:mariadb://db/x, a, b",
                "mysql://a:b:c@d@db:3307/x, jdbc:mariadb://db:3307/x, a, b:c@d",
                "postgres://a@db/x, jdbc:postgresql://db/x, a, p",
                "postgres://db:5433/x, jdbc:postgresql://db:5433/x, u, p",
                "mysql://a:b@[::1]:3306/x, jdbc:mariadb://[::1]:3306/x, a, b",
            })
    void urlsOfBothKindsAreRead(String given, String url, String user, String password) {
        PartitionSettings partition = only("default { db_url = \"" + given + "\", db_user = u, db_password = p }");

        assertThat(table(partition).database()).isEqualTo(new Database(url, user, password));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | partitions.default.db_url: nothing (expected: jdbc:h2:",
                "trunks { table_name = x } | partitions.trunks.db_url: nothing (expected: jdbc:h2:",
                "default { db_url = \"oracle://u:secret@h/d\" }"
                        + " | partitions.default.db_url: oracle://u:***@h/d (expected: jdbc:h2:",
                "default { db_url = \"jdbc:mysql://u:secret@h/d\" }"
                        + " | partitions.default.db_url: jdbc:mysql://u:***@h/d (expected: a JDBC URL without user:password@; user and",
                "default { db_url = \"jdbc:postgresql://u:se/c?ret@h:1/d\" }"
                        + " | partitions.default.db_url: jdbc:postgresql://u:***@h:1/d (expected: a JDBC URL without user:password@; user and",
                "default { db_url = \"jdbc:postgresql:u:secret@h\" }"
                        + " | partitions.default.db_url: jdbc:postgresql:u:***@h (expected: a JDBC URL without user:password@; user and",
                "default { db_url = \"mysql//u:secret@h/d\" }"
                        + " | partitions.default.db_url: mysql//u:***@h/d (expected: jdbc:h2:",
                "default { db_url = \"file://u:secret@h/x.list\" }"
                        + " | partitions.default.db_url: file://u:***@h/x.list (expected: a file",
                "default { db_url = \"jdbc:oracle:thin:u/x;password=secret\" }"
                        + " | partitions.default.db_url: jdbc:oracle:thin:*** (expected: jdbc:h2:",
                "default { db_url = \"mysql://u:secret@h\" } | partitions.default.db_url: mysql://u:***@h"
                        + " (expected: mysql:// or postgres:// with user:password@host:port/database)",
                "default { db_url = \"file:/no/such.list\" }"
                        + " | partitions.default.db_url: file:/no/such.list (expected: a file that can be read)",
                "default { db_url = \"jdbc:h2:mem:x\", init_script = /no/such.sql }"
                        + " | partitions.default.init_script: /no/such.sql (expected: a file that can be read)",
                "default { db_url = \"jdbc:h2:mem:x\", table_name = \"a;b\" }"
                        + " | partitions.default.table_name: a;b (expected: a table name of",
                "default { db_url = \"jdbc:h2:mem:x\", version_table = \"a..b\" }"
                        + " | partitions.default.version_table: a..b (expected: a table name of",
                "default { db_url = \"jdbc:h2:mem:x\", weight_col = \"w.x\" }"
                        + " | partitions.default.weight_col: w.x (expected: a column name of",
                "default { weight_col = \"w x\" }, trunks { db_url = \"jdbc:h2:mem:x\" }"
                        + " | partitions.default.weight_col: w x (expected: a column name of",
                "default { db_url = \"jdbc:h2:mem:x\", db_pasword = secret }"
                        + " | partitions.default.db_pasword: an unknown key (expected: one of db_url, db_user",
                "default { db_url = \"jdbc:h2:mem:x\", db_password = [secret] }"
                        + " | partitions.default.db_password: something else (expected: a text)",
                "default { db_url = \"jdbc:h2:mem:x\", connect_timeout = 1ms }"
                        + " | partitions.default.connect_timeout: 1ms (expected: a time with its unit from",
                "default { db_url = \"jdbc:h2:mem:x\", ping_method = INVITE }"
                        + " | partitions.default.ping_method: INVITE (expected: a method such as OPTIONS",
                "default { db_url = \"jdbc:h2:mem:x\", ping_from = bob }"
                        + " | partitions.default.ping_from: bob (expected: a SIP URI",
                "default = 5 | partitions.default: a single value (expected: a block",
                "\"a:b\" { db_url = \"jdbc:h2:mem:x\" } | partitions: a:b (expected: a name of letters",
            })
    void aWrongSettingIsReportedInOneLineWithoutPasswords(String partitions, String message) {
        assertThatThrownBy(() -> CatalogSamples.settings(partitions))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith(message)
                .hasMessageNotContaining("secret")
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:mariadb://h/d?password=se;cr et&user=u, jdbc:mariadb://h/d?password=***&user=u",
        "jdbc:h2:file:x;PASSWORD=a b;USER=u, jdbc:h2:file:x;PASSWORD=***;USER=u",
        "jdbc:postgresql://h/d?sslpassword=x, jdbc:postgresql://h/d?sslpassword=***",
        "mysql://u:a:b@c@h/d, mysql://u:***@h/d",
        "jdbc:mysql://u:a@h/d, jdbc:mysql://u:***@h/d",
        "jdbc:mariadb://h:3306/d?user=u, jdbc:mariadb://h:3306/d?user=u",
    })
    void noUrlIsShownWithItsPassword(String url, String shown) {
        assertThat(new Database(url, null, null).shownUrl()).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dispatcher", "opensips.dispatcher", "a.b.c", "2nd_table", "dis$patcher"})
    void tablesMayBeQualified(String table) {
        assertThat(table(only("default { db_url = \"jdbc:h2:mem:x\", table_name = \"" + table + "\" }"))
                        .name())
                .isEqualTo(table);
    }

    private static TableSettings table(PartitionSettings partition) {
        return (TableSettings) partition.source();
    }

    private static PartitionSettings only(String partitions) {
        CatalogSettings settings = CatalogSamples.settings(partitions);
        assertThat(settings.partitions()).hasSize(1);
        return settings.partitions().get(0);
    }
}
