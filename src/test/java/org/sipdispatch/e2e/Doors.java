package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.sipdispatch.app.ProgramRun;

/** The doors that each node of a cluster has for operators: HTTP, the management interface, the command line. */
final class Doors {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN = "token-of-the-tests";

    /** What HTTP answered. */
    record Answer(int status, JsonNode json) {
        String error() {
            return json.path("error").asText();
        }
    }

    private final HttpClient client = HttpClient.newHttpClient();
    private final ClusterNodes cluster;
    private final Path tokenFile;

    Doors(ClusterNodes cluster, Path directory) {
        this.cluster = cluster;
        try {
            this.tokenFile = Files.writeString(directory.resolve("token"), TOKEN + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String path(String id) {
        return "/dispatcher/destinations/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
    }

    Answer http(int node, String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(cluster.url(node, path)))
                .header("Authorization", "Bearer " + TOKEN)
                .timeout(Duration.ofSeconds(30))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), JSON.readTree(response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What HTTP answers to a question that is not refused. */
    JsonNode get(int node, String path) {
        Answer answer = http(node, "GET", path, "");
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        return answer.json();
    }

    /** What HTTP answers to an order that is not refused. */
    JsonNode post(int node, String path, String body) {
        Answer answer = http(node, "POST", path, body);
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        return answer.json();
    }

    /** The whole answer to a command of the management interface; its parameters by name. */
    JsonNode mi(int node, String method, Map<String, ?> parameters) {
        ObjectNode question = JSON.createObjectNode().put("jsonrpc", "2.0").put("id", 1);
        question.put("method", method).set("params", JSON.valueToTree(new TreeMap<>(parameters)));
        return http(node, "POST", "/mi", question.toString()).json();
    }

    /** The command line for that node, with the node's own words. */
    ProgramRun run(int node, String... command) {
        String[] whole = Stream.concat(
                        Stream.of(command),
                        Stream.of("--json", "--node", cluster.url(node, ""), "--token-file", tokenFile.toString()))
                .toArray(String[]::new);
        return ProgramRun.of(whole);
    }

    /** What the command line answers when it is not refused. */
    JsonNode cli(int node, String... command) {
        ProgramRun run = run(node, command);
        assertThat(run.status()).as("%s", run).isZero();
        assertThat(run.err()).isEmpty();
        return json(run.out());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}
