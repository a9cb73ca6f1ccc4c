package org.sipdispatch.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.sipdispatch.catalog.CatalogSamples.SOCKETS;
import static org.sipdispatch.catalog.CatalogSamples.h2;
import static org.sipdispatch.catalog.CatalogSamples.run;
import static org.sipdispatch.catalog.CatalogSamples.settings;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.database.EmbeddedMariaDb;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.database.SeverableLink;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.SettingException;

class WriteBackTest {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private static final String ROWS = """
            INSERT INTO dispatcher (id, setid, destination, socket) VALUES
                (1, 1, 'sip:a', NULL), (2, 1, 'sip:a', 'main'), (3, 1, 'sip:b', ''), (4, 2, 'sip:a', NULL);
            """;

    @Test
    void mariaDbKeepsTheStates() {
        String url = EmbeddedMariaDb.jdbcUrl("writeback");
        run(url, StockTables.mysql9("dispatcher") + ROWS);

        assertKept(url);
    }

    @Test
    void postgresKeepsTheStates() {
        String url = EmbeddedPostgres.jdbcUrl("writeback");
        run(url, StockTables.postgres8("dispatcher") + ROWS);

        assertKept(url);
    }

    @Test
    void h2KeepsTheStatesInPaddedColumnsToo() {
        String url = h2("writeback");
        run(url, StockTables.padded7("dispatcher") + ROWS);

        assertKept(url);
    }

    private static void assertKept(String url) {
        try (Catalog catalog = Catalog.open(settings("default { db_url = \"" + url + "\" }"), SOCKETS)) {
            UnwrittenStates unwritten = catalog.writeStates(
                    List.of(
                            write("default", 1, "sip:a", "main", DestinationState.PROBING),
                            write("default", 1, "sip:b", null, DestinationState.INACTIVE),
                            write("default", 7, "sip:gone", null, DestinationState.INACTIVE)),
                    () -> true);

            assertThat(unwritten.states().isEmpty()).isTrue();
            assertThat(catalog.load().entries())
                    .extracting(Definition::initial)
                    .containsExactly(
                            DestinationState.ACTIVE,
                            DestinationState.PROBING,
                            DestinationState.INACTIVE,
                            DestinationState.ACTIVE);
        }
    }

    @Test
    void statesThatAreNotValidAtTheEndOfTheTransactionAreNotWritten() {
        String url = h2("invalid-writeback");
        run(url, StockTables.padded7("dispatcher") + ROWS);
        List<StateWrite> writes = List.of(write("default", 1, "sip:b", null, DestinationState.INACTIVE));

        try (Catalog catalog = Catalog.open(settings("default { db_url = \"" + url + "\" }"), SOCKETS)) {
            assertThat(catalog.writeStates(writes, () -> false).states()).isEqualTo(writes);
            assertThat(catalog.load().entries()).extracting(Definition::initial).containsOnly(DestinationState.ACTIVE);
        }
    }

    @Test
    void onlyTablesWhoseStateCountsAreWritten() {
        String url = h2("stateless-writeback");
        run(url, StockTables.padded7("dispatcher") + ROWS);
        String partitions = "default { db_url = \"" + url + "\", persistent_state = off },"
                + "files { db_url = \"file:conf/dispatcher.list\" }, read { db_url = \"" + url
                + "\", persistent_state = on }";

        try (Catalog catalog = Catalog.open(settings(partitions), SOCKETS)) {
            UnwrittenStates unwritten = catalog.writeStates(
                    List.of(
                            write("default", 1, "sip:a", null, DestinationState.INACTIVE),
                            write("files", 1, "sip:127.0.0.1:5080", null, DestinationState.INACTIVE),
                            write("unknown", 1, "sip:a", null, DestinationState.INACTIVE)),
                    () -> true);

            assertThat(unwritten.states().isEmpty()).isTrue();
            assertThat(catalog.load("read").entries())
                    .extracting(Definition::initial)
                    .containsOnly(DestinationState.ACTIVE);
        }
    }

