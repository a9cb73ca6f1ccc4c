package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.sipdispatch.agents.SipText;

/** Asks a running node over HTTP how it would route a request. */
final class PickClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String at;
    private final String source;

    /** {@code source} is the source address of the requests. */
    PickClient(int management, String source) {
        at = "http://127.0.0.1:" + management + "/dispatcher/";
        this.source = source;
    }

    /** A response. */
    record Explained(JsonNode json) {
        String outcome() {
            return json.get("outcome").asText();
        }

        /** The URIs of the candidates, best first. */
        List<String> candidates() {
            return elements(json.get("candidates"))
                    .map(one -> one.get("uri").asText())
                    .toList();
        }

        /** Whether that member of the first set takes no traffic and has this state. */
        boolean isOut(String uri, String state) {
            return elements(json.at("/sets/0/members"))
                    .anyMatch(one -> one.get("uri").asText().equals(uri)
                            && one.get("state").asText().equals(state)
                            && !one.get("usable").asBoolean());
        }

        private static Stream<JsonNode> elements(JsonNode array) {
            return StreamSupport.stream(array.spliterator(), false);
        }

        @Override
        public String toString() {
            return json.toString();
        }
    }

    Explained ask(String request) {
        try {
            return new Explained(JSON.readTree(post("pick?source=" + source, SipText.bytes(request))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts a destination on hold. */
    void hold(String id) {
        post("destinations/" + URLEncoder.encode(id, StandardCharsets.UTF_8) + "/hold", new byte[0]);
    }

    private String post(String path, byte[] body) {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(at + path))
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return answer.body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
