package org.sipdispatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A webhook and a UDP port, which record the events that they receive. */
final class EventReceivers implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final DatagramSocket socket;
    private final List<Long> posted = new CopyOnWriteArrayList<>();
    private final List<String> datagrams = new CopyOnWriteArrayList<>();

    private EventReceivers() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "webhook");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::post);
        server.start();
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setReceiveBufferSize(1 << 20);
        TestUserAgent.daemon("datagrams", this::receive);
    }

    static EventReceivers open() {
        try {
            return new EventReceivers();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The settings for a node that sends here. */
    String settings() {
        return "events { webhook = [ \"http://127.0.0.1:" + server.getAddress().getPort()
                + "/in\" ], udp = [ \"127.0.0.1:" + socket.getLocalPort() + "\" ] }\n";
    }

    private void post(HttpExchange exchange) throws IOException {
        JsonNode entries = JSON.readTree(exchange.getRequestBody());
        synchronized (posted) {
            entries.forEach(entry -> posted.add(entry.path("id").asLong()));
        }
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    private void receive() {
        byte[] buffer = new byte[65_536];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                datagrams.add(new String(buffer, 0, packet.getLength(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    /** The history ids of the posts, in the order of their first arrival. */
    List<Long> posted() {
        return List.copyOf(new LinkedHashSet<>(posted));
    }

    /** The number of repeated posts. */
    int repeated() {
        return posted.size() - posted().size();
    }

    /** The states of that destination that were reported. */
    List<String> received(String uri) {
        return datagrams.stream()
                .filter(text -> text.contains("\naddress::" + uri + "\n"))
                .map(text -> text.replaceAll("(?s).*\nstatus::(.*)\n\n", "$1"))
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
        socket.close();
    }
}