    @Test
    void columnsHaveTheNamesThatWereConfigured() {
        String url = h2("renamed-writeback");
        run(
                url,
                StockTables.padded7("\"group\"")
                                .replace("setid", "grp")
                                .replace("destination", "uri")
                                .replace("socket", "via")
                                .replace("state", "\"order\"")
                        + "INSERT INTO \"group\" VALUES (1, 1, 'sip:a', NULL, 0, 1, 0, '', '');");
        String partitions = "default { db_url = \"" + url + "\", table_name = group, setid_col = grp,"
                + " destination_col = uri, socket_col = via, state_col = order }";

        try (Catalog catalog = Catalog.open(settings(partitions), SOCKETS)) {
            assertThat(catalog.writeStates(
                                    List.of(write("default", 1, "sip:a", null, DestinationState.INACTIVE)), () -> true)
                            .states()
                            .isEmpty())
                    .isTrue();
            assertThat(catalog.load().entries().get(0).initial()).isEqualTo(DestinationState.INACTIVE);
        }
    }

    @Test
    void whatADatabaseThatIsAwayDidNotTakeComesBackAndTheRestIsWritten() {
        String there = h2("there");
        run(there, StockTables.padded7("dispatcher") + ROWS);
        run(
                EmbeddedPostgres.jdbcUrl("away"),
                "DROP TABLE IF EXISTS dispatcher;" + StockTables.postgres9("dispatcher") + ROWS);
        try (SeverableLink link = new SeverableLink(EmbeddedPostgres.port())) {
            String away = "jdbc:postgresql://127.0.0.1:" + link.port() + "/away?user=postgres&password=postgres";
            String partitions =
                    "default { db_url = \"" + there + "\" }, away { db_url = \"" + away + "\", connect_timeout = 2s }";
            List<StateWrite> writes = List.of(
                    write("default", 1, "sip:b", null, DestinationState.PROBING),
                    write("away", 1, "sip:b", null, DestinationState.PROBING));

            try (Catalog catalog = Catalog.open(settings(partitions), SOCKETS)) {
                link.cut();
                UnwrittenStates unwritten = catalog.writeStates(writes, () -> true);
                link.mend();

                assertThat(unwritten.states()).containsExactly(writes.get(1));
                assertThat(unwritten.reasons()).singleElement().asString().startsWith("partitions.away.db_url: ");
                assertThat(catalog.load("default").entries().get(2).initial()).isEqualTo(DestinationState.PROBING);
                await().atMost(LONGEST)
                        .until(() -> catalog.writeStates(unwritten.states(), () -> true)
                                .states()
                                .isEmpty());
                assertThat(catalog.load("away").entries().get(2).initial()).isEqualTo(DestinationState.PROBING);
            }
        }
    }

    @Test
    void aTableThatIsGoneIsNoExceptionEither() {
        String url = h2("gone");
        run(url, StockTables.padded7("dispatcher"));

        try (Catalog catalog = Catalog.open(settings("default { db_url = \"" + url + "\" }"), SOCKETS)) {
            run(url, "DROP TABLE dispatcher");

            assertThat(catalog.writeStates(
                                    List.of(write("default", 1, "sip:a", null, DestinationState.INACTIVE)), () -> true)
                            .states())
                    .hasSize(1);
        }
    }

    @Test
    void aCatalogThatIsOpenedLaterWaitsForItsDatabaseAndThenMakesItsTable() {
        EmbeddedPostgres.jdbcUrl("later");
        try (SeverableLink link = new SeverableLink(EmbeddedPostgres.port())) {
            String url = "jdbc:postgresql://127.0.0.1:" + link.port() + "/later?user=postgres&password=postgres";
            link.cut();

            try (Catalog catalog = Catalog.openLater(
                    settings("default { db_url = \"" + url + "\", connect_timeout = 2s,"
                            + " init_script = src/main/resources/org/sipdispatch/catalog/postgresql.sql }"),
                    SOCKETS)) {
                assertThatThrownBy(catalog::load)
                        .isInstanceOf(SettingException.class)
                        .hasMessageStartingWith("partitions.default.db_url: ");
                link.mend();
                await().atMost(LONGEST)
                        .ignoreExceptions()
                        .untilAsserted(
                                () -> assertThat(catalog.load().entries()).isEmpty());
            }
        }
    }

    @Test
    void aUrlThatCannotBeReadIsNotPutOff() {
        assertThatThrownBy(() -> Catalog.openLater(
                        settings("default { db_url = \"jdbc:postgresql://h:x:y/?password=s3cret\" }"), SOCKETS))
                .isInstanceOf(SettingException.class)
                .hasMessageNotContaining("s3cret");
    }

    private static StateWrite write(String partition, int set, String uri, String socket, DestinationState state) {
        return new StateWrite(new Destination(partition, set, uri, socket, 1, 0, "", ""), state);
    }
}
