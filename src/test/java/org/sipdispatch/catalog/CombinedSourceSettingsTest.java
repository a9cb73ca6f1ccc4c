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
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.SettingException;

class CombinedSourceSettingsTest {
    @TempDir
    private Path directory;

    private Path list;
    private String url;

    @BeforeEach
    void write() throws IOException {
        list = Files.writeString(
                directory.resolve("a.list"), "1 sip:a 0 0 weight=7\n1 sip:b 0 0 weight=8\n1 sip:b 0 0 weight=9\n");
        url = h2("several-" + directory.getFileName());
        run(
                url,
                StockTables.padded7("dispatcher").replace("PRIMARY KEY", "AUTO_INCREMENT PRIMARY KEY")
                        + "INSERT INTO dispatcher (setid, destination) VALUES (1, 'sip:b'), (1, 'sip:c');");
    }

    private Catalog open(String more) {
        return Catalog.open(settings("""
                trunks {
                  sources = [ { db_url = "file:%s" }, { db_url = "%s" } ]
                  %s
                }
                """.formatted(list, url, more)), SOCKETS);
    }

    private static List<String> rows(CatalogSnapshot snapshot) {
        return snapshot.entries().stream()
                .map(row -> row.id() + " " + row.destination().weight())
                .toList();
    }

    @Test
    void theirRowsFollowEachOtherAndEqualRowsOfTheFirstSourceCount() {
        try (Catalog catalog = open("")) {
            CatalogSnapshot snapshot = catalog.load("trunks");

            assertThat(rows(snapshot))
                    .containsExactly("trunks:1:sip:a 7", "trunks:1:sip:b 8", "trunks:1:sip:b,2 9", "trunks:1:sip:c 1");
            assertThat(snapshot.warnings())
                    .containsExactly("destination: trunks:1:sip:b (expected: in one source only; the row of an earlier"
                            + " source counts)");
            assertThat(snapshot.skipped()).isEmpty();
        }
    }

    @Test
    void aRowIsPutIntoTheTableAmongThem() {
        Destination fresh = new Destination("trunks", 1, "sip:d", null, 4, 0, "", "");
        try (Catalog catalog = open("")) {
            catalog.putRow(new Definition(fresh, DestinationState.ACTIVE, false), List.of());
            assertThat(rows(catalog.load("trunks"))).endsWith("trunks:1:sip:d 4");

            catalog.removeRow(fresh);
            assertThat(rows(catalog.load("trunks"))).endsWith("trunks:1:sip:c 1");
        }
    }

    @Test
    void aRowOfALaterTableIsChangedThere() {
        String first = h2("first-" + directory.getFileName());
        run(first, StockTables.padded7("dispatcher"));
        Destination known = new Destination("default", 1, "sip:c", null, 4, 0, "", "");
        try (Catalog catalog = Catalog.open(
                settings("default { sources = [ { db_url = \"" + first + "\" }, { db_url = \"" + url + "\" } ] }"),
                SOCKETS)) {
            catalog.putRow(new Definition(known, DestinationState.ACTIVE, false), List.of("weight"));
        }

        assertThat(TableTexts.of(first, "SELECT destination FROM dispatcher")).isEmpty();
        assertThat(TableTexts.of(url, "SELECT destination, weight FROM dispatcher ORDER BY id"))
                .containsExactly("sip:b null", "sip:c 4");
    }

    private static Definition row(String uri, int weight) {
        return new Definition(
                new Destination("trunks", 1, uri, null, weight, 9, "", ""), DestinationState.ACTIVE, false);
    }

    /** It would have no effect, because the row of the list counts. */
    @Test
    void aRowThatAListBeforeTheTableHasIsNeitherPutNorRemoved() {
        try (Catalog catalog = open("")) {
            for (String uri : List.of("sip:b", "SIP:a")) {
                Definition row = row(uri, 40);
                String refusal = "destination: " + row.id() + " (expected: one whose row is in a table; the row of "
                        + list + " counts and is changed there)";
                assertThatThrownBy(() -> catalog.putRow(row, List.of("weight")))
                        .isInstanceOf(SettingException.class)
                        .hasMessage(refusal);
                assertThatThrownBy(() -> catalog.removeRow(row.destination()))
                        .isInstanceOf(SettingException.class)
                        .hasMessage(refusal);
            }
        }

        assertThat(TableTexts.of(url, "SELECT destination, weight FROM dispatcher ORDER BY id"))
                .containsExactly("sip:b null", "sip:c null");
    }

    @Test
    void aTableBeforeTheListTakesTheRowAndGivesItBack() {
        String sources = "trunks { sources = [ { db_url = \"" + url + "\" }, { db_url = \"file:" + list + "\" } ] }";
        try (Catalog catalog = Catalog.open(settings(sources), SOCKETS)) {
            catalog.putRow(row("sip:a", 40), List.of("weight"));
            assertThat(rows(catalog.load("trunks"))).contains("trunks:1:sip:a 40");

            for (int i = 0; i < 2; i++) {
                catalog.removeRow(row("sip:a", 1).destination());
                assertThat(rows(catalog.load("trunks"))).contains("trunks:1:sip:a 7");
            }
        }
    }

