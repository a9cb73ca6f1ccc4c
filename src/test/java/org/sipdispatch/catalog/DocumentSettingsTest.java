package org.sipdispatch.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sipdispatch.catalog.CatalogSamples.SOCKETS;
import static org.sipdispatch.catalog.CatalogSamples.h2;
import static org.sipdispatch.catalog.CatalogSamples.run;
import static org.sipdispatch.catalog.CatalogSamples.settings;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.freeswitch.FreeswitchSettings;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.SettingException;

/** A document of a real HTTP server. */
class DocumentSettingsTest {
    private static final String ROWS = """
            [ {"setid": 1, "destination": "sip:a", "socket": "main", "weight": "5", "priority": 2, "attrs": "x=1",
               "description": "first", "state": 2, "probe_mode": 1},
              {"setid": "1", "destination": "sip:b", "weight": null} ]
            """;

    @TempDir
    private Path directory;

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private volatile String body = ROWS;
    private volatile int status = 200;
    private volatile boolean silent;
    /** Whether a document has one row, with the value of the query as its host. */
    private volatile boolean byQuery;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String tag = "\"" + body.hashCode() + "\"";
        String known = exchange.getRequestHeaders().getFirst("If-None-Match");
        requests.add(exchange.getRequestHeaders().getFirst("Authorization") + " " + known);
        exchange.getResponseHeaders().add("ETag", tag);
        if (silent) {
            return;
        }
        if (byQuery) {
            String host = exchange.getRequestURI().getQuery().replaceFirst(".*=", "");
            body = "[ {\"setid\": 1, \"destination\": \"sip:" + host + "\"} ]";
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        boolean unchanged = status == 200 && tag.equals(known);
        exchange.sendResponseHeaders(unchanged ? 304 : status, unchanged ? -1 : bytes.length);
        if (!unchanged) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private Catalog open(String more) {
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/list?token=secret";
        return Catalog.open(
                settings("default { db_url = \"" + url + "\" " + more + " }").keptIn(directory), SOCKETS);
    }

    private static Definition first() {
        return new Definition(
                new Destination("default", 1, "sip:a", "main", 5, 2, "x=1", "first"), DestinationState.PROBING, true);
    }

    private static Definition second() {
        return new Definition(
                new Destination("default", 1, "sip:b", null, 1, 0, "", ""), DestinationState.ACTIVE, false);
    }

    @Test
    void rowsAreObjectsWithTheNamesOfTheColumns() {
        try (Catalog catalog = open("")) {
            CatalogSnapshot rows = catalog.load();

            assertThat(rows.warnings()).isEmpty();
            assertThat(rows.entries()).containsExactly(first(), second());
        }
    }

    /** The document, behind a table. */
    private Catalog openBehind(String table) {
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/list";
        FreeswitchSettings freeswitch = new FreeswitchSettings(true, 100, Duration.ofMinutes(1), Duration.ofMinutes(1));
        String sources = "default { sources = [ { db_url = \"" + table + "\" }, { db_url = \"" + url + "\" } ] }";
        return Catalog.open(settings(sources).withFreeswitch(freeswitch).keptIn(directory), SOCKETS);
    }

    private static Definition put(DestinationState state) {
        return new Definition(new Destination("default", 1, "sip:a", "main", 40, 0, "", ""), state, false);
    }

    /** The row in the table counts then, instead of that of the document. */
    @ParameterizedTest
    @CsvSource({
        "'', INACTIVE",
        "'INSERT INTO dispatcher (setid, destination, socket, weight) VALUES (1, ''SIP:A'', ''main'', ''abc'');', ACTIVE"
    })
    void aRowThatOnlyTheDocumentHasKeepsInTheTableWhatIsNotGiven(String unusable, DestinationState state) {
        String table = h2("before-document-" + state);
        run(table, StockTables.postgres9("dispatcher") + unusable);
        try (Catalog catalog = openBehind(table)) {
            for (int i = 0; i < 2; i++) {
                catalog.putRow(put(DestinationState.INACTIVE), List.of("weight"));

                assertThat(TableTexts.of(
                                table,
                                "SELECT LOWER(destination), socket, state, weight, priority, attrs, description, probe_mode"
                                        + " FROM dispatcher"))
                        .containsExactly("sip:a main " + state.code() + " 40 2 x=1 first 1");
                assertThat(catalog.load().entries())
                        .extracting(one -> one.destination().weight())
                        .containsExactly(40, 1);
            }
        }
    }

    /** No other source gets the password. */
    @Test
    void aRowWithAWeightFromFreeSwitchGoesIntoTheTableWithANumberOnly() {
        body = "[ {\"setid\": 1, \"destination\": \"sip:a\", \"socket\": \"main\", \"weight\":"
                + " \"fs://:secret@10.0.0.1:8021\"} ]";
        String table = h2("before-fs-document");
        run(table, StockTables.postgres9("dispatcher"));
        try (Catalog catalog = openBehind(table)) {
            assertThatThrownBy(() -> catalog.putRow(put(DestinationState.ACTIVE), List.of("attrs")))
                    .isInstanceOf(SettingException.class)
                    .hasMessageStartingWith("weight: not given (expected: a number, since that of the row in http://")
                    .hasMessageNotContaining("secret");
            assertThat(TableTexts.of(table, "SELECT id FROM dispatcher")).isEmpty();

            catalog.putRow(put(DestinationState.ACTIVE), List.of("weight"));
            assertThat(TableTexts.of(table, "SELECT weight FROM dispatcher")).containsExactly("40");
        }
    }

    @Test
    void aByteOrderMarkIsIgnored() {
        body = "\uFEFF" + ROWS;
        try (Catalog catalog = open("")) {
            assertThat(catalog.load().entries()).containsExactly(first(), second());
        }
    }

    @Test
    void aServerThatIsNotThereIsNamedInWords() {
        try (Catalog catalog = open("")) {
            server.stop(0);

            assertThatThrownBy(catalog::load)
                    .hasMessageContaining("a document, but Connection refused")
                    .hasMessageNotContaining("Exception");
        }
    }

    @Test
    void anUnchangedDocumentIsNotSentAgain() {
        try (Catalog catalog = open(", db_user = ann, db_password = pw")) {
            catalog.load();
            assertThat(catalog.load().entries()).containsExactly(first(), second());
            body = "[ {\"setid\": 1, \"destination\": \"sip:b\"} ]";
            assertThat(catalog.load().entries()).containsExactly(second());
        }

        assertThat(requests)
                .containsExactly(
                        "Basic YW5uOnB3 null",
                        "Basic YW5uOnB3 \"" + ROWS.hashCode() + "\"",
                        "Basic YW5uOnB3 \"" + ROWS.hashCode() + "\"");
    }

    @Test
    void aPasswordWithoutAUserIsABearerToken() {
        try (Catalog catalog = open(", db_password = t0ken")) {
            catalog.load();
        }

        assertThat(requests).containsExactly("Bearer t0ken null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[ {\"setid\": 1, \"destination\": \"sip:a\"}, {\"setid\": 1, \"destination\": \"sip:b\", \"weight\": \"5x\"} ]"
                        + " | default row [1]: weight: 5x (expected: a whole number from 0 to 65535)",
                "[ {\"setid\": 1, \"destination\": true} ] | default row [0]: destination: true (expected: a text or a number)",
                "[ 5 ] | default row [0]: row: 5 (expected: an object)",
                "[ {\"setid\": 1, \"destination\": \"sip:a\", \"wieght\": 2} ]"
                        + " | default row [0]: wieght: unknown (expected: a column; ignored)",
            })
    void aBadRowIsNamedByItsIndexAndField(String document, String warning) {
        body = document;
        try (Catalog catalog = open("")) {
            assertThat(catalog.load().warnings()).containsExactly(warning);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | {} | a JSON array of rows)",
                "200 | [ {\"setid\": 1,, } ] | a JSON array of rows; error at line 1, column 15: ",
                "404 | [] | a document, but the server answered 404)",
            })
    void anythingElseThanADocumentFailsTheLoadWithoutTheSecretOfTheUrl(int code, String document, String expected) {
        status = code;
        body = document;
        try (Catalog catalog = open("")) {
            assertThatThrownBy(catalog::load)
                    .isInstanceOf(SettingException.class)
                    .hasMessageStartingWith("partitions.default.db_url: http://127.0.0.1:")
                    .hasMessageContaining("/list?*** (expected: " + expected)
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void aLargeDocumentAndASlowServerFailTheLoad() {
        body = "[" + " ".repeat(2000) + "]";
        try (Catalog catalog = open(", max_size = 1KiB")) {
            assertThatThrownBy(catalog::load).hasMessageContaining("it is larger than 1024 bytes");
        }
        silent = true;
        try (Catalog catalog = open(", connect_timeout = 300ms")) {
            assertThatThrownBy(catalog::load).isInstanceOf(SettingException.class);
        }
    }

    @Test
    void theLastUsableDocumentReplacesAServerThatIsAwayAtAStartOnly() {
        try (Catalog catalog = open("")) {
            catalog.load();
            body = "[ {\"setid\": \"x\", \"destination\": \"sip:b\"} ]";
            catalog.load();
        }
        status = 503;
        try (Catalog catalog = open("")) {
            CatalogSnapshot rows = catalog.loadFirst();

            assertThat(rows.entries()).containsExactly(first(), second());
            assertThat(rows.skipped()).isEmpty();
            assertThat(rows.warnings()).hasSize(1);
            assertThat(rows.warnings().get(0))
                    .startsWith("partition default: document: that of 2")
                    .contains("kept in the data directory", "the server answered 503");

            status = 200;
            body = ROWS;
            assertThat(catalog.loadFirst().warnings()).isEmpty();
            status = 503;
            assertThatThrownBy(catalog::loadFirst).hasMessageContaining("the server answered 503");
        }
    }

    /** A node that has started while the server was away gets the definitions of the cluster, not of its own document. */
    @Test
    void aReloadTakesNoKeptDocument() {
        try (Catalog catalog = open("")) {
            catalog.load();
        }
        status = 503;
        try (Catalog catalog = open("")) {
            assertThatThrownBy(() -> catalog.load("default")).hasMessageContaining("the server answered 503");
            assertThatThrownBy(() -> catalog.load("")).hasMessageContaining("the server answered 503");
        }
    }

    @Test
    void whatAWatchHasReadIsNewerThanTheKeptDocument() {
        try (Catalog catalog = open("")) {
            catalog.load();
        }
        try (Catalog catalog = open(", watch = on")) {
            catalog.watched().get(0).content().get().rows().get();
            status = 503;
            assertThatThrownBy(catalog::loadFirst).hasMessageContaining("the server answered 503");
        }
    }

    /** Each in its own file, which shows no secret. */
    @Test
    void documentsWhoseUrlsDifferOnlyInTheQueryAreKeptApart() throws IOException {
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/rows?secret=";
        String both = "default { sources = [ { db_url = \"" + url + "a\" }, { db_url = \"" + url + "b\" } ] }";
        List<Definition> loaded;
        byQuery = true;
        try (Catalog catalog = Catalog.open(settings(both).keptIn(directory), SOCKETS)) {
            loaded = catalog.load().entries();
        }
        server.stop(0);
        try (Catalog catalog = Catalog.open(settings(both).keptIn(directory), SOCKETS);
                Catalog third = Catalog.open(
                        settings("default { db_url = \"" + url + "c\" }").keptIn(directory), SOCKETS)) {
            assertThat(loaded).extracting(Definition::id).containsExactly("default:1:sip:a", "default:1:sip:b");
            assertThat(catalog.loadFirst().entries()).isEqualTo(loaded);
            assertThatThrownBy(third::loadFirst).hasMessageContaining("Connection refused");
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).hasSize(2).allSatisfy(file -> {
                assertThat(file.getFileName().toString()).matches("document-default-[0-9a-f]{16}\\.json");
                assertThat(file).content().doesNotContain("secret");
            });
        }
    }

    @Test
    void aWatchedDocumentIsWhole() {
        try (Catalog catalog = open(", watch = on")) {
            WatchedSource source = catalog.watched().get(0);
            SourceContent content = source.content().get();

            assertThat(source.interval()).hasSeconds(30);
            assertThat(content.isWhole()).isTrue();
            assertThat(content.rows().get().entries()).containsExactly(first(), second());
            assertThat(source.content().get().fingerprint()).isEqualTo(content.fingerprint());
        }
    }
}
