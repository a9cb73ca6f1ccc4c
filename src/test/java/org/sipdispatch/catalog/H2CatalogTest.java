package org.sipdispatch.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sipdispatch.catalog.CatalogSamples.h2;
import static org.sipdispatch.catalog.CatalogSamples.load;
import static org.sipdispatch.catalog.CatalogSamples.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.settings.SettingException;

class H2CatalogTest {
    @Test
    void theSampleIsMadeOnceAndLoads(@TempDir Path directory) {
        String partitions = "default { db_url = \"jdbc:h2:" + directory.resolve("data")
                + "\", init_script = conf/sample.sql }, files { db_url = \"file:conf/dispatcher.list\" }";
        load(partitions);

        CatalogSnapshot snapshot = load(partitions);

        assertThat(snapshot.warnings()).isEmpty();
        SetView table = snapshot.sets().get(new SetId("default", 1));
        SetView list = snapshot.sets().get(new SetId("files", 2));
        assertThat(snapshot.sets()).hasSize(2);
        for (SetView set : new SetView[] {table, list}) {
            assertThat(set.size()).isEqualTo(2);
            assertThat(set.member(0).uri()).isEqualTo("sip:127.0.0.1:5080");
            assertThat(set.member(1).uri()).isEqualTo("sip:127.0.0.1:5090");
            assertThat(set.isUsable()).isTrue();
        }
        assertThat(table.member(1).attrs()).isEqualTo("sample2");
    }

    @Test
    void aDatabaseInMemoryLivesAsLongAsTheCatalog() {
        CatalogSettings settings =
                CatalogSamples.settings("default { db_url = \"jdbc:h2:mem:brief\", init_script = conf/sample.sql }");

        try (Catalog catalog = Catalog.open(settings, CatalogSamples.SOCKETS)) {
            assertThat(catalog.partitions()).containsExactly("default");
            assertThat(catalog.load()).isEqualTo(catalog.load("default"));
            assertThat(catalog.load("default").entries()).hasSize(2);
            assertThatThrownBy(() -> catalog.load("trunks"))
                    .isInstanceOf(SettingException.class)
                    .hasMessage("partition: trunks (expected: one of default)");
        }
    }

    @Test
    void aChangedRowShowsInTheNextLoad() {
        String url = h2("changing");
        run(url, StockTables.padded7("dispatcher"));

        try (Catalog catalog =
                Catalog.open(CatalogSamples.settings("default { db_url = \"" + url + "\" }"), CatalogSamples.SOCKETS)) {
            assertThat(catalog.load().sets()).isEmpty();
            run(url, "INSERT INTO dispatcher (id, setid, destination) VALUES (1, 3, 'sip:a')");
            assertThat(catalog.load().sets()).containsOnlyKeys(new SetId("default", 3));
            run(url, "DROP TABLE dispatcher");
            assertThatThrownBy(catalog::load)
                    .isInstanceOf(SettingException.class)
                    .hasMessageStartingWith("partitions.default.table_name: dispatcher (expected: a table in ");
        }
    }

    @Test
    void everyColumnMayHaveAnotherName() {
        String url = h2("renamed");
        run(
                url,
                "CREATE TABLE gateways (no INT PRIMARY KEY, grp INT, uri VARCHAR(192), via VARCHAR(128), st INT, probe INT,"
                        + " share VARCHAR(64), prio INT, extra VARCHAR(128), words VARCHAR(64));"
                        + "INSERT INTO gateways VALUES (1, 7, 'sip:a', 'main', 1, 1, '3', 9, 'x=1', 'the first');");

        CatalogSnapshot snapshot = load("default { db_url = \"" + url + "\", table_name = gateways, setid_col = grp,"
                + " destination_col = uri, socket_col = via, state_col = st, probe_mode_col = probe, weight_col = share,"
                + " priority_col = prio, attrs_col = extra, description_col = words }");

        assertThat(snapshot.warnings()).isEmpty();
        assertThat(snapshot.entries()).singleElement().satisfies(row -> {
            assertThat(row.destination())
                    .isEqualTo(new Destination("default", 7, "sip:a", "main", 3, 9, "x=1", "the first"));
            assertThat(row.initial()).isEqualTo(DestinationState.INACTIVE);
            assertThat(row.permanentProbing()).isTrue();
        });
    }

    @Test
    void theShippedTableIsOneThatLoads() throws IOException {
        String url = h2("shipped");
        run(url, resource("h2.sql") + "INSERT INTO dispatcher (setid, destination) VALUES (4, 'sip:a');");

        assertThat(load("default { db_url = \"" + url + "\" }").sets()).containsOnlyKeys(new SetId("default", 4));
    }

    @Test
    void rowsComeInTheOrderOfTheirIdsAndPaddingGoes() {
        String url = h2("order");
        run(
                url,
                StockTables.padded7("dispatcher")
                        + "INSERT INTO dispatcher VALUES (9, 1, 'sip:i', NULL, NULL, NULL, NULL, NULL, NULL);"
                        + "INSERT INTO dispatcher VALUES (3, 1, 'sip:c', 'main', 0, 7, 0, 'x', 'y');"
                        + "INSERT INTO dispatcher VALUES (5, 1, 'sip:e', '', 2, 0, 1, '', '');");

        CatalogSnapshot snapshot = load("default { db_url = \"" + url + "\" }");

        assertThat(snapshot.warnings()).isEmpty();
        assertThat(snapshot.entries())
                .extracting(entry -> entry.destination().id())
                .containsExactly("default:1:sip:c@main", "default:1:sip:e", "default:1:sip:i");
        SetView set = snapshot.sets().get(new SetId("default", 1));
        assertThat(set.member(0).uri()).isEqualTo("sip:e");
        assertThat(set.isActive(0)).isFalse();
        assertThat(set.member(1).attrs()).isEqualTo("x");
        assertThat(set.member(1).weight()).isEqualTo(7);
        assertThat(set.member(2).weight()).isEqualTo(1);
    }

