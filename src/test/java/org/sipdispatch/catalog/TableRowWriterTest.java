package org.sipdispatch.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sipdispatch.catalog.CatalogSamples.SOCKETS;
import static org.sipdispatch.catalog.CatalogSamples.h2;
import static org.sipdispatch.catalog.CatalogSamples.run;
import static org.sipdispatch.catalog.CatalogSamples.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.database.EmbeddedMariaDb;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.freeswitch.FreeswitchSettings;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.SettingException;

class TableRowWriterTest {
    private static final Destination NEW = destination("sip:n", null, 5, "a=1");

    private static Destination destination(String uri, String socket, int weight, String attrs) {
        return new Destination("default", 1, uri, socket, weight, 3, attrs, "words");
    }

    private static Definition row(Destination destination, DestinationState state) {
        return new Definition(destination, state, false);
    }

    private static Catalog open(String url, String more) {
        return Catalog.open(settings("default { db_url = \"" + url + "\" " + more + " }"), SOCKETS);
    }

    private static List<Definition> rows(Catalog catalog) {
        return catalog.load("default").entries();
    }

    private static final List<String> ALL = List.of("weight", "priority", "attrs", "description");

    /** Each step twice: the second time changes nothing. */
    private static void assertPutAndRemoved(String url, String more) {
        Definition inserted = row(NEW, DestinationState.INACTIVE);
        Definition other = row(destination("sip:n", "main", 1, ""), DestinationState.ACTIVE);
        Definition changed = row(destination("sip:n", null, 9, "b=2"), DestinationState.INACTIVE);
        try (Catalog catalog = open(url, more)) {
            for (int i = 0; i < 2; i++) {
                catalog.putRow(inserted, ALL);
                assertThat(rows(catalog)).containsExactly(inserted);
            }
            catalog.putRow(other, ALL);
            for (int i = 0; i < 2; i++) {
                // The state of a row that exists is not changed.
                catalog.putRow(row(changed.destination(), DestinationState.ACTIVE), ALL);
                assertThat(rows(catalog)).containsExactly(changed, other);
            }
            for (int i = 0; i < 2; i++) {
                catalog.removeRow(NEW);
                assertThat(rows(catalog)).containsExactly(other);
            }
        }
    }

    @Test
    void aRowOfMariaDbIsPutAndRemoved() {
        String url = EmbeddedMariaDb.jdbcUrl("rows");
        run(url, StockTables.mysql9("dispatcher"));

        assertPutAndRemoved(url, "");
    }

    @Test
    void aRowOfPostgresIsPutAndRemovedUnderItsOwnColumnNames() {
        String url = EmbeddedPostgres.jdbcUrl("rows");
        run(url, StockTables.postgres9("gateways").replace("setid", "grp").replace("weight", "share"));

        assertPutAndRemoved(url, ", table_name = gateways, setid_col = grp, weight_col = share");
    }

    @Test
    void aRowOfATableWithNumbersAsWeightsIsPutAndRemoved() {
        String url = EmbeddedPostgres.jdbcUrl("rows_of_seven");
        run(url, StockTables.postgres8("dispatcher").replaceFirst("weight VARCHAR\\(64\\)", "weight INT"));

        assertPutAndRemoved(url, "");
    }

