package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** HTTP client for a node; of several nodes it uses the first that accepts the connection. */
final class NodeClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    /** Longer than the 60 s after which a node gives up a reload, so that its answer arrives. */
    static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(75);

    private final List<NodeAddress> addresses;
    private final HttpClient http;

    /** {@code tls}: null to use Java's default trust store. */
    NodeClient(List<NodeAddress> places, SSLContext tls) {
        this.addresses = List.copyOf(places);
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT);
        if (tls != null) {
            builder.sslContext(tls);
        } else if (places.stream().noneMatch(NodeAddress::isOverTls)) {
            builder.sslContext(NoTls.context()).sslParameters(new SSLParameters());
        }
        http = builder.build();
    }

    List<NodeAddress> addresses() {
        return addresses;
    }

    /** A path below {@code /dispatcher} of these segments, each percent-encoded. */
    static String path(String... segments) {
        StringBuilder path = new StringBuilder("/dispatcher");
        for (String segment : segments) {
            path.append('/').append(encoded(segment));
        }
        return path.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A path with a query; parameters whose value is null are left out. */
    static String query(String path, Map<String, ?> parameters) {
        String query = parameters.entrySet().stream()
                .filter(parameter -> parameter.getValue() != null)
                .map(parameter -> parameter.getKey() + "=" + encoded(String.valueOf(parameter.getValue())))
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? path : path + "?" + query;
    }

    NodeResponse get(String path) {
        return send(request -> request.GET(), path);
    }

    NodeResponse put(String path, JsonNode body) {
        return send(
                request -> request.header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(Json.text(body))),
                path);
    }

    NodeResponse delete(String path, JsonNode body) {
        return send(
                request -> request.header("Content-Type", "application/json")
                        .method("DELETE", BodyPublishers.ofString(Json.text(body))),
                path);
    }

    NodeResponse post(String path, JsonNode body) {
        return post(path, body, Map.of());
    }

    NodeResponse post(String path, JsonNode body, Map<String, String> headers) {
        return send(
                request -> {
                    headers.forEach(request::header);
                    return request.header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(Json.text(body)));
                },
                path);
    }

    NodeResponse post(String path, byte[] body, String contentType) {
        return send(
                request -> request.header("Content-Type", contentType).POST(BodyPublishers.ofByteArray(body)), path);
    }

    /** Adds method, headers and body to a request. */
    private interface RequestCustomizer {
        HttpRequest.Builder apply(HttpRequest.Builder request);
    }

    private NodeResponse send(RequestCustomizer question, String path) {
        CommandException last = null;
        for (NodeAddress place : addresses) {
            HttpRequest request = question.apply(request(place, path))
                    .timeout(RESPONSE_TIMEOUT)
                    .build();
            try {
                HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
                return parseResponse(place, response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
            } catch (ConnectException | HttpConnectTimeoutException e) {
                // Only a request that no node has received may be sent to another one.
                last = unreachable(place, e);
            } catch (IOException e) {
                throw unreachable(place, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandException(CommandException.UNREACHABLE, "interrupted");
            }
        }
        throw last;
    }

    /** Opens a streaming response; the caller closes it. */
    InputStream stream(NodeAddress place, String path, Map<String, String> headers) throws IOException {
        HttpRequest.Builder request =
                request(place, path).timeout(RESPONSE_TIMEOUT).GET();
        headers.forEach(request::header);
        try {
            HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
            if (response.statusCode() != 200) {
                parseResponse(
                        place,
                        response.statusCode(),
                        new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
            }
            return response.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(CommandException.UNREACHABLE, "interrupted");
        }
    }

    private static HttpRequest.Builder request(NodeAddress place, String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(place.base() + path));
        return place.authorization() == null ? request : request.header("Authorization", place.authorization());
    }

    static CommandException unreachable(NodeAddress place, IOException e) {
        CommandException overTls = TlsErrors.of(place, e);
        if (overTls != null) {
            return overTls;
        }
        String why = e instanceof HttpConnectTimeoutException
                ? "no connection in time"
                : e instanceof HttpTimeoutException
                        ? "no answer in time"
                        : e instanceof ConnectException && e.getMessage() == null
                                ? "no connection"
                                : String.valueOf(e.getMessage());
        return new CommandException(
                CommandException.UNREACHABLE,
                place.base() + ": " + why + " (expected: a node that answers; --node names it)");
    }

    private static NodeResponse parseResponse(NodeAddress place, int status, String text) {
        JsonNode json = Json.parse(text);
        if (status >= 200 && status < 300 && json != null) {
            return new NodeResponse(text, json);
        }
        String said = json == null ? "" : json.path("error").asText("");
        String what = said.isEmpty() ? place.base() + ": HTTP status " + status + " (expected: 200 and JSON)" : said;
        if (status == 401 || status == 403) {
            String hint = " (expected: an authorised token, by --token-file or SIP_DISPATCHER_TOKEN)";
            throw CommandException.unauthorised(said.contains("(expected: ") || said.isEmpty() ? what : what + hint);
        }
        throw new CommandException(CommandException.REFUSED, what);
    }
}
