package org.sipdispatch.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sipdispatch.catalog.CatalogSamples.SOCKETS;
import static org.sipdispatch.catalog.CatalogSamples.h2;
import static org.sipdispatch.catalog.CatalogSamples.run;
import static org.sipdispatch.catalog.CatalogSamples.settings;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.database.EmbeddedMariaDb;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.SettingException;

/** Two clusters share a table: neither changes a row of the other. */
class OnlyOwnSocketsTest {
    private static final String OTHERS = "udp:10.9.9.9:5060";
    private static final String ROWS = "INSERT INTO dispatcher (id, setid, destination, socket, weight, attrs) VALUES"
            + " (7, 20, 'sip:a', 'udp:10.9.9.9:5060', '5', 'x'), (8, 20, 'sip:a', NULL, '6', 'y'),"
            + " (9, 21, 'sip:b', 'udp:10.9.9.9:5060', '7', 'z'),"
            + " (10, 22, 'sip:c', 'MAIN', '8', 'x'), (11, 22, 'sip:c', 'main', '9', 'y');";
    private static final String STORED = "SELECT id, state, weight, attrs FROM dispatcher ORDER BY id";

    private static Destination destination(int set, String uri, String socket) {
        return new Destination("default", set, uri, socket, 1, 0, "mine", "");
    }

    private static Definition row(Destination destination) {
        return new Definition(destination, DestinationState.ACTIVE, false);
    }

    private static Catalog open(String url, KnownSockets sockets) {
        return Catalog.open(settings("default { db_url = \"" + url + "\", only_own_sockets = on }"), sockets);
    }

    private static void assertOthersStay(String url, String table, KnownSockets sockets) {
        run(url, "DROP TABLE IF EXISTS dispatcher;" + table + ROWS);
        try (Catalog catalog = open(url, sockets)) {
            Definition ours = catalog.load().entries().get(0);
            assertThat(ours.id()).isEqualTo("default:20:sip:a");

            catalog.writeStates(List.of(new StateWrite(ours.destination(), DestinationState.INACTIVE)), () -> true);
            catalog.putRow(row(destination(20, "sip:a", null)), List.of("attrs"));
            // MariaDB compares texts without regard to case.
            catalog.putRow(row(destination(22, "sip:c", "main")), List.of("attrs"));
            catalog.removeRow(destination(21, "sip:b", null));
            catalog.removeRow(destination(21, "sip:b", OTHERS));
            assertThat(TableTexts.of(url, STORED))
                    .containsExactly("7 0 5 x", "8 1 6 mine", "9 0 7 z", "10 0 8 x", "11 0 9 mine");

            catalog.removeRow(destination(20, "sip:a", null));
            catalog.removeRow(destination(22, "sip:c", "main"));
            assertThat(TableTexts.of(url, STORED)).containsExactly("7 0 5 x", "9 0 7 z", "10 0 8 x");
        }
    }

    private static void assertOthersStay(String url, String table) {
        assertOthersStay(url, table, SOCKETS);
        assertOthersStay(url, table, KnownSockets.cluster(SOCKETS));
    }

    @Test
    void rowsOfTheOtherClusterStayInMariaDb() {
        assertOthersStay(EmbeddedMariaDb.jdbcUrl("own_sockets"), StockTables.mysql9("dispatcher"));
    }

    @Test
    void rowsOfTheOtherClusterStayInPostgres() {
        assertOthersStay(EmbeddedPostgres.jdbcUrl("own_sockets"), StockTables.postgres9("dispatcher"));
    }

    @Test
    void rowsOfTheOtherClusterStayInH2() {
        assertOthersStay(h2("own-sockets"), StockTables.postgres9("dispatcher"));
    }

    @Test
    void theStateIsWrittenInATableWithoutIdsToo() {
        String url = h2("own-sockets-without-ids");
        run(
                url,
                StockTables.padded7("dispatcher").replace("id INTEGER PRIMARY KEY,", "")
                        + "INSERT INTO dispatcher (setid, destination, socket, state) VALUES (1, 'sip:a', '" + OTHERS
                        + "', 0), (1, 'sip:a', NULL, 0);");
        try (Catalog catalog = open(url, SOCKETS)) {
            catalog.writeStates(
                    List.of(new StateWrite(destination(1, "sip:a", null), DestinationState.INACTIVE)), () -> true);
        }

        assertThat(TableTexts.of(url, "SELECT socket, state FROM dispatcher ORDER BY state"))
                .containsExactly(OTHERS + " 0", "null 1");
    }

    @Test
    void aRowForTheirSocketIsNotPut() {
        String url = h2("own-sockets-put");
        run(url, StockTables.postgres9("dispatcher") + ROWS);
        try (Catalog catalog = open(url, KnownSockets.cluster(SOCKETS))) {
            assertThatThrownBy(() -> catalog.putRow(row(destination(21, "sip:b", OTHERS)), List.of("attrs")))
                    .isInstanceOf(SettingException.class)
                    .hasMessage("socket: " + OTHERS + " (expected: a socket of this node, with only_own_sockets = on)");
        }

        assertThat(TableTexts.of(url, STORED)).contains("9 0 7 z").hasSize(5);
    }

    @Test
    void aRowBesideTheirsIsInserted() {
        String url = h2("own-sockets-insert");
        run(url, StockTables.postgres9("dispatcher").replace("id SERIAL", "id INT AUTO_INCREMENT(100)") + ROWS);
        try (Catalog catalog = open(url, SOCKETS)) {
            catalog.putRow(row(destination(21, "sip:b", "main")), List.of());
        }

        assertThat(TableTexts.of(url, "SELECT destination, socket, weight FROM dispatcher WHERE setid = 21"))
                .containsExactly("sip:b " + OTHERS + " 7", "sip:b main 1");
    }
}
