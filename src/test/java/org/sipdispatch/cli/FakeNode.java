package org.sipdispatch.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server with prepared responses that records requests. */
final class FakeNode implements AutoCloseable {
    /** A received request; the path includes the query, as sent. */
    record Asked(String method, String path, String body, Map<String, String> headers) {}

    private record Played(int status, String type, String body) {}

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Deque<Played>> answers = new ConcurrentHashMap<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    FakeNode() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The response to this method and path without query; several are returned in turn, the last one forever. */
    FakeNode plays(String question, int status, String json) {
        return plays(question, new Played(status, "application/json", json));
    }

    /** A stream that ends after this text. */
    FakeNode streams(String path, String text) {
        return plays("GET " + path, new Played(200, "text/event-stream", text));
    }

    private FakeNode plays(String question, Played played) {
        answers.computeIfAbsent(question, unused -> new ArrayDeque<>()).add(played);
        return this;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, String> headers = new ConcurrentHashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
        asked.add(new Asked(exchange.getRequestMethod(), path, body, headers));
        Played played = next(exchange.getRequestMethod() + " " + path.replaceFirst("\\?.*", ""));
        byte[] bytes = played.body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", played.type);
        exchange.sendResponseHeaders(played.status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private synchronized Played next(String question) {
        Deque<Played> left = answers.get(question);
        if (left == null) {
            return new Played(404, "application/json", "{\"error\":\"" + question + ": nothing is played\"}");
        }
        return left.size() > 1 ? left.poll() : left.peek();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