    /** The rows that the load does not read as they are: bad weights, NULL, and weights that it truncates. */
    private static void assertOthersStay(String url) {
        run(
                url,
                "INSERT INTO dispatcher (id, setid, destination, weight, priority, attrs, description) VALUES"
                        + " (1, 1, 'sip:n', '5x', 7, NULL, NULL), (2, 1, 'sip:fs', 'fs://:x@10.0.0.1:8021', 7, 'a', NULL),"
                        + " (3, 1, 'sip:large', '150', 7, 'a', 'b');");
        FreeswitchSettings off = FreeswitchSettings.OFF;
        FreeswitchSettings on = new FreeswitchSettings(true, 100, Duration.ofMinutes(1), Duration.ofMinutes(1));
        for (FreeswitchSettings settings : List.of(off, on)) {
            try (Catalog catalog = Catalog.open(
                    settings("default { db_url = \"" + url + "\" }").withFreeswitch(settings), SOCKETS)) {
                catalog.load();
                for (String uri : List.of("sip:n", "sip:fs", "sip:large")) {
                    catalog.putRow(row(destination(uri, null, 1, ""), DestinationState.ACTIVE), List.of("priority"));
                    catalog.putRow(row(destination(uri, null, 1, ""), DestinationState.ACTIVE), List.of());
                }
            }
        }
        assertThat(TableTexts.of(url, "SELECT weight, priority, attrs, description FROM dispatcher ORDER BY id"))
                .containsExactly("5x 3 null null", "fs://:x@10.0.0.1:8021 3 a null", "150 3 a b");
        try (Catalog catalog = open(url, "")) {
            catalog.putRow(row(destination("sip:n", null, 9, ""), DestinationState.ACTIVE), List.of("weight", "attrs"));
            catalog.putRow(row(destination("sip:fs", null, 9, ""), DestinationState.ACTIVE), List.of("weight"));
        }
        assertThat(TableTexts.of(url, "SELECT weight, priority, attrs, description FROM dispatcher ORDER BY id"))
                .containsExactly("9 3  null", "9 3 a null", "150 3 a b");
    }

    @Test
    void whatIsNotGivenStaysInMariaDb() {
        String url = EmbeddedMariaDb.jdbcUrl("given");
        run(url, StockTables.mysql9("dispatcher"));

        assertOthersStay(url);
    }

    @Test
    void whatIsNotGivenStaysInPostgres() {
        String url = EmbeddedPostgres.jdbcUrl("given");
        run(url, StockTables.postgres9("dispatcher"));

        assertOthersStay(url);
    }

    @Test
    void whatIsNotGivenStaysInH2() {
        String url = h2("given");
        run(url, StockTables.postgres9("dispatcher"));

        assertOthersStay(url);
    }

    @Test
    void equalRowsAreNotChanged() {
        String url = h2("equal-rows");
        run(
                url,
                StockTables.padded7("dispatcher")
                        + "INSERT INTO dispatcher (id, setid, destination) VALUES (1, 1, 'sip:n'), (2, 1, 'SIP:n');");

        try (Catalog catalog = open(url, "")) {
            assertThatThrownBy(() -> catalog.removeRow(NEW))
                    .isInstanceOf(SettingException.class)
                    .hasMessageContaining("destination: default:1:sip:n (expected: one row at most; table")
                    .hasMessageContaining("2 equal rows");
            assertThat(rows(catalog)).hasSize(2);
        }
    }

    @Test
    void aRowThatWouldNotBeUsableIsRefused() {
        String url = h2("bad-row");
        run(url, StockTables.padded7("dispatcher"));

        try (Catalog catalog = open(url, "")) {
            assertThatThrownBy(() ->
                            catalog.putRow(row(destination("sip:n", "nowhere", 1, ""), DestinationState.ACTIVE), ALL))
                    .isInstanceOf(SettingException.class)
                    .hasMessageContaining("socket: nowhere");
            assertThat(rows(catalog)).isEmpty();
        }
    }

    @Test
    void aListFileTakesNoRows(@TempDir Path directory) throws IOException {
        Path list = Files.writeString(directory.resolve("dispatcher.list"), "1 sip:a\n");

        try (Catalog catalog = open("file:" + list, "")) {
            assertThatThrownBy(() -> catalog.putRow(row(NEW, DestinationState.ACTIVE), ALL))
                    .isInstanceOf(SettingException.class)
                    .hasMessage("partition: default (expected: one whose source is a table; rows of other sources are"
                            + " changed there)");
        }
        assertThat(list).hasContent("1 sip:a");
    }
}
