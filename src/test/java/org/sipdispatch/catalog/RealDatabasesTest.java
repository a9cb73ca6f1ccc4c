package org.sipdispatch.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sipdispatch.catalog.CatalogSamples.load;
import static org.sipdispatch.catalog.CatalogSamples.run;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.database.EmbeddedMariaDb;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.migrate.KamailioList;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.settings.SettingException;

class RealDatabasesTest {
    /** The update moves the first row to the end of PostgreSQL's heap. */
    private static final String ROWS = """
            INSERT INTO dispatcher (setid, destination, socket, state, weight, priority, attrs, description) VALUES
                (1, 'sip:10.0.0.1:5060', NULL, 0, '5', 10, 'gw=1', 'first'),
                (1, 'sip:10.0.0.2:5060', 'main', 2, '1', 10, '', ''),
                (1, 'sip:10.0.0.3:5060', 'udp:10.0.0.1:5060', 1, '', 20, 'x', ''),
                (2, 'sip:10.0.0.4:5060', NULL, 0, 'abc', 0, '', '');
            UPDATE dispatcher SET attrs = 'gw=1' WHERE id = 1;
            """;

    @ParameterizedTest
    @ValueSource(ints = {7, 8, 9})
    void theStockTablesOfMariaDbLoad(int version) {
        String url = EmbeddedMariaDb.jdbcUrl("stock" + version);
        run(url, StockTables.version(version) + table(true, version) + rows(version));

        assertStockRows(load("default { db_url = \"" + url + "\" }"), version);
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 8, 9})
    void theStockTablesOfPostgresLoad(int version) {
        String url = EmbeddedPostgres.jdbcUrl("stock" + version);
        run(url, StockTables.version(version) + table(false, version) + rows(version));

        assertStockRows(load("default { db_url = \"" + url + "\" }"), version);
    }

    /** A backslash in quotes is an escape in one database and a plain character in another. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void importedRowsSayTheSameInAllDatabases(boolean mysql) {
        String url = mysql ? EmbeddedMariaDb.jdbcUrl("imported") : EmbeddedPostgres.jdbcUrl("imported");
        String list = "1 sip:10.0.0.1:5060 0 0 a=\\n\\\\;b=it's;duid=\\d\\\n";
        String table = mysql ? StockTables.mysql9("dispatcher") : StockTables.postgres9("dispatcher");

        run(
                url,
                StockTables.version(9)
                        + table
                        + KamailioList.convert("dispatcher.list", list, "dispatcher")
                                .sql());

        assertThat(load("default { db_url = \"" + url + "\" }").entries())
                .containsExactly(new Definition(
                        new Destination("default", 1, "sip:10.0.0.1:5060", null, 1, 0, "a=\\n\\\\;b=it's", "\\d\\"),
                        DestinationState.ACTIVE,
                        false));
    }

    private static String table(boolean mysql, int version) {
        if (version == 9) {
            return mysql ? StockTables.mysql9("dispatcher") : StockTables.postgres9("dispatcher");
        }
        String eight = mysql ? StockTables.mysql8("dispatcher") : StockTables.postgres8("dispatcher");
        return version == 8 ? eight : eight.replaceFirst("(weight`?) (VAR)?CHAR\\(64\\)", "$1 INT");
    }

    private static String rows(int version) {
        return version == 7 ? ROWS.replace("'abc'", "-3").replace("1, '', 20", "1, 1, 20") : ROWS;
    }

    private static void assertStockRows(CatalogSnapshot snapshot, int version) {
        assertThat(snapshot.entries())
                .containsExactly(
                        new Definition(
                                new Destination("default", 1, "sip:10.0.0.1:5060", null, 5, 10, "gw=1", "first"),
                                DestinationState.ACTIVE,
                                false),
                        new Definition(
                                new Destination("default", 1, "sip:10.0.0.2:5060", "main", 1, 10, "", ""),
                                DestinationState.PROBING,
                                false),
                        new Definition(
                                new Destination("default", 1, "sip:10.0.0.3:5060", "udp:10.0.0.1:5060", 1, 20, "x", ""),
                                DestinationState.INACTIVE,
                                false));
        assertThat(snapshot.warnings())
                .containsExactly("dispatcher id 4: weight: " + (version == 7 ? "-3" : "abc")
                        + " (expected: a whole number from 0 to 65535)");
    }

    @Test
    void twoDatabasesServeTwoPartitionsUnderTheirOwnNames() {
        String maria = EmbeddedMariaDb.jdbcUrl("trunks");
        String postgres = EmbeddedPostgres.jdbcUrl("routes");
        run(
                maria,
                renamed(StockTables.mysql9("gateways"))
                        + "INSERT INTO gateways (`grp`, `uri`, `share`) VALUES (7, 'sip:10.1.0.1', '3');");
        run(
                postgres,
                "CREATE SCHEMA sip;" + renamed(StockTables.postgres9("sip.\"order\""))
                        + "INSERT INTO sip.\"order\" (grp, uri, share) VALUES (7, 'sip:10.2.0.1', '4');"
                        + "INSERT INTO sip.\"order\" (grp, uri, share) VALUES (8, 'sip:10.2.0.2', '65536');");

        CatalogSnapshot snapshot = load("""
                default { setid_col = GRP, destination_col = uri, weight_col = share }
                trunks { db_url = "%s", table_name = gateways }
                routes { db_url = "%s", table_name = sip.order }
                """.formatted(maria, postgres));

        assertThat(snapshot.entries())
                .extracting(Definition::destination)
                .containsExactlyInAnyOrder(
                        new Destination("trunks", 7, "sip:10.1.0.1", null, 3, 0, "", ""),
                        new Destination("routes", 7, "sip:10.2.0.1", null, 4, 0, "", ""));
        assertThat(snapshot.warnings())
                .containsExactly("sip.order id 2: share: 65536 (expected: a whole number from 0 to 65535)");
        assertThat(snapshot.sets()).containsOnlyKeys(new SetId("trunks", 7), new SetId("routes", 7));
    }

    @Test
    void theProbeModeOfVersionNineIsRead() {
        String url = EmbeddedMariaDb.jdbcUrl("probed");
        run(
                url,
                StockTables.mysql9("dispatcher")
                        + "INSERT INTO dispatcher (setid, destination, probe_mode) VALUES (1, 'sip:a', 1), (1, 'sip:b', 0);");

        assertThat(load("default { db_url = \"" + url + "\" }").entries())
                .extracting(Definition::permanentProbing)
                .containsExactly(true, false);
        assertThatThrownBy(() -> load("default { db_url = \"" + url + "\", probe_mode_col = probing }"))
                .isInstanceOf(SettingException.class)
                .hasMessage("partitions.default.probe_mode_col: probing (expected: a column of table dispatcher)");
    }

    private static String renamed(String ddl) {
        return ddl.replace("setid", "grp").replace("destination", "uri").replace("weight", "share");
    }

    @Test
    void mariaDbPadsColumnsOnlyIfConfiguredTo() {
        String url = EmbeddedMariaDb.jdbcUrl("padded") + "&sessionVariables=sql_mode='PAD_CHAR_TO_FULL_LENGTH'";
        run(
                url,
                StockTables.version(8) + StockTables.mysql8("dispatcher")
                        + "INSERT INTO dispatcher (setid, destination, socket) VALUES (1, 'sip:a', 'main');");

        CatalogSnapshot snapshot = load("default { db_url = \"" + url + "\" }");

        assertThat(snapshot.warnings()).isEmpty();
        assertThat(snapshot.entries().get(0).destination())
                .isEqualTo(new Destination("default", 1, "sip:a", "main", 1, 0, "", ""));
    }

    @Test
    void theShippedTablesLoadInBoth() throws IOException {
        String maria = EmbeddedMariaDb.jdbcUrl("shipped");
        String postgres = EmbeddedPostgres.jdbcUrl("shipped");
        String row = "INSERT INTO dispatcher (setid, destination) VALUES (1, 'sip:a');";
        run(maria, H2CatalogTest.resource("mysql.sql") + row);
        run(postgres, H2CatalogTest.resource("postgresql.sql") + row);

        CatalogSnapshot snapshot = load("m { db_url = \"" + maria + "\" }, p { db_url = \"" + postgres + "\" }");

        assertThat(snapshot.warnings()).isEmpty();
        assertThat(snapshot.sets()).containsOnlyKeys(new SetId("m", 1), new SetId("p", 1));
    }

    @Test
    void urlsAsOpenSipsWritesThemAndItsWrongVersionWork() {
        String maria = EmbeddedMariaDb.jdbcUrl("wrong");
        String postgres = EmbeddedPostgres.jdbcUrl("wrong");
        run(maria, StockTables.version(6) + StockTables.mysql8("dispatcher"));
        run(postgres, StockTables.version(10) + StockTables.postgres9("dispatcher"));

        assertThatThrownBy(() ->
                        load("default { db_url = \"mysql://sip:sip@127.0.0.1:" + EmbeddedMariaDb.port() + "/wrong\" }"))
                .isInstanceOf(SettingException.class)
                .hasMessage("partitions.default.table_name: dispatcher version 6 (expected: version 7, 8 or 9)");
        assertThatThrownBy(() -> load("default { db_url = \"postgres://postgres:secret@127.0.0.1:"
                        + EmbeddedPostgres.port() + "/wrong\" }"))
                .isInstanceOf(SettingException.class)
                .hasMessage("partitions.default.table_name: dispatcher version 10 (expected: version 7, 8 or 9)");
    }

    @Test
    void aRefusedPasswordIsNotShown() {
        int port = EmbeddedMariaDb.port();

        assertThatThrownBy(() -> load("default { connect_timeout = 2s, db_url = \"mysql://sip:s3cret@127.0.0.1:" + port
                        + "/wrong\" }"))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("partitions.default.db_url: jdbc:mariadb://127.0.0.1:" + port + "/wrong"
                        + " (expected: a database that answers: ")
                .hasMessageContaining("Access denied for user 'sip'")
                .hasMessageNotContaining("s3cret");
    }
}
