package org.sipdispatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.sipdispatch.agents.Ports;

/** A real node that no request may change. */
final class RefusingNode implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    record Answer(int status, String body) {
        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(body, e);
            }
        }

        /** The error text; empty if there is none. */
        String error() {
            return body.startsWith("{") ? json().path("error").asText("") : "";
        }
    }

    private final NodeProcess process;
    private final int port;
    private final int sip = Ports.next();
    private final String scheme;
    private final HttpClient http;

    private RefusingNode(String management, String journal, String list, SSLContext tls) {
        port = Ports.next();
        scheme = tls == null ? "http" : "https";
        HttpClient.Builder client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE);
        http = (tls == null ? client : client.sslContext(tls)).build();
        process = NodeProcess.begin(List.of(), """
                sockets.main = "udp:127.0.0.1:%d"
                cluster.port = %d
                partitions.default.db_url = "file:$list"
                journal.db_url = "%s"
                probing.ds_ping_interval = 0
                rules = [ { select.set = 1 } ]
                management { port = %d
                %s
                }
                """.formatted(sip, Ports.next(), journal, port, management), list);
    }

    /**
     * Starts a node without waiting.
     *
     * @param journal the URL of its database
     * @param tls the client's TLS context; null without TLS
     */
    static RefusingNode begin(String management, String journal, String list, SSLContext tls) {
        return new RefusingNode(management, journal, list, tls);
    }

    /** The port for calls. */
    int sip() {
        return sip;
    }

    int port() {
        return port;
    }

    String url() {
        return scheme + "://localhost:" + port;
    }

    NodeProcess process() {
        return process;
    }

    /** Sends a request with these header fields, names and values in turn. A null body is none. */
    Answer send(String method, String path, String body, String... headers) {
        return send(http, method, path, body, headers);
    }

    Answer send(HttpClient client, String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(PATIENCE)
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Everything that must not change: definitions, each destination's version and state, and the history except for
     * the entries about refused orders.
     */
    String kept(String... headers) {
        JsonNode list = send("GET", "/dispatcher/destinations", null, headers).json();
        List<String> all = new ArrayList<>();
        all.add("revision " + list.path("revision").asLong());
        for (JsonNode one : list.path("destinations")) {
            all.add(String.join(
                    " ",
                    one.path("id").asText(),
                    one.path("state").asText(),
                    one.path("hold").asText(),
                    one.path("version").asText()));
        }
        send("GET", "/dispatcher/history?limit=1000", null, headers)
                .json()
                .path("entries")
                .forEach(one -> all.add(one.toString()));
        all.removeIf(line -> line.contains("\"ORDER\"") && line.contains("refused: "));
        return String.join("\n", all);
    }

    @Override
    public void close() {
        process.close();
    }
}
