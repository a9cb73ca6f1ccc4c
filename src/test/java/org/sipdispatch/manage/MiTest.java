package org.sipdispatch.manage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.app.Node;

/** Requests of OpenSIPS' tools and the responses, in {@code src/test/resources/mi}, with a running node. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path CASES = Path.of("src/test/resources/mi");

    @TempDir
    static Path directory;

    private static final int HTTP = Ports.next();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static Node node;

    @BeforeAll
    static void start() {
        node = start(HTTP, "mi", "");
    }

    private static Node start(int http, String name, String more) {
        String config = """
                sip-dispatcher {
                  data-dir = "%s"
                  sockets.udp = "udp:127.0.0.1:%d"
                  partitions.default { db_url = "jdbc:h2:mem:mi-%s", init_script = "%s" }
                  partitions.trunks.table_name = trunks
                  partitions.nothing.table_name = nothing
                  rules = [ { select.set = 1 } ]
                  management { port = %d, max-requests-per-second = 0, tokens = [
                    { name = ann, token = token-of-the-write-role, role = write }
                    { name = bob, token = token-of-the-read-role, role = read } ] }
                  %s
                }
                """.formatted(
                        directory.resolve(name), Ports.next(), name, CASES.resolve("tables.sql"), http, more)
                .replace("write }\n", "write },\n");
        return Node.start(ConfigFactory.parseString(config)
                .withFallback(ConfigFactory.defaultReferenceUnresolved())
                .resolve()
                .getConfig("sip-dispatcher"));
    }

    @AfterAll
    static void close() {
        node.close();
    }

    static Stream<Path> cases() throws IOException {
        try (Stream<Path> files = Files.list(CASES)) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRequestIsAnsweredAsRecorded(Path file) throws IOException {
        JsonNode recorded = JSON.readTree(file.toFile());
        String text =
                recorded.has("text") ? recorded.get("text").asText() : JSON.writeValueAsString(recorded.get("request"));

        HttpResponse<String> answer = post(recorded.get("role").asText(), text);

        if (recorded.get("reply").isNull()) {
            assertThat(answer.statusCode()).isEqualTo(204);
            assertThat(answer.body()).isEmpty();
        } else {
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(JSON.readTree(answer.body())).isEqualTo(recorded.get("reply"));
        }
    }

    @Test
    void theUptimeIsReportedAsOpenSipsTellsIt() throws IOException {
        JsonNode uptime = JSON.readTree(post("read", "{\"jsonrpc\":\"2.0\",\"method\":\"uptime\",\"id\":1}")
                        .body())
                .path("result");

        assertThat(uptime.path("Now").asText()).matches("\\w{3} \\w{3} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}");
        assertThat(uptime.path("Up time").asText()).matches("\\d+ \\[sec]");
    }

    @Test
    void theLinesOfOldAreAnsweredByATree() {
        HttpResponse<String> answer = post("read", ":ds_list:\nfull\ntrunks\n\n");

        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
        assertThat(answer.body().replace("state=Active", "state=Probing")).isEqualTo("""
                200 OK
                PARTITION:: trunks
                \tSET:: 1
                \t\tURI:: sip:ann@10.0.1.1:5070 state=Probing first_hit_counter=0
                \t\t\tsocket:: udp
                \t\t\tweight:: 1
                \t\t\tpriority:: 0
                """);
        assertThat(post("read", ":ds_list:reply_fifo\n").body())
                .startsWith("200 OK\nPARTITION:: default\n\tSET:: 1\n\t\tURI:: sip:10.0.0.2 state=Active")
                .contains("\n\t\t\tattr:: pstn=1\n");
    }

    @Test
    void theLinesOfOldCanOrderToo() {
        assertThat(post("write", ":ds_set_state:\na\n1\nsip:10.0.0.1:5060\n").body())
                .isEqualTo("200 OK\n");
        assertThat(post("read", ":ds_set_state:\na\n1\nsip:10.0.0.1:5060\n").body())
                .startsWith("403 role: read");
        assertThat(post("write", ":ds_set_state:\na\n1\nsip:10.9.9.9\n").body())
                .startsWith("404 destination not found");
        assertThat(post("write", ":ds_set_state:\na\n").body()).startsWith("400 ");
        assertThat(post("write", ":ds_nothing:\n").body()).isEqualTo("500 command not available\n");
        assertThat(post("write", ":").body()).isEqualTo("500 command not available\n");
    }

    @Test
    void anOrderIsGivenUnderTheNameOfTheToken() {
        assertThat(post("write", ":ds_set_state:\ni\n1\nsip:10.0.0.2\n").body()).isEqualTo("200 OK\n");

        assertThat(get("/dispatcher/destinations/default:1:sip:10.0.0.2"))
                .contains("ann@127.0.0.1")
                .contains("MI command");

        assertThat(post("write", ":ds_set_state:\na\n1\nsip:10.0.0.2\n").body()).isEqualTo("200 OK\n");
    }

    @Test
    void anOrderWithAKeyIsExecutedOnce() {
        String held = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ds_set_state\",\"params\":"
                + "{\"state\":\"i\",\"group\":\"1\",\"address\":\"sip:10.0.0.2\",\"key\":\"ticket-2\"}}";
        assertThat(post("write", held).body()).contains("\"OK\"");
        assertThat(post("write", ":ds_set_state:\na\n1\nsip:10.0.0.2\n").body()).isEqualTo("200 OK\n");

        assertThat(post("write", held).body()).contains("\"OK\"");

        assertThat(post("read", ":ds_list:\n").body()).contains("URI:: sip:10.0.0.2 state=Active");
        assertThat(get("/dispatcher/orders/key:ticket-2")).contains("\"outcome\" : \"done\"");
    }

    /** The last test, because pushed attributes stay. */
    @Test
    @Order(Integer.MAX_VALUE)
    void attributesThatArePushedAreListed() {
        String push = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ds_push_script_attrs\","
                + "\"params\":[\"limit=7\",\"10.0.0.1\",\"5060\",1]}";

        assertThat(post("write", push).body()).contains("\"OK\"");

        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(post("read", ":ds_list:\n").body()).contains("\n\t\t\tscript_attr:: limit=7\n"));
    }

    @Test
    void aGroupWithoutAPartitionBelongsToTheDefaultOne() {
        int http = Ports.next();
        Node other = start(http, "other", "default-partition = trunks");
        try {
            URI mi = URI.create("http://127.0.0.1:" + http + "/mi");
            String count = "http://127.0.0.1:" + http + "/dispatcher/count?set=1&states=i";

            String set = post(mi, "write", ":ds_set_state:\ni\n1\nsip:ann@10.0.1.1:5070\n")
                    .body();
            String listed = post(mi, "read", ":ds_list:\n").body();

            assertThat(set).isEqualTo("200 OK\n");
            assertThat(listed)
                    .contains("PARTITION:: trunks\n\tSET:: 1\n\t\tURI:: sip:ann@10.0.1.1:5070 state=Inactive")
                    .doesNotContain("PARTITION:: default");
            assertThat(get(URI.create(count))).contains("\"count\" : 1");
        } finally {
            other.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, true", "0, false"})
    void maintenanceOutlastsARestartOnlyIfItIsKept(String keep, boolean after) {
        int http = Ports.next();
        URI mi = URI.create("http://127.0.0.1:" + http + "/mi");
        String order = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"maintenance\","
                + "\"params\":{\"order\":\"on\",\"why\":\"kernel\",\"keep\":" + keep + "}}";
        Node first = start(http, "kept" + keep, "");
        try {
            assertThat(post(mi, "write", order).body()).contains("\"maintenance\" : true");
        } finally {
            first.close();
        }

        Node again = start(http, "kept" + keep, "");
        try {
            assertThat(post(mi, "read", order.replace("\"on\"", "\"status\"")).body())
                    .contains("\"maintenance\" : " + after, "\"why\" : \"" + (after ? "kernel" : "") + "\"");
            assertThat(get(URI.create("http://127.0.0.1:" + http + "/ready"))).contains("\"ready\" : " + !after);
        } finally {
            again.close();
        }
    }

    private static HttpResponse<String> post(String role, String body) {
        return post(uri("/mi"), role, body);
    }

    private static HttpResponse<String> post(URI mi, String role, String body) {
        return send(HttpRequest.newBuilder(mi)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer token-of-the-" + role + "-role")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private static String get(String path) {
        return get(uri(path));
    }

    private static String get(URI uri) {
        return send(HttpRequest.newBuilder(uri)
                        .header("Authorization", "Bearer token-of-the-read-role")
                        .build())
                .body();
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + HTTP + path);
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
