package org.sipdispatch.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.manage.UnstartedNodeServer.PAST_THE_GUARD;

import akka.http.javadsl.server.Directives;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Authentication and limits, over real connections. */
class AccessFilterTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WRITER = "writer-of-this-test";
    private static final String READER = "reader-of-this-test";
    private static final String TOKENS = "tokens = [ { name = ann, token = " + WRITER + ", role = write },"
            + " { name = bob, token = " + READER + ", role = read } ]\nmax-requests-per-second = 0\n";

    private static UnstartedNodeServer open;
    private static UnstartedNodeServer withTokens;

    @BeforeAll
    static void start() {
        open = UnstartedNodeServer.start("max-requests-per-second = 0");
        withTokens = UnstartedNodeServer.start(TOKENS);
    }

    @AfterAll
    static void close() {
        open.close();
        withTokens.close();
    }

    private static int status(UnstartedNodeServer server, String method, String path, String... headers) {
        HttpResponse<String> answer = server.send(method, path, method.equals("GET") ? null : "{}", headers);
        if (answer.statusCode() >= 400 && !path.equals("/ready")) {
            assertThat(error(answer)).as(answer.body()).isNotEmpty();
        }
        return answer.statusCode();
    }

    private static String error(HttpResponse<String> answer) {
        try {
            JsonNode body = JSON.readTree(answer.body());
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
            return body.path("error").asText();
        } catch (IOException e) {
            throw new AssertionError(answer.body(), e);
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, /dispatcher/node", "POST, /dispatcher/reload", "POST, /dispatcher/destinations/x/release"})
    void onTheOwnLoopbackEverybodyMayDoEverything(String method, String path) {
        assertThat(status(open, method, path)).isEqualTo(PAST_THE_GUARD);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /dispatcher/node",
        "GET, /cluster/members",
        "GET, /metrics",
        "GET, /nowhere",
        "POST, /mi",
        "POST, /dispatcher/pick",
        "POST, /alive",
        "PUT, /cluster/members/x",
        "DELETE, /cluster/members/x",
        "OPTIONS, /dispatcher/node"
    })
    void withTokensNobodyIsLetInWithoutOne(String method, String path) {
        assertThat(status(withTokens, method, path)).isEqualTo(401);
        assertThat(status(withTokens, method, path, "Authorization", "Bearer " + WRITER + "x"))
                .isEqualTo(401);
        assertThat(status(withTokens, method, path, "Authorization", "Bearer")).isEqualTo(401);
        assertThat(status(withTokens, method, path, "Authorization", "Basic !!"))
                .isEqualTo(401);
        assertThat(status(withTokens, method, path, "Authorization", basic("bob", WRITER)))
                .isEqualTo(401);
        assertThat(status(withTokens, method, path, "Authorization", basic("", "")))
                .isEqualTo(401);
    }

    @Test
    void anUnknownClientIsShownHowToAuthenticate() {
        assertThat(withTokens.send("GET", "/dispatcher/node", null).headers().allValues("WWW-Authenticate"))
                .anyMatch(challenge -> challenge.startsWith("Bearer"))
                .anyMatch(challenge -> challenge.startsWith("Basic"));
        assertThat(withTokens
                        .send("GET", "/dispatcher/node", null, "Sec-Fetch-Dest", "empty")
                        .headers()
                        .allValues("WWW-Authenticate"))
                .noneMatch(challenge -> challenge.startsWith("Basic"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/alive",
                "/bootstrap/seed-nodes",
                "/dispatcher/ui",
                "/dispatcher/ui/index.html",
                "/dispatcher/ui/nothing.css"
            })
    void someThingsAreAnsweredToAnybody(String path) {
        assertThat(status(withTokens, "GET", path)).isNotEqualTo(401);
    }

    @Test
    void aNodeThatHasNotStartedIsAliveAndNotReady() {
        assertThat(withTokens.send("GET", "/alive", null).statusCode()).isEqualTo(200);
        assertThat(withTokens.send("HEAD", "/alive", null).statusCode()).isEqualTo(200);
        HttpResponse<String> ready = withTokens.send("GET", "/ready", null);
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).contains("starting");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/dispatcher/ui/../node",
                "/dispatcher/ui/..%2fnode",
                "/dispatcher/ui/%2e%2e/node",
                "//alive",
                "/alive/"
            })
    void aWayAroundTheGuardIsNone(String path) {
        assertThat(status(withTokens, "GET", path)).isEqualTo(401);
    }

    @Test
    void bothWaysOfGivingATokenLetIn() {
        assertThat(status(withTokens, "GET", "/dispatcher/node", "Authorization", "Bearer " + READER))
                .isEqualTo(PAST_THE_GUARD);
        assertThat(status(withTokens, "GET", "/dispatcher/node", "Authorization", "bearer  " + READER))
                .isEqualTo(PAST_THE_GUARD);
        assertThat(status(withTokens, "GET", "/dispatcher/node", "Authorization", basic("bob", READER)))
                .isEqualTo(PAST_THE_GUARD);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /dispatcher/destinations/x/state",
        "POST, /dispatcher/destinations/x/release",
        "DELETE, /dispatcher/destinations/x",
        "POST, /dispatcher/attrs",
        "PUT, /cluster/members/x",
        "DELETE, /cluster/members/x",
        "POST, /cluster/members",
        "PUT, /cluster",
        "POST, /mi/",
        "POST, /anything"
    })
    void whoMayOnlyLookChangesNothing(String method, String path) {
        assertThat(status(withTokens, method, path, "Authorization", "Bearer " + READER))
                .isEqualTo(403);
        assertThat(status(withTokens, method, path, "Authorization", "Bearer " + WRITER))
                .isNotEqualTo(403)
                .isNotEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/mi", "/dispatcher/pick", "/dispatcher/reload"})
    void whatMayTurnOutToBeAQuestionIsLetThrough(String path) {
        HttpResponse<String> answer =
                withTokens.send("POST", path, "{\"dryRun\":true}", "Authorization", "Bearer " + READER);

        assertThat(answer.statusCode()).isNotIn(401, 403);
    }

    @Test
    void aPageOfAnotherHostIsRefused() {
        String own = "http://localhost:" + open.port();

        assertThat(status(open, "GET", "/dispatcher/node", "Origin", own)).isEqualTo(PAST_THE_GUARD);
        assertThat(status(open, "GET", "/dispatcher/node", "Origin", "http://evil.example"))
                .isEqualTo(403);
        assertThat(status(open, "POST", "/dispatcher/reload", "Origin", "null")).isEqualTo(403);
        assertThat(status(open, "POST", "/dispatcher/reload", "Origin", "http://localhost:1"))
                .isEqualTo(403);
        assertThat(status(
                        withTokens,
                        "GET",
                        "/dispatcher/node",
                        "Origin",
                        "http://evil.example",
                        "Authorization",
                        basic("ann", WRITER)))
                .isEqualTo(403);
    }

    /**
     * DNS rebinding: a foreign name that resolves to 127.0.0.1 makes the browser treat this node as that name's server.
     */
    @Test
    void aForeignNameForThisHostIsRefused() throws IOException {
        assertThat(raw(open, "GET /dispatcher/node HTTP/1.1\r\nHost: evil.example:80\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403")
                .contains("Host: evil.example:80");
        assertThat(raw(open, "GET /dispatcher/node HTTP/1.1\r\nHost: 127.0.0.1:1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 503");
    }

    @Test
    void aLargeBodyIsRefusedBeforeItIsRead() {
        HttpResponse<String> announced = open.send("POST", "/dispatcher/reload", "x".repeat(10 << 20));
        byte[] large = new byte[3 << 20];
        HttpResponse<String> inPieces = open.send(HttpRequest.newBuilder(open.uri("/dispatcher/reload"))
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))
                .build());

        assertThat(announced.statusCode()).isEqualTo(413);
        assertThat(error(announced)).contains("1048576 bytes");
        assertThat(inPieces.statusCode()).isEqualTo(413);
    }

    @Test
    void aClientThatAsksBeforeItSendsALargeBodyIsRefused() throws IOException {
        assertThat(raw(open, """
                POST /dispatcher/reload HTTP/1.1\r
                Host: localhost\r
                Expect: 100-continue\r
                Content-Length: 10485760\r
                \r
                """)).startsWith("HTTP/1.1 413");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no HTTP at all\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
            })
    void whatIsNoHttpIsRefused(String request) throws IOException {
        assertThat(raw(open, request)).matches("(?s)HTTP/1.1 [45]\\d\\d .*\\{\\s*\"error\" : \"request: .*");
    }

    @Test
    void malformedJsonIsRefused() {
        HttpResponse<String> answer = open.send("POST", "/dispatcher/reload", "{\"partition\": ");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(error(answer)).startsWith("body: line 1 (expected: JSON");
    }

    @Test
    void theMethodMustBeOneOfThePath() {
        assertThat(status(open, "DELETE", "/dispatcher/node")).isEqualTo(405);
        assertThat(status(open, "GET", "/dispatcher/nothing")).isEqualTo(404);
    }

    @Test
    void outsideOfAClusterItsRoutesSaySo() {
        assertThat(status(open, "GET", "/cluster/members")).isEqualTo(503);
        assertThat(status(open, "GET", "/bootstrap/seed-nodes")).isEqualTo(503);
    }

    @Test
    void theRoutesOfTheNextSessionTakeThePlaceOfThoseBefore() {
        Route first = Directives.path("of-first", () -> Directives.complete("first"));
        Route second = Directives.path("of-second", () -> Directives.complete("second"));
        try (UnstartedNodeServer node = UnstartedNodeServer.start("")) {
            node.server.begin(first);
            assertThat(node.send("GET", "/of-first", null).body()).isEqualTo("first");
            node.server.begin(second);
            node.server.end(first);
            assertThat(node.send("GET", "/of-second", null).body()).isEqualTo("second");
            assertThat(node.send("GET", "/of-first", null).statusCode()).isEqualTo(404);
            node.server.end(second);
            assertThat(node.send("GET", "/of-second", null).statusCode()).isEqualTo(404);
            assertThat(node.send("GET", "/cluster/members", null).statusCode()).isEqualTo(503);
            assertThat(node.send("GET", "/alive", null).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void oneAddressCannotAskTooOften() {
        try (UnstartedNodeServer limited = UnstartedNodeServer.start("max-requests-per-second = 5")) {
            HttpResponse<String> last = askTooOften(limited, "/dispatcher/node", PAST_THE_GUARD);

            assertThat(last.headers().firstValue("Retry-After")).contains("1");
            assertThat(error(last)).contains("127.0.0.1").contains("5 per second");
            // Health checks are not affected.
            askTooOften(limited, "/alive", 200);
            for (int i = 0; i < 30; i++) {
                assertThat(limited.send("GET", "/dispatcher/ui/app.js", null).statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void whoIsNotKnownUsesUpNothingOfWhatOthersMayAsk() {
        try (UnstartedNodeServer limited = UnstartedNodeServer.start(TOKENS + "max-requests-per-second = 5")) {
            askTooOften(limited, "/dispatcher/node", 401);

            assertThat(status(limited, "GET", "/dispatcher/node", "Authorization", "Bearer " + READER))
                    .isEqualTo(PAST_THE_GUARD);
        }
    }

    /** Sends requests up to the limit and one more, which is refused. */
    private static HttpResponse<String> askTooOften(UnstartedNodeServer server, String path, int usual) {
        List<Integer> statuses = new ArrayList<>();
        HttpResponse<String> last = null;
        for (int i = 0; i < 100 && (last == null || last.statusCode() != 429); i++) {
            last = server.send("GET", path, null);
            statuses.add(last.statusCode());
        }
        assertThat(statuses).startsWith(usual, usual, usual, usual, usual).endsWith(429);
        return last;
    }

    private static String basic(String name, String token) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + token).getBytes(StandardCharsets.UTF_8));
    }

    /** Everything received until the server closes the connection. */
    private static String raw(UnstartedNodeServer server, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(60_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
