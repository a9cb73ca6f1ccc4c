package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.agents.Ports;

/** A single node with an embedded database is killed right after each order, and restarts. */
class KilledWithItsDatabaseTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Shorter than the time for which the history waits for late journal numbers. */
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private final int management = Ports.next();
    private final int cluster = Ports.next();

    @Test
    @Tag("long")
    void everyHoldIsInTheHistoryWhereItBelongsWithTheNodeThatDidIt() throws Exception {
        holdAndKill(2);
    }

    @Test
    @Tag("long")
    void everyOneOfManyHoldsIsInTheHistory() throws Exception {
        holdAndKill(8);
    }

    private void holdAndKill(int holds) throws Exception {
        StringBuilder list = new StringBuilder();
        for (int i = 1; i <= holds; i++) {
            list.append("3 ").append(id(i).substring("default:3:".length())).append('\n');
        }
        Files.writeString(directory.resolve("dispatcher.list"), list);
        String config = config();
        for (int i = 1; i <= holds; i++) {
            NodeProcess node = begin(config);
            hold(id(i));
            node.kill();
        }

        try (NodeProcess node = begin(config)) {
            assertThat(node.isAlive()).isTrue();
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(summaries(entries())).containsExactlyElementsOf(expected(holds)));
            for (int i = 1; i <= holds; i++) {
                assertThat(get("/dispatcher/destinations/" + encoded(id(i)))
                                .path("state")
                                .asText())
                        .isEqualTo("Inactive");
            }
            assertThat(entries())
                    .allSatisfy(entry -> assertThat(entry.path("node").asText()).isEqualTo("127.0.0.1:" + cluster));
        }
    }

    /** The newest first. */
    private static List<String> expected(int holds) {
        List<String> expected = new ArrayList<>();
        for (int i = holds; i > 0; i--) {
            expected.add("ORDER " + id(i));
            expected.add("STATUS Inactive " + id(i));
        }
        return expected;
    }

    private String config() {
        return """
                sip-dispatcher {
                  sockets.main = "udp:127.0.0.1:%d"
                  partitions.default.db_url = "file:%s/dispatcher.list"
                  rules = [ { select.set = 3 } ]
                  cluster { host = "127.0.0.1", port = %d }
                  management.port = %d
                  data-dir = "%s"
                }
                """.formatted(Ports.next(), directory, cluster, management, directory);
    }

    private static NodeProcess begin(String config) {
        NodeProcess node = NodeProcess.begin(config, Map.of());
        node.awaitListening();
        return node;
    }

    private static String id(int number) {
        return "default:3:sip:127.0.0.1:598" + number;
    }

    private void hold(String id) throws Exception {
        HttpRequest order = HttpRequest.newBuilder(uri("/dispatcher/destinations/" + encoded(id) + "/state"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"state\":\"inactive\",\"who\":\"ann\",\"why\":\"works\"}"))
                .header("Content-Type", "application/json")
                .build();
        HttpResponse<String> answer = client.send(order, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private List<JsonNode> entries() throws Exception {
        List<JsonNode> entries = new ArrayList<>();
        get("/dispatcher/history").path("entries").forEach(entries::add);
        return entries;
    }

    private static List<String> summaries(List<JsonNode> entries) {
        return entries.stream()
                .map(entry ->
                        (entry.path("kind").asText() + " " + entry.path("state").asText()).strip() + " "
                                + entry.path("destination").asText())
                .toList();
    }

    private JsonNode get(String path) throws Exception {
        return JSON.readTree(
                client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString())
                        .body());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + management + path);
    }

    private static String encoded(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8);
    }
}
