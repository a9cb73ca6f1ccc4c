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

/** Tables without ids, whose rows are found by their texts, which have blanks that the load ignores. */
class BlanksInRowsTest {
    private static final String ROWS = "INSERT INTO dispatcher (setid, destination, socket) VALUES"
            + " (1, 'sip:a ', NULL), (1, ' sip:b', ' main  '), (1, 'sip:c', '   '), (1, 'sip:d', 'main');";
    private static final String TEXTS =
            "SELECT destination, state, priority FROM dispatcher ORDER BY TRIM(destination), priority";

    private static Catalog open(String url) {
        return Catalog.open(settings("default { db_url = \"" + url + "\" }"), SOCKETS);
    }

    private static StateWrite held(Definition row) {
        return new StateWrite(row.destination(), DestinationState.INACTIVE);
    }

    private static Definition withPriority(Definition row, int priority) {
        Destination one = row.destination();
        Destination other =
                new Destination(one.partition(), one.set(), one.uri(), one.socket(), one.weight(), priority, "", "");
        return row.withDestination(other);
    }

    private static void assertWrittenPutAndRemoved(String url) {
        try (Catalog catalog = open(url)) {
            List<Definition> rows = catalog.load().entries();
            assertThat(rows)
                    .extracting(Definition::id)
                    .containsExactly(
                            "default:1:sip:a", "default:1:sip:b@main", "default:1:sip:c", "default:1:sip:d@main");

            UnwrittenStates unwritten = catalog.writeStates(
                    rows.stream().map(BlanksInRowsTest::held).toList(), () -> true);
            assertThat(unwritten).isEqualTo(UnwrittenStates.NOTHING);
            assertThat(TableTexts.of(url, TEXTS)).containsExactly("sip:a 1 0", "sip:b 1 0", "sip:c 1 0", "sip:d 1 0");

            rows.forEach(row -> catalog.putRow(withPriority(row, 7), List.of("priority")));
            assertThat(TableTexts.of(url, TEXTS)).containsExactly("sip:a 1 7", "sip:b 1 7", "sip:c 1 7", "sip:d 1 7");

            rows.forEach(row -> catalog.removeRow(row.destination()));
            assertThat(TableTexts.of(url, TEXTS)).isEmpty();
        }
    }

    private static String withoutIds(String table) {
        return table.replaceFirst("\\s+`?id`? .*,", "");
    }

    @Test
    void rowsOfPostgresAreFoundInTextsOfVariableLength() {
        String url = EmbeddedPostgres.jdbcUrl("blanks");
        run(url, withoutIds(StockTables.postgres9("dispatcher")) + ROWS);

        assertWrittenPutAndRemoved(url);
    }

    /** Comparisons with a text ignore the blanks that the column is padded with. */
    @Test
    void rowsOfPostgresAreFoundInTextsOfFixedLength() {
        String url = EmbeddedPostgres.jdbcUrl("padded_blanks");
        run(url, withoutIds(StockTables.postgres9("dispatcher")).replace("VARCHAR", "CHAR") + ROWS);

        assertWrittenPutAndRemoved(url);
    }

    @Test
    void rowsOfMariaDbAreFound() {
        String url = EmbeddedMariaDb.jdbcUrl("blanks");
        run(url, withoutIds(StockTables.mysql9("dispatcher")).replace("CHAR", "VARCHAR") + ROWS);

        assertWrittenPutAndRemoved(url);
    }

    @Test
    void rowsOfH2AreFound() {
        String url = h2("blanks");
        run(url, withoutIds(StockTables.postgres9("dispatcher")) + ROWS);

        assertWrittenPutAndRemoved(url);
    }

    /** As a trigger or a policy of row security may do. */
    @Test
    void whatTheTableIgnoresIsNeitherWrittenNorDone() {
        String url = EmbeddedPostgres.jdbcUrl("ignored");
        run(
                url,
                withoutIds(StockTables.postgres9("dispatcher"))
                        + "INSERT INTO dispatcher (setid, destination) VALUES (1, 'sip:a'), (2, 'sip:b');"
                        + "CREATE RULE updates AS ON UPDATE TO dispatcher WHERE OLD.setid = 1 DO INSTEAD NOTHING;"
                        + "CREATE RULE deletions AS ON DELETE TO dispatcher WHERE OLD.setid = 1 DO INSTEAD NOTHING;");
        try (Catalog catalog = open(url)) {
            Definition row = catalog.load().entries().get(0);
            Definition other = catalog.load().entries().get(1);

            UnwrittenStates unwritten = catalog.writeStates(List.of(held(row), held(other)), () -> true);
            assertThat(unwritten.states()).containsExactly(held(row));
            assertThat(unwritten.reasons())
                    .containsExactly(
                            "state: default:1:sip:a (expected: one row that changes; table dispatcher changed 0)");
            assertThatThrownBy(() -> catalog.putRow(withPriority(row, 7), List.of("priority")))
                    .isInstanceOf(SettingException.class)
                    .hasMessage("row: sip:a (expected: one row that changes; table dispatcher changed 0)");
            assertThatThrownBy(() -> catalog.removeRow(row.destination()))
                    .isInstanceOf(SettingException.class)
                    .hasMessage("row: sip:a (expected: one row that changes; table dispatcher changed 0)");
        }

        assertThat(TableTexts.of(url, TEXTS)).containsExactly("sip:a 0 0", "sip:b 1 0");
    }

    /** MariaDB takes both as the same text; only one of them is a socket of this node. */
    @Test
    void aChangeThatWouldConcernAnotherRowTooIsNotMade() {
        String url = EmbeddedMariaDb.jdbcUrl("same_texts");
        run(
                url,
                withoutIds(StockTables.mysql9("dispatcher"))
                        + "INSERT INTO dispatcher (setid, destination, socket, priority) VALUES"
                        + " (1, 'sip:a', 'main', 1), (1, 'sip:a', 'MAIN', 2), (1, 'sip:b', NULL, 0);");
        try (Catalog catalog = open(url)) {
            Definition row = catalog.load().entries().get(0);
            Definition other = catalog.load().entries().get(2);
            assertThat(row.id()).isEqualTo("default:1:sip:a@main");

            assertThat(catalog.writeStates(List.of(held(row), held(other)), () -> true)
                            .states())
                    .containsExactly(held(row));
            assertThatThrownBy(() -> catalog.removeRow(row.destination()))
                    .isInstanceOf(SettingException.class)
                    .hasMessage("row: sip:a (expected: one row that changes; table dispatcher changed 2)");
        }

        assertThat(TableTexts.of(url, TEXTS)).containsExactly("sip:a 0 1", "sip:a 0 2", "sip:b 1 0");
    }
}
