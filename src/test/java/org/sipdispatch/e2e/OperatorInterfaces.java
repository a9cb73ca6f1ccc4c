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
 * The interfaces for operators of each node of a cluster: HTTP, MI and the command line. Records the requests through
 * each.
 */
final class OperatorInterfaces {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A response over HTTP. */
    record Answer(int status, String text) {
        JsonNode json() {
            return OperatorInterfaces.json(text);
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

    /** For the caller with that token. */
    OperatorInterfaces(ClusterNodes cluster, Path directory, String token) {
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

    /** Whether the node received that request: {@code GET /dispatcher/sets}, {@code mi ds_list}, {@code cli list}. */
    boolean wasAsked(int node, String what) {
        String asTemplate = "\\Q" + what.replaceAll("\\{\\w+}", "\\\\E[^/]+\\\\Q") + "\\E";
        return asked.stream().anyMatch(one -> one.matches(node + " " + asTemplate));
    }

    Answer http(int node, String method, String path, String body, String... headers) {
        asked.add(node + " " + method + " " + path.replaceAll("\\?.*", ""));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(cluster.url(node, path)))
                .header("Authorization", "Bearer " + token)
                .timeout(Duration.ofSeconds(30))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
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

    /** The response to a GET request that must succeed. */
    JsonNode get(int node, String path) {
        return done(http(node, "GET", path, "")).json();
    }

    /** The same for a response that is not JSON. */
    String text(int node, String path) {
        return done(http(node, "GET", path, "")).text();
    }

    /** The response to a POST request that must succeed. Single quotes in the body become double quotes. */
    JsonNode post(int node, String path, String body) {
        return done(http(node, "POST", path, body.replace('\'', '"'))).json();
    }

    /** The complete response to an MI command with named parameters. The second node gets the command's name of 4.0. */
    JsonNode mi(int node, String method, Map<String, ?> parameters) {
        asked.add(node + " mi " + method);
        ObjectNode question = JSON.createObjectNode().put("jsonrpc", "2.0").put("id", 1);
        question.put("method", node == 1 ? method.replaceFirst("^ds_", "dispatcher:") : method)
                .set("params", JSON.valueToTree(new TreeMap<>(parameters)));
        return http(node, "POST", "/mi", question.toString()).json();
    }

    /** The result of an MI command that must succeed. */
    JsonNode miResult(int node, String method, Map<String, ?> parameters) {
        JsonNode answer = mi(node, method, parameters);
        assertThat(answer.has("result")).as("%s", answer).isTrue();
        return answer.path("result");
    }

    /** The status events of a node after that history id. */
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

    /** Runs a command against that node, and returns its raw output. */
    ProgramRun run(int node, String... command) {
        asked.add(node + " cli " + command[0]);
        return ProgramRun.of(Stream.concat(
                        Stream.of(command),
                        Stream.of("--json", "--node", cluster.url(node, ""), "--token-file", tokenFile.toString()))
                .toArray(String[]::new));
    }

    /** The output of a command that must succeed. */
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
