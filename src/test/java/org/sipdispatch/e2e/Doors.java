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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.sipdispatch.app.ProgramRun;

/**
 * The doors that each node of a cluster has for operators: HTTP, the management interface, the command line. Remembers
 * what was asked through which.
 */
final class Doors {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What HTTP answered. */
    record Answer(int status, String text) {
        JsonNode json() {
            return Doors.json(text);
        }

        String error() {
            return json().path("error").asText();
        }
    }

    private final HttpClient client = HttpClient.newHttpClient();
    private final ClusterNodes cluster;
    private final String token;
    private final Path tokenFile;
    private final Set<String> asked = new TreeSet<>();

    /** For whoever has that token. */
    Doors(ClusterNodes cluster, Path directory, String token) {
        this.cluster = cluster;
        this.token = token;
        try {
            tokenFile = Files.writeString(directory.resolve(token), token + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String path(String id) {
        return "/dispatcher/destinations/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
    }

    /** What was asked at that node: {@code GET /dispatcher/sets}, {@code mi ds_list}, {@code cli list}. */
    boolean wasAsked(int node, String what) {
        String asTemplate = "\\Q" + what.replaceAll("\\{\\w+}", "\\\\E[^/]+\\\\Q") + "\\E";
        return asked.stream().anyMatch(one -> one.matches(node + " " + asTemplate));
    }

    Answer http(int node, String method, String path, String body) {
        asked.add(node + " " + method + " " + path.replaceAll("\\?.*", ""));
        HttpRequest request = HttpRequest.newBuilder(URI.create(cluster.url(node, path)))
                .header("Authorization", "Bearer " + token)
                .timeout(Duration.ofSeconds(30))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Answer done(Answer answer) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        return answer;
    }

    /** What HTTP answers to a question that is not refused. */
    JsonNode get(int node, String path) {
        return done(http(node, "GET", path, "")).json();
    }

    /** The same where it is no JSON. */
    String text(int node, String path) {
        return done(http(node, "GET", path, "")).text();
    }

    /** What HTTP answers to an order that is not refused; quotes may be single ones. */
    JsonNode post(int node, String path, String body) {
        return done(http(node, "POST", path, body.replace('\'', '"'))).json();
    }

    /**
     * The whole answer to a command of the management interface; its parameters by name. The second node hears it by
     * its name of 4.0.
     */
    JsonNode mi(int node, String method, Map<String, ?> parameters) {
        asked.add(node + " mi " + method);
        ObjectNode question = JSON.createObjectNode().put("jsonrpc", "2.0").put("id", 1);
        question.put("method", node == 1 ? method.replaceFirst("^ds_", "dispatcher:") : method)
                .set("params", JSON.valueToTree(new TreeMap<>(parameters)));
        return http(node, "POST", "/mi", question.toString()).json();
    }

    /** What the management interface answers when it is not refused. */
    JsonNode miResult(int node, String method, Map<String, ?> parameters) {
        JsonNode answer = mi(node, method, parameters);
        assertThat(answer.has("result")).as("%s", answer).isTrue();
        return answer.path("result");
    }

    /** The status events that a node tells behind that place of the history, as they come. */
    EventStream events(int node, long after, Consumer<JsonNode> then) {
        asked.add(node + " GET /dispatcher/events");
        URI uri = URI.create(cluster.url(node, "/dispatcher/events"));
        try {
            return EventStream.open(uri, String.valueOf(after), event -> {
                if (event.name().equals("status") || event.name().equals("superseded")) {
                    then.accept(json(event.data()));
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command line for that node, with the node's own words. */
    ProgramRun run(int node, String... command) {
        asked.add(node + " cli " + command[0]);
        return ProgramRun.of(Stream.concat(
                        Stream.of(command),
                        Stream.of("--json", "--node", cluster.url(node, ""), "--token-file", tokenFile.toString()))
                .toArray(String[]::new));
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