    private Catalog openTables(String firstRows, String secondRows) {
        List<String> urls = List.of(h2("one-" + directory.getFileName()), h2("two-" + directory.getFileName()));
        run(urls.get(0), StockTables.padded7("dispatcher") + firstRows);
        run(urls.get(1), StockTables.padded7("dispatcher") + secondRows);
        return Catalog.open(
                settings("trunks { sources = [ { db_url = \"" + urls.get(0) + "\" }, { db_url = \"" + urls.get(1)
                        + "\" } ] }"),
                SOCKETS);
    }

    private static String insert(String rows) {
        return "INSERT INTO dispatcher (id, setid, destination, priority) VALUES " + rows + ";";
    }

    /** The first table's row is not loaded, because its priority is too large. */
    @Test
    void theLoadedRowIsChangedNotAnUnusableOneInAnEarlierTable() {
        try (Catalog catalog = openTables(insert("(1, 1, 'sip:b', 70000)"), insert("(1, 1, 'sip:b', 4)"))) {
            catalog.putRow(row("sip:b", 40), List.of("weight"));
            assertThat(rows(catalog.load("trunks"))).containsExactly("trunks:1:sip:b 40");

            catalog.removeRow(row("sip:b", 1).destination());
            assertThat(catalog.load("trunks").warnings()).isEmpty();
        }
    }

    @Test
    void anUnusableRowThatNoOtherReplacesIsMended() {
        try (Catalog catalog = openTables("", insert("(1, 1, 'sip:b', 70000)"))) {
            catalog.putRow(row("sip:b", 40), List.of("weight", "priority"));

            assertThat(rows(catalog.load("trunks"))).containsExactly("trunks:1:sip:b 40");
            assertThat(catalog.load("trunks").warnings()).isEmpty();
        }
    }

    @Test
    void aRemovalThatOneTableRefusesChangesNone() {
        try (Catalog catalog =
                openTables(insert("(1, 1, 'sip:b', 4)"), insert("(1, 1, 'sip:b', 5), (2, 1, 'sip:b', 6)"))) {
            assertThatThrownBy(() -> catalog.removeRow(row("sip:b", 1).destination()))
                    .isInstanceOf(SettingException.class)
                    .hasMessageContaining("2 equal rows");

            assertThat(catalog.load("trunks").entries())
                    .extracting(one -> one.destination().priority())
                    .containsExactly(4);
        }
    }

    /**
     * Two tables with the same row, opened by a user who may delete from one of them.
     *
     * @param name the user's, which is new
     */
    private static Catalog openAs(String name, String deletable) {
        String database = EmbeddedPostgres.jdbcUrl("two_tables");
        run(
                database,
                "DROP TABLE IF EXISTS one, two;" + StockTables.postgres9("one") + StockTables.postgres9("two")
                        + "INSERT INTO one (setid, destination, priority) VALUES (1, 'sip:b', 4);"
                        + "INSERT INTO two (setid, destination, priority) VALUES (1, 'sip:b', 5);"
                        + "CREATE ROLE " + name + " LOGIN PASSWORD 'postgres';"
                        + "GRANT SELECT ON one, two TO " + name + ";"
                        + "GRANT DELETE ON " + deletable + " TO " + name + ";");
        String server = "jdbc:postgresql://127.0.0.1:" + EmbeddedPostgres.port();
        String source =
                "{ db_url = \"" + server + "/two_tables?password=postgres&user=" + name + "\", table_name = %s }";
        return Catalog.open(
                settings("trunks { sources = [ " + source.formatted("one") + ", " + source.formatted("two") + " ] }"),
                SOCKETS);
    }

    private static List<Integer> priorities(String table) {
        return TableTexts.of(EmbeddedPostgres.jdbcUrl("two_tables"), "SELECT priority FROM " + table).stream()
                .map(Integer::valueOf)
                .toList();
    }

    @Test
    void aRemovalThatTheLastTableRefusesChangesNone() {
        try (Catalog catalog = openAs("deletes_from_one", "one")) {
            assertThatThrownBy(() -> catalog.removeRow(row("sip:b", 1).destination()))
                    .isInstanceOf(SettingException.class)
                    .hasMessageContaining("table_name: two (expected: a table that takes this change of a row: ")
                    .hasMessageNotContaining("it is deleted from");

            assertThat(priorities("one")).containsExactly(4);
            assertThat(priorities("two")).containsExactly(5);
        }
    }

    @Test
    void aRemovalThatTheTableOfTheRowThatCountsRefusesChangesNoDestination() {
        try (Catalog catalog = openAs("deletes_from_two", "two")) {
            assertThatThrownBy(() -> catalog.removeRow(row("sip:b", 1).destination()))
                    .isInstanceOf(SettingException.class)
                    .hasMessageStartingWith(
                            "destination: trunks:1:sip:b (expected: a row that can be deleted from every"
                                    + " table; it is deleted from sources[1], not from sources[0], and no destination has changed:")
                    .hasMessageContaining("table_name: one");

            assertThat(catalog.load("trunks").entries())
                    .extracting(one -> one.destination().priority())
                    .containsExactly(4);
            assertThat(priorities("two")).isEmpty();
        }
    }