    @Test
    void eachBadRowIsSkippedWithAWarningThatNamesIt() {
        String url = h2("bad");
        run(
                url,
                StockTables.padded7("dispatcher").replace("weight INTEGER", "weight CHAR(64)")
                        + "INSERT INTO dispatcher VALUES (1, NULL, 'sip:a', NULL, 0, '1', 0, '', '');"
                        + "INSERT INTO dispatcher VALUES (2, -1, 'sip:a', NULL, 0, '1', 0, '', '');"
                        + "INSERT INTO dispatcher VALUES (3, 1, NULL, NULL, 0, '1', 0, '', '');"
                        + "INSERT INTO dispatcher VALUES (4, 1, 'sip:a:0', NULL, 0, '1', 0, '', '');"
                        + "INSERT INTO dispatcher VALUES (5, 1, 'sip:a', NULL, 0, '1', -5, '', '');"
                        + "INSERT INTO dispatcher VALUES (6, 1, 'sip:a', 'udp:10.1.1.1:5060', 7, '1', 0, '', '');"
                        + "INSERT INTO dispatcher VALUES (7, 1, 'sip:a', NULL, 0, 'abc', 0, '', '');"
                        + "INSERT INTO dispatcher VALUES (8, 1, 'SIP:A', NULL, 0, '2', 0, '', '');");

        CatalogSnapshot snapshot = load("default { db_url = \"" + url + "\" }");

        assertThat(snapshot.entries()).hasSize(2);
        assertThat(snapshot.warnings())
                .containsExactly(
                        "dispatcher id 1: setid: nothing (expected: a whole number from 0 to 2147483647)",
                        "dispatcher id 2: setid: -1 (expected: a whole number from 0 to 2147483647)",
                        "dispatcher id 3: destination: nothing (expected: a sip URI)",
                        "dispatcher id 4: destination: sip:a:0 (expected: a port from 1 to 65535)",
                        "dispatcher id 5: priority: -5 (expected: a whole number from 0 to 65535)",
                        "dispatcher id 6: state: 7 (expected: 0, 1 or 2; taken as 0, active)",
                        "dispatcher id 6: socket: udp:10.1.1.1:5060 (expected: one of our sockets; ignored)",
                        "dispatcher id 7: weight: abc (expected: a whole number from 0 to 65535)");
    }

    @Test
    void aTableWithoutIdsNamesItsRowsByTheirPlace() {
        String url = h2("noid");
        run(
                url,
                StockTables.padded7("\"group\"").replace("id INTEGER PRIMARY KEY,", "")
                        + "INSERT INTO \"group\" VALUES (1, 'sip:a', NULL, 0, 1, 0, '', '');"
                        + "INSERT INTO \"group\" VALUES (1, 'sip:b', NULL, 0, -1, 0, '', '');");

        CatalogSnapshot snapshot = load("default { db_url = \"" + url + "\", table_name = group }");

        assertThat(snapshot.entries()).hasSize(1);
        assertThat(snapshot.warnings())
                .containsExactly("group row 2: weight: -1 (expected: a whole number from 0 to 65535)");
    }

    @Test
    void withoutPersistentStateThatColumnNeedNotExist() {
        String url = h2("stateless");
        run(
                url,
                StockTables.padded7("dispatcher").replace("state INTEGER,", "")
                        + "INSERT INTO dispatcher VALUES (1, 1, 'sip:a', NULL, 1, 0, '', '');");

        assertThat(load("default { db_url = \"" + url + "\", persistent_state = off }")
                        .entries())
                .hasSize(1);
        assertThatThrownBy(() -> load("default { db_url = \"" + url + "\" }"))
                .isInstanceOf(SettingException.class)
                .hasMessage("partitions.default.state_col: state (expected: a column of table dispatcher)");
    }

    @Test
    void aWrongTableVersionStopsTheLoad() {
        String url = h2("old");
        run(url, StockTables.padded7("dispatcher") + StockTables.version(5));

        assertThatThrownBy(() -> load("default { db_url = \"" + url + "\" }"))
                .isInstanceOf(SettingException.class)
                .hasMessage("partitions.default.table_name: dispatcher version 5 (expected: version 7, 8 or 9)");
    }

    @Test
    void aTableOfVersionsThatIsSomethingElseIsLeftAlone() {
        String url = h2("other");
        run(url, StockTables.padded7("dispatcher") + "CREATE TABLE version (id INTEGER, build CHAR(20));");

        assertThat(load("default { db_url = \"" + url + "\" }").entries()).isEmpty();
    }

    @Test
    void aMissingTableIsReportedUnderTheKeyThatNamesIt() {
        String url = h2("empty");

        assertThatThrownBy(() -> load("default { table_name = x }, trunks { db_url = \"" + url + "\" }"))
                .isInstanceOf(SettingException.class)
                .hasMessage("partitions.default.table_name: x (expected: a table in " + url + ")");
    }

    @Test
    void aScriptThatFailsIsReported() {
        String url = h2("script");

        assertThatThrownBy(() -> load(
                        "default { table_name = x, db_url = \"" + url + "\", init_script = conf/dispatcher.list }"))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith(
                        "partitions.default.init_script: conf/dispatcher.list (expected: a script that runs: ");
    }

    static String resource(String name) throws IOException {
        try (InputStream stream = Catalog.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
