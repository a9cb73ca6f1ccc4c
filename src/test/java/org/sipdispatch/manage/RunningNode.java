package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.app.Node;

/** A complete node in this process, with destinations whose ids contain special characters. */
final class RunningNode implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    record Answer(int status, HttpResponse<String> http) {
        JsonNode json() {
            try {
                return JSON.readTree(http.body());
            } catch (IOException e) {
                throw new UncheckedIOException(http.body(), e);
            }
        }

        String error() {
            return json().path("error").asText();
        }
    }

    private final int sip = Ports.next();
    private final int http = Ports.next();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Path list;
    private final Node node;

    RunningNode() {
        try {
            Path home = Files.createTempDirectory(
                    Files.createDirectories(Path.of("target", "nodes").toAbsolutePath()), "node");
            list = Files.writeString(home.resolve("dispatcher.list"), """
                    1 sip:127.0.0.1:5081;transport=udp 0 0 socket=udp:127.0.0.1:%d;weight=3
                    1 sip:gw@127.0.0.1:5082;x=a/b 0 5
                    1 sip:a%%40b@127.0.0.1:5083
                    2 sip:127.0.0.1:5084
                    """.formatted(sip));
            node = Node.start(ConfigFactory.parseString("""
                            sip-dispatcher {
                              data-dir = "%s"
                              sockets.main = "udp:127.0.0.1:%d"
                              partitions.default.db_url = "file:%s"
                              rules = [ { select.set = 1 } ]
                              cluster.port = %d
                              management.port = %d
                            }
                            """.formatted(home, sip, list, Ports.next(), http))
                    .withFallback(ConfigFactory.defaultReferenceUnresolved())
                    .resolve()
                    .getConfig("sip-dispatcher"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Appends rows to the list file. */
    void write(String rows) {
        try {
            Files.writeString(list, rows, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An id with colons, a semicolon, equals and an at sign. */
    String withSocket() {
        return "default:1:sip:127.0.0.1:5081;transport=udp@udp:127.0.0.1:" + sip;
    }

    static String withSlash() {
        return "default:1:sip:gw@127.0.0.1:5082;x=a/b";
    }

    static String withPercent() {
        return "default:1:sip:a%40b@127.0.0.1:5083";
    }

    static String ofSetTwo() {
        return "default:2:sip:127.0.0.1:5084";
    }

    static String encoded(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8);
    }

    static String path(String id) {
        return "/dispatcher/destinations/" + encoded(id);
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + http + path);
    }

    int port() {
        return http;
    }

    Answer get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    Answer post(String path, String body, String... headers) {
        return send("POST", path, body, headers);
    }

    Answer send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(PATIENCE)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A response that does not end. */
    HttpResponse<InputStream> open(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        node.close();
    }
}
