package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/** HTTP client for a node; of several nodes it uses the first that accepts the connection. */
final class NodeClient {
    private static final String JSON = "application/json";
    /** Longer than the 60 s after which a node gives up a reload, so that its answer arrives. */
    static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(75);

    private final List<NodeAddress> addresses;
    private final SSLContext tls;

    /** {@code tls}: null to use Java's default trust store. */
    NodeClient(List<NodeAddress> places, SSLContext tls) {
        this.addresses = List.copyOf(places);
        this.tls = tls;
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
        return send("GET", path, Map.of(), null);
    }

    NodeResponse put(String path, JsonNode body) {
        return send("PUT", path, Map.of("Content-Type", JSON), bytes(body));
    }

    NodeResponse delete(String path, JsonNode body) {
        return send("DELETE", path, Map.of("Content-Type", JSON), bytes(body));
    }

    NodeResponse post(String path, JsonNode body) {
        return post(path, body, Map.of());
    }

    NodeResponse post(String path, JsonNode body, Map<String, String> headers) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Type", JSON);
        return send("POST", path, all, bytes(body));
    }

    NodeResponse post(String path, byte[] body, String contentType) {
        return send("POST", path, Map.of("Content-Type", contentType), body);
    }

    private static byte[] bytes(JsonNode body) {
        return Json.text(body).getBytes(StandardCharsets.UTF_8);
    }

    private NodeResponse send(String method, String path, Map<String, String> headers, byte[] body) {
        CommandException last = null;
        for (NodeAddress place : addresses) {
            try (HttpExchange exchange = begin(place, method, path, headers, body)) {
                return parseResponse(place, exchange);
            } catch (HttpExchange.NoConnectionException e) {
                // Only a request that no node has received may be sent to another one.
                last = unreachable(place, e);
            } catch (IOException e) {
                throw unreachable(place, e);
            }
        }
        throw last;
    }

    /** Opens a streaming response; the caller closes it. */
    InputStream stream(NodeAddress place, String path, Map<String, String> headers) throws IOException {
        HttpExchange exchange = begin(place, "GET", path, headers, null);
        if (exchange.status() != 200) {
            try (exchange) {
                parseResponse(place, exchange);
            }
        }
        return exchange.body();
    }

    /** Sends a request to this node and reads the head of the response. */
    private HttpExchange begin(NodeAddress place, String method, String path, Map<String, String> headers, byte[] body)
            throws IOException {
        Map<String, String> all = new LinkedHashMap<>(headers);
        if (place.authorization() != null) {
            all.put("Authorization", place.authorization());
        }
        HttpExchange exchange = HttpExchange.connect(place.base(), tls, (int) RESPONSE_TIMEOUT.toMillis());
        try {
            exchange.send(method, path, all, body);
            return exchange;
        } catch (IOException | RuntimeException e) {
            exchange.close();
            throw e;
        }
    }

    static CommandException unreachable(NodeAddress place, IOException e) {
        CommandException overTls = TlsErrors.of(place, e);
        if (overTls != null) {
            return overTls;
        }
        String why = e instanceof SocketTimeoutException ? "no answer in time" : String.valueOf(e.getMessage());
        return new CommandException(
                CommandException.UNREACHABLE,
                place.base() + ": " + why + " (expected: a node that answers; --node names it)");
    }

    private static NodeResponse parseResponse(NodeAddress place, HttpExchange exchange) throws IOException {
        int status = exchange.status();
        String text = new String(exchange.body().readAllBytes(), StandardCharsets.UTF_8);
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
