package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A fake node for the web page, scripted by a test. */
final class FakeNode implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final String API = "/dispatcher/";

    /** A received order. */
    record Ordered(String method, String path, String body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final UiFiles files = new UiFiles();
    private final Map<String, ObjectNode> rows = Collections.synchronizedMap(new LinkedHashMap<>());
    private final List<OutputStream> streams = new CopyOnWriteArrayList<>();
    private final List<Ordered> orders = new CopyOnWriteArrayList<>();
    private final List<String> resumed = new CopyOnWriteArrayList<>();
    private final List<ObjectNode> history = new CopyOnWriteArrayList<>();
    private volatile String token;
    private volatile String role = "write";
    private volatile boolean away;
    private volatile boolean differs;
    private volatile boolean historyAway;
    private volatile boolean answersLate;
    private volatile boolean hasBadRows;
    private volatile int openCalls;
    private volatile boolean inMaintenance;
    private volatile List<String> silent = List.of();
    private volatile int revision = 12;
    private volatile ObjectNode limits = object("{\"limits\":[]}");
    private volatile ObjectNode traffic = object("{\"atMs\":0,\"node\":{},\"destinations\":[]}");

    FakeNode() {
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + UiFiles.PATH;
    }

    static ObjectNode object(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Requires that token from now on. */
    void asksFor(String wanted, String roleOfIt) {
        token = wanted;
        role = roleOfIt;
    }

    void add(ObjectNode row) {
        rows.put(row.get("id").asText(), row);
    }

    void remove(String id) {
        rows.remove(id);
    }

    void remember(ObjectNode entry) {
        history.add(0, entry);
    }

    void differs(boolean now) {
        differs = now;
    }

    /** Accepts orders without reporting their outcome. */
    void answersLate() {
        answersLate = true;
    }

    /** Makes the history's database unreachable, or reachable again. */
    void historyAway(boolean now) {
        historyAway = now;
    }

    /** Whether a reload finds unusable rows and is refused unless it skips them. */
    void hasBadRows(boolean now) {
        hasBadRows = now;
    }

    void openCalls(int now) {
        openCalls = now;
    }

    /** These nodes do not report their calls. */
    void silent(String... nodes) {
        silent = List.of(nodes);
    }

    List<Ordered> orders() {
        return orders;
    }

    /** The Last-Event-ID of each opened stream; empty if none was sent. */
    List<String> resumed() {
        return resumed;
    }

    /** Changes the status and notifies all streams. */
    void turn(String id, String state, boolean hold, String who, String why) {
        ObjectNode row = rows.get(id).deepCopy();
        String[] version = row.get("version").asText().split("\\.");
        row.put("state", state).put("hold", hold).put("takesTraffic", state.equals("Active"));
        row.put("who", who).put("why", why).put("sinceMs", System.currentTimeMillis());
        row.put("version", version[0] + "." + (Long.parseLong(version[1]) + 1));
        add(row);
        send("view", "", "{\"destinations\":[" + row + "]}");
    }

    /** Adds a history entry. */
    void happened(ObjectNode entry) {
        remember(entry);
        send("status", "id: " + entry.get("id").asText() + "\n", entry.toString());
    }

    /** Makes clients list the destinations again. */
    void sendDefinitions(int now) {
        revision = now;
        send("definitions", "", "{\"revision\":" + now + "}");
    }

    void carried(ObjectNode now) {
        traffic = now;
        send("traffic", "", now.toString());
    }

    /** The node's limits of calls. */
    void limits(ObjectNode... now) {
        ObjectNode all = JSON.createObjectNode();
        all.putArray("limits").addAll(List.of(now));
        limits = all;
    }

    int lookers() {
        return streams.size();
    }

    /** Ends all streams and answers no requests until it is back. */
    void away(boolean now) {
        away = now;
        if (now) {
            streams.forEach(FakeNode::end);
            streams.clear();
        }
    }

    private void send(String name, String id, String data) {
        byte[] bytes = ("event: " + name + "\n" + id + "data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
        for (OutputStream stream : streams) {
            try {
                synchronized (stream) {
                    stream.write(bytes);
                    stream.flush();
                }
            } catch (IOException gone) {
                streams.remove(stream);
            }
        }
    }

    private static void end(OutputStream stream) {
        try {
            synchronized (stream) {
                stream.close();
            }
        } catch (IOException gone) {
            // Expected.
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        if (path.startsWith(UiFiles.PATH)) {
            file(exchange, path.substring(UiFiles.PATH.length()));
        } else if (away) {
            exchange.close();
        } else if (token != null
                && !("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(exchange, 401, "application/json", "{\"error\":\"token: wrong (expected: one of this node)\"}");
        } else if (path.equals(API + "events")) {
            stream(exchange);
        } else if (historyAway && path.equals(API + "history")) {
            send(exchange, 503, "application/json", "{\"error\":\"history: the database is away\"}");
        } else if (exchange.getRequestMethod().equals("GET")) {
            String what = URLDecoder.decode(path.substring(API.length()), StandardCharsets.UTF_8);
            send(exchange, 200, "application/json", asked(what).toString());
        } else {
            ordered(exchange, path.substring(API.length()));
        }
    }

    private void file(HttpExchange exchange, String name) throws IOException {
        UiFiles.UiFile file = files.find(name).orElseThrow(() -> new IOException("no file " + name));
        UiFiles.HEADERS.forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", file.type());
        exchange.sendResponseHeaders(200, file.bytes().length);
        exchange.getResponseBody().write(file.bytes());
        exchange.close();
    }

    /**
     * A test that reads the response header may end or use the stream at once, so register it before the first byte.
     */
    private void stream(HttpExchange exchange) throws IOException {
        String last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        resumed.add(last == null ? "" : last);
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        OutputStream out = exchange.getResponseBody();
        synchronized (out) {
            streams.add(out);
            exchange.sendResponseHeaders(200, 0);
            out.write(": here\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    private JsonNode asked(String what) {
        return switch (what) {
            case "whoami" ->
                JSON.createObjectNode()
                        .put("name", token == null ? "nobody" : "ops")
                        .put("role", role)
                        .put("open", token == null);
            case "destinations" -> all();
            case "node" -> FakeNodeData.node(rows.size());
            case "maintenance" -> FakeNodeData.maintenance(inMaintenance, openCalls);
            case "ready" -> object("{\"ready\":true,\"reasons\":[]}");
            case "traffic" -> traffic;
            case "limits" -> limits;
            case "history" ->
                JSON.createObjectNode().set("entries", JSON.createArrayNode().addAll(history));
            default -> what.endsWith("/drain") ? calls() : report(what.substring("destinations/".length()));
        };
    }

    private ObjectNode all() {
        ObjectNode answer = JSON.createObjectNode().put("revision", revision).put("total", rows.size());
        synchronized (rows) {
            answer.putArray("destinations").addAll(new ArrayList<>(rows.values()));
        }
        return answer;
    }

    private ObjectNode calls() {
        return JSON.createObjectNode().set("openCalls", FakeNodeData.calls(openCalls, silent));
    }

    private ObjectNode report(String id) {
        ObjectNode row = rows.get(id);
        ObjectNode answer = FakeNodeData.report(row, differs);
        answer.set("openCalls", FakeNodeData.calls(openCalls, silent));
        traffic.get("destinations").forEach(one -> {
            if (one.get("id").asText().equals(id)) {
                answer.set("traffic", one);
            }
        });
        return answer;
    }

    private void ordered(HttpExchange exchange, String path) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        orders.add(new Ordered(exchange.getRequestMethod(), path, body));
        String[] parts = path.split("[/?]");
        String verb = parts[parts.length - 1];
        String id = parts.length > 1 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "";
        switch (verb) {
            case "hold", "drain" ->
                turn(
                        id,
                        "Inactive",
                        true,
                        "ops",
                        verb + ": " + object(body).path("why").asText());
            case "release" ->
                turn(id, "Active", false, "ops", object(body).path("why").asText());
            case "on", "off" -> inMaintenance = verb.equals("on");
            default -> {}
        }
        String answer =
                switch (parts[0]) {
                    case "reload" -> reload(body);
                    case "pick" -> FakeNodeData.PICK;
                    default -> "{}";
                };
        send(exchange, answersLate ? 202 : 200, "application/json", answersLate ? FakeNodeData.UNKNOWN : answer);
    }

    private String reload(String body) {
        boolean refused = hasBadRows && !object(body).path("skipBadRows").asBoolean();
        return refused
                ? object(FakeNodeData.RELOAD)
                        .put("error", FakeNodeData.BAD_ROWS)
                        .toString()
                : FakeNodeData.RELOAD;
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        streams.forEach(FakeNode::end);
        server.stop(0);
        threads.shutdownNow();
    }
}
