package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Base64;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.e2e.RefusingNode.Answer;

/** Invalid requests are refused with a clear message, change nothing, and harm neither the node nor its calls. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RefusalsTest {
    private static final String WRITER = "writer-of-this-test";
    private static final String READER = "reader-of-this-test";
    private static final String MANAGEMENT = """
            max-requests-per-second = 300
            tokens = [ { name = ann, token = %s, role = write }, { name = bob, token = %s, role = read } ]
            """.formatted(WRITER, READER);
    private static final String[] ANN = {"Authorization", "Bearer " + WRITER};
    private static final String TEN_MEGABYTES = "x".repeat(10 << 20);
    private static final String ERROR = "(?s)[^:]+: .+ \\(expected: .+\\)";

    private static TestUserAgent caller;
    private static TestUserAgent gateway;
    private static RefusingNode node;
    private static String database;
    private static String kept;

    @BeforeAll
    static void start() {
        database = EmbeddedPostgres.jdbcUrl("refusals");
        caller = TestUserAgent.udp();
        gateway = TestUserAgent.udp();
        node = RefusingNode.begin(
                MANAGEMENT, database, "1 sip:127.0.0.1:%d\n2 sip:127.0.0.1:5083\n".formatted(gateway.port()), null);
        node.process().awaitListening();
        Awaitility.await().until(() -> node.send("GET", "/ready", null).status() == 200);
        kept = node.kept(ANN);
    }

    @AfterAll
    static void stop() {
        caller.close();
        gateway.close();
        if (node != null) {
            node.close();
        }
    }

    @AfterEach
    void nothingHasChanged() {
        assertThat(node.kept(ANN)).isEqualTo(kept);
        assertThat(node.send("GET", "/ready", null).status()).isEqualTo(200);
    }

    private static String destination() {
        return "default:1:sip:127.0.0.1:" + gateway.port();
    }

    private static String filled(String text) {
        return text.replace("{id}", URLEncoder.encode(destination(), StandardCharsets.UTF_8));
    }

    /** The header fields with the credentials of that caller. */
    private static String[] headers(String who) {
        String shown =
                switch (who) {
                    case "nobody" -> null;
                    case "ann" -> "Bearer " + WRITER;
                    case "bob" -> "Bearer " + READER;
                    case "a guesser" -> "Bearer " + WRITER + "x";
                    case "a digest" -> "Digest username=\"ann\", response=\"" + WRITER + "\"";
                    case "bob as ann" -> basic("ann:" + READER);
                    case "no pair" -> basic(WRITER);
                    default -> throw new IllegalArgumentException(who);
                };
        return shown == null ? new String[0] : new String[] {"Authorization", shown};
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest(name = "{0} {1} {2} {3}")
    @CsvFileSource(
            resources = "refusals.txt",
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = true)
    void whatIsRefusedNamesWhatWhichAndWhatElse(
            String who, String method, String path, String body, int status, String begins) {
        Answer answer = node.send(method, filled(path), body, headers(who));

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.error())
                .as(answer.body())
                .startsWith(begins.replace("{id}", destination()))
                .matches(ERROR);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ann | {\"jsonrpc\":                                                       | -32700 | Parse error",
                "ann | 7                                                                   | -32600 | Invalid Request",
                "ann | []                                                                  | -32600 | Invalid Request",
                "ann | {\"id\":1,\"method\":\"ds_list\"}                                   | -32600 | Invalid Request",
                "ann | {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}                         | -32600 | Invalid Request",
                "ann | {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ds_melt\"}               | -32601 | Method not found",
                "ann | {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ds_set_state\"}          | -32602 | Invalid params",
                "ann | {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ds_list\",\"params\":{\"fill\":1}} | -32602 | Invalid params",
                "ann | {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ds_set_state\",\"params\":[\"x\",\"1\",\"sip:a\"]} | 500 | Bad state value",
                "ann | {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ds_set_state\",\"params\":[\"i\",\"9\",\"sip:127.0.0.1:1\"]} | 404 | destination not found",
                "ann | {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ds_set_state\",\"params\":[\"i\",\"x:1\",\"sip:a\"]} | 404 | ERROR Unknown partition",
                "ann | {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ds_reload\",\"params\":[\"nowhere\"]} | 500 | ERROR Unknown partition",
                "bob | {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ds_reload\"}             | 403 | role: read",
                "bob | {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ds_set_state\",\"params\":[\"i\",\"1\",\"$uri\"]} | 403 | role: read",
                "bob | {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ds_push_script_attrs\",\"params\":[\"a=b\",\"127.0.0.1\",\"5083\",\"2\"]} | 403 | role: read",
            })
    void whatTheManagementInterfaceRefusesHasItsCode(String who, String body, int code, String begins) {
        Answer answer = node.send("POST", "/mi", body.replace("$uri", "sip:127.0.0.1:" + gateway.port()), headers(who));

        JsonNode error = answer.json().path("error");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(error.path("code").asInt()).as(answer.body()).isEqualTo(code);
        assertThat(error.path("message").asText()).startsWith(begins);
    }

    @Test
    void tenMegabytesAreNotTakenHoweverTheyCome() {
        String head = "POST /dispatcher/reload HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + WRITER + "\r\n";
        String piece = "%x\r\n".formatted(1 << 20) + "x".repeat(1 << 20) + "\r\n";

        String whole = RawHttp.answer(node.port(), head + "Content-Length: 10485760\r\n\r\n", TEN_MEGABYTES);
        String inPieces =
                RawHttp.answer(node.port(), head + "Transfer-Encoding: chunked\r\n\r\n", piece.repeat(10), "0\r\n\r\n");
        String fromNobody = RawHttp.answer(
                node.port(),
                "POST /dispatcher/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10485760\r\n\r\n",
                TEN_MEGABYTES);

        assertRefused(whole, 413, "body: too large (expected: 1048576 bytes at most)");
        assertRefused(inPieces, 413, "body: too large (expected: 1048576 bytes at most)");
        assertRefused(fromNobody, 401, "Authorization: nothing (expected: a token of this node)");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "no HTTP at all                             | 501 | request: ",
                "GET /ready                                 | 505 | request: ",
                "GET /ready HTTP/4.0;Host: a                | 505 | request: ",
                "GET /ready HTTP/1.1                        | 400 | request: ",
                "BREW /ready HTTP/1.1;Host: localhost       | 501 | request: ",
                "GET /%zz HTTP/1.1;Host: localhost          | 400 | request: ",
                "GET /$long HTTP/1.1;Host: localhost        | 414 | request: ",
                "GET /ready HTTP/1.1;Host: localhost;X: $long | 431 | request: ",
                "GET /ready HTTP/1.1;Host: localhost$many   | 400 | request: ",
                "POST /mi HTTP/1.1;Host: localhost;Content-Length: many | 400 | request: ",
                "POST /mi HTTP/1.1;Host: localhost;Content-Length: -1   | 400 | request: ",
                "POST /mi HTTP/1.1;Host: localhost;Content-Length: 1;Content-Length: 2 | 400 | request: ",
                "POST /mi HTTP/1.1;Host: localhost;Content-Length: 3;Transfer-Encoding: chunked | 400 | request: ",
                "PRI * HTTP/2.0                             | 501 | request: ",
            })
    void whatIsNoGoodHttpIsRefused(String request, int status, String begins) {
        String text = request.replace("$long", "x".repeat(9000)).replace("$many", ";X: y".repeat(80));

        assertRefused(RawHttp.answer(node.port(), text.replace(";", "\r\n") + "\r\n\r\n"), status, begins);
    }

    @Test
    void aPageOfAnotherHostGivesNoOrders() {
        for (String origin : new String[] {"http://evil.example", "null", "https://localhost:1"}) {
            Answer answer = node.send(
                    "POST", filled("/dispatcher/destinations/{id}/hold"), "{}", ANN[0], ANN[1], "Origin", origin);

            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.error()).isEqualTo("Origin: " + origin + " (expected: a page of this node)");
        }
    }

    @Test
    void whoAsksTooOftenWaitsAndTheOthersDoNot() {
        try (RawHttp nobody = RawHttp.to(node.port())) {
            String statuses = nobody.statuses("GET /dispatcher/sets HTTP/1.1\r\nHost: localhost\r\n\r\n", 3000, 429);

            assertThat(statuses).startsWith("401 401").endsWith("429");
        }
        Answer tooMany = node.send("GET", "/dispatcher/sets", null);
        if (tooMany.status() == 429) {
            assertThat(tooMany.error())
                    .isEqualTo("requests: too many from 127.0.0.1 (expected: 300 per second at most)");
        }
        assertThat(node.send("GET", "/alive", null).status()).isEqualTo(200);
        assertThat(node.send("GET", "/dispatcher/sets", null, ANN).status()).isEqualTo(200);
    }

    /** Runs last, so that late effects of the other tests would be visible. */
    @Test
    @Order(Integer.MAX_VALUE)
    void afterAllOfItCallsGoOnAndTheHistoryHoldsNothingButWhoWasRefused() throws SQLException {
        Call call = Call.to("sip:100@example.org", caller, node.sip());
        call.takenBy(gateway).hangUpWith(gateway);

        Answer held = node.send("POST", filled("/dispatcher/destinations/{id}/hold"), "{\"why\":\"the last\"}", ANN);
        assertThat(held.status()).isEqualTo(200);
        Awaitility.await().until(() -> count("kind = 'ORDER' AND why LIKE 'the last; done'") == 1);
        Awaitility.await().until(() -> count("kind = 'STATUS'") == 1);
        assertThat(count("kind = 'ORDER' AND why NOT LIKE '%refused: %'")).isOne();
        assertThat(count("who LIKE 'bob%'")).isZero();

        assertThat(node.send("POST", filled("/dispatcher/destinations/{id}/release"), "{}", ANN)
                        .status())
                .isEqualTo(200);
        Awaitility.await().until(() -> count("kind = 'STATUS' OR why = 'done'") == 3);
        kept = node.kept(ANN);
    }

    private static int count(String condition) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database);
                ResultSet row = connection
                        .createStatement()
                        .executeQuery("SELECT COUNT(*) FROM sip_dispatcher_history WHERE " + condition)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void assertRefused(String answer, int status, String begins) {
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("Content-Type: application/json");
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        assertThat(new Answer(status, body.substring(body.indexOf('{'))).error())
                .as(answer)
                .startsWith(begins)
                .matches(ERROR);
    }
}