    /** The row of the first table is not loaded, because its priority is too large. */
    @Test
    void aRemovalThatTheTableOfAnUnusableRowRefusesChangesNone() {
        try (Catalog catalog = openAs("deletes_from_second", "two")) {
            run(EmbeddedPostgres.jdbcUrl("two_tables"), "UPDATE one SET priority = 70000;");
            assertThatThrownBy(() -> catalog.removeRow(row("sip:b", 1).destination()))
                    .isInstanceOf(SettingException.class)
                    .hasMessageContaining("table_name: one (expected: a table that takes this change of a row: ");

            assertThat(priorities("two")).containsExactly(5);
        }
    }

    @Test
    void aChangeOfTheWatchedFileAmongThemBringsTheRowsOfAll() throws IOException {
        try (Catalog catalog = open("watch = on")) {
            WatchedSource watched = catalog.watched().get(0);
            SourceContent before = watched.content().get();
            Files.writeString(list, "1 sip:x\n");
            SourceContent after = watched.content().get();
            Files.writeString(list, "1 sip:later\n");

            assertThat(watched.place()).isEqualTo(list.toString());
            assertThat(after.fingerprint()).isNotEqualTo(before.fingerprint());
            assertThat(after.isWhole()).isFalse();
            assertThat(rows(after.rows().get()))
                    .containsExactly("trunks:1:sip:x 1", "trunks:1:sip:b 1", "trunks:1:sip:c 1");
        }
    }

    @Test
    void anErrorNamesTheSource() {
        assertThatThrownBy(() -> settings("trunks { sources = [ { db_url = \"file:" + list + "\" }, { tabel = x } ] }"))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("partitions.trunks.sources[1].tabel: an unknown key");
        assertThatThrownBy(() -> settings("trunks { sources = [] }"))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("partitions.trunks.sources: an empty list (expected: at least one block");
    }

    @Test
    void rowsForSocketsOfOtherNodesAreLeftOutWhereAsked() throws IOException {
        Files.writeString(
                list,
                "1 sip:a 0 0 socket=main\n1 sip:a 0 0 socket=udp:10.9.9.9:5060\n1 sip:b 0 0 socket=other\n1 sip:c\n");
        KnownSockets cluster = KnownSockets.cluster(SOCKETS);
        String text = "default { db_url = \"file:" + list + "\", only_own_sockets = %s }";
        try (Catalog all = Catalog.open(settings(text.formatted("off")), cluster);
                Catalog own = Catalog.open(settings(text.formatted("on")), cluster)) {
            assertThat(rows(all.load()))
                    .containsExactly(
                            "default:1:sip:a@main 1",
                            "default:1:sip:a@udp:10.9.9.9:5060 1",
                            "default:1:sip:b 1",
                            "default:1:sip:c 1");
            assertThat(rows(own.load())).containsExactly("default:1:sip:a@main 1", "default:1:sip:c 1");
            assertThat(own.load().warnings()).isEmpty();
        }
    }

    @Test
    void aTableThatIsAwayIsNoFaultOfTheWatchedList() throws IOException {
        try (Catalog catalog = open("watch = on, connect_timeout = 1s")) {
            WatchedSource watched = catalog.watched().get(0);
            Files.writeString(list, "1 sip:x\n");
            run(url, "ALTER TABLE dispatcher RENAME TO away;");
            SourceContent content = watched.content().get();
            assertThatThrownBy(() -> content.rows().get())
                    .isInstanceOf(OtherSourceException.class)
                    .hasMessageStartingWith(
                            "partitions.trunks.sources[1].table_name: dispatcher (expected: a table in ");

            run(url, "ALTER TABLE away RENAME TO dispatcher;");
            assertThat(rows(watched.content().get().rows().get()))
                    .containsExactly("trunks:1:sip:x 1", "trunks:1:sip:b 1", "trunks:1:sip:c 1");
        }
    }

    @Test
    void anUnusableRowOfTheTableIsNoFaultOfTheWatchedListUnlessTheListHasOneToo() throws IOException {
        run(url, "INSERT INTO dispatcher (setid, destination) VALUES (1, 'foo');");
        try (Catalog catalog = open("watch = on")) {
            WatchedSource watched = catalog.watched().get(0);
            SourceContent content = watched.content().get();
            assertThatThrownBy(() -> content.rows().get())
                    .isInstanceOf(OtherSourceException.class)
                    .hasMessageStartingWith("rows: 1 of the source beside it that cannot be used")
                    .hasMessageEndingWith("destination: foo (expected: a sip URI)");

            Files.writeString(list, "1 sip:a 0 0 weight=x\n");
            assertThat(watched.content().get().rows().get().skipped()).hasSize(2);
        }
    }
}
