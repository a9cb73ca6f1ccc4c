package org.sipdispatch.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.sipdispatch.catalog.CatalogSamples.SOCKETS;
import static org.sipdispatch.catalog.CatalogSamples.h2;
import static org.sipdispatch.catalog.CatalogSamples.load;
import static org.sipdispatch.catalog.CatalogSamples.run;
import static org.sipdispatch.catalog.CatalogSamples.settings;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;

/** Rows with the same set, URI and socket are separate destinations, as in OpenSIPS. */
class EqualRowsTest {
    private static final String ROWS =
            "INSERT INTO dispatcher (id, setid, destination, state, weight) VALUES (13, 1, 'sip:gw', 0, '3');"
                    + "INSERT INTO dispatcher (id, setid, destination, state, weight) VALUES (11, 1, 'sip:gw', 1, '1');"
                    + "INSERT INTO dispatcher (id, setid, destination, state, weight) VALUES (12, 1, 'SIP:GW', 0, '2');";

    private static String table(String name, String more) {
        String url = h2(name);
        run(url, StockTables.padded7("dispatcher").replace("weight INTEGER", "weight VARCHAR(64)") + ROWS + more);
        return url;
    }

    private static List<String> ids(CatalogSnapshot snapshot) {
        return snapshot.entries().stream()
                .map(entry -> entry.destination().id())
                .toList();
    }

    @Test
    void eachCountsWithItsOwnState() {
        CatalogSnapshot snapshot = load("default { db_url = \"" + table("equal", "") + "\" }");

        assertThat(ids(snapshot)).containsExactly("default:1:sip:gw", "default:1:sip:gw,2", "default:1:sip:gw,3");
        assertThat(snapshot.warnings()).isEmpty();
        SetView view = snapshot.sets().get(new SetId("default", 1));
        assertThat(List.of(view.isActive(0), view.isActive(1), view.isActive(2)))
                .containsExactly(false, true, true);
        assertThat(view.member(2).weight()).isEqualTo(3);
    }

    @Test
    void theOrderOfIdsNumbersThemWhateverTheirPriorities() {
        String url = table("numbered", "UPDATE dispatcher SET priority = id;");

        assertThat(load("default { db_url = \"" + url + "\" }").entries())
                .extracting(
                        entry -> entry.destination().id(),
                        entry -> entry.destination().priority())
                .containsExactly(
                        tuple("default:1:sip:gw", 11),
                        tuple("default:1:sip:gw,2", 12),
                        tuple("default:1:sip:gw,3", 13));
    }

    @Test
    void noUriLooksLikeTheIdOfAnEqualRow() {
        assertThat(UriCheck.complaint("sip:gw;x=1,2")).isEqualTo("a sip URI");
        assertThat(UriCheck.complaint("sip:1,2@gw")).isNull();
    }

    @Test
    void aRowThatIsSkippedKeepsItsNumber() {
        String url = table("skipped", "UPDATE dispatcher SET weight = 'abc' WHERE id = 12;");

        assertThat(ids(load("default { db_url = \"" + url + "\" }")))
                .containsExactly("default:1:sip:gw", "default:1:sip:gw,3");
    }

    @Test
    void theStateOfEachIsWrittenIntoItsOwnRow() {
        String url = table(
                "own-state",
                "INSERT INTO dispatcher (id, setid, destination, socket) VALUES (14, 1, 'sip:gw', 'main');"
                        + "INSERT INTO dispatcher (id, setid, destination, socket) VALUES (15, 1, 'sip:gw', 'gone');");

        try (Catalog catalog = Catalog.open(settings("default { db_url = \"" + url + "\" }"), SOCKETS)) {
            List<Definition> entries = catalog.load().entries();
            UnwrittenStates unwritten = catalog.writeStates(
                    List.of(
                            new StateWrite(entries.get(0).destination(), DestinationState.ACTIVE),
                            new StateWrite(entries.get(2).destination(), DestinationState.PROBING),
                            new StateWrite(entries.get(4).destination(), DestinationState.INACTIVE)),
                    () -> true);

            assertThat(unwritten.states().isEmpty()).isTrue();
            assertThat(catalog.load().entries())
                    .extracting(Definition::initial)
                    .containsExactly(
                            DestinationState.ACTIVE,
                            DestinationState.ACTIVE,
                            DestinationState.PROBING,
                            DestinationState.ACTIVE,
                            DestinationState.INACTIVE);
        }
    }

    @Test
    void aTableWithoutIdsIsNotWrittenWhereRowsCannotBeDistinguished() {
        String url = h2("equal-noid");
        run(
                url,
                StockTables.padded7("dispatcher").replace("id INTEGER PRIMARY KEY,", "")
                        + "INSERT INTO dispatcher (setid, destination) VALUES (1, 'sip:gw'), (1, 'sip:gw'), (1, 'sip:b');");

        try (Catalog catalog = Catalog.open(settings("default { db_url = \"" + url + "\" }"), SOCKETS)) {
            CatalogSnapshot snapshot = catalog.load();
            assertThat(ids(snapshot)).containsExactly("default:1:sip:gw", "default:1:sip:gw,2", "default:1:sip:b");
            assertThat(snapshot.warnings())
                    .containsExactly(
                            "dispatcher: rows with one set, destination and socket: 2 (expected: none, or a column id to tell"
                                    + " them apart; states are not written back)");
            assertThat(snapshot.skipped()).isEmpty();

            assertThat(catalog.writeStates(
                                    snapshot.entries().stream()
                                            .map(entry ->
                                                    new StateWrite(entry.destination(), DestinationState.INACTIVE))
                                            .toList(),
                                    () -> true)
                            .states()
                            .isEmpty())
                    .isTrue();
            assertThat(catalog.load().entries())
                    .extracting(Definition::initial)
                    .containsExactly(DestinationState.ACTIVE, DestinationState.ACTIVE, DestinationState.INACTIVE);
        }
    }

    /** The notation of the row may differ from the destination's: its socket may be one that is ignored. */
    @Test
    void aTableWithoutIdsIsWrittenByTheTextsOfItsRows() {
        String url = h2("texts-noid");
        run(
                url,
                StockTables.padded7("dispatcher").replace("id INTEGER PRIMARY KEY,", "")
                        + "INSERT INTO dispatcher (setid, destination, socket, state) VALUES"
                        + " (1, 'sip:a', 'udp:198.51.100.1', 0), (1, 'sip:b', 'main', 0), (1, 'sip:c', '', 0);");

        try (Catalog catalog = Catalog.open(settings("default { db_url = \"" + url + "\" }"), SOCKETS)) {
            List<StateWrite> writes = catalog.load().entries().stream()
                    .map(entry -> new StateWrite(entry.destination(), DestinationState.INACTIVE))
                    .toList();
            assertThat(catalog.writeStates(writes, () -> true).states().isEmpty())
                    .isTrue();
        }

        assertThat(TableTexts.of(url, "SELECT destination, state FROM dispatcher ORDER BY destination"))
                .containsExactly("sip:a 1", "sip:b 1", "sip:c 1");
    }
}
