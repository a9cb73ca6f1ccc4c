package org.sipdispatch.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.h2.tools.Server;

/** The nodes of a cluster on 127.0.0.1, 127.0.0.2 and so on. All start at once and share a database in this process. */
final class ClusterStart implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long BETWEEN_LOOKS_MS = 20;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final Server database;
    private final List<StartedNode> nodes = new ArrayList<>();
    private final List<URI> views = new ArrayList<>();

    /** @param list a file with the destinations */
    ClusterStart(Path program, Path directory, Path list, int count) throws IOException {
        try {
            database = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
        } catch (SQLException e) {
            throw new IOException(e);
        }
        String journal = "jdbc:h2:tcp://127.0.0.1:" + database.getPort() + "/mem:journal;DB_CLOSE_DELAY=-1";
        int port = freePort();
        int management = freePort();
        String seeds = IntStream.range(0, count)
                .mapToObj(node -> '"' + host(node) + ":" + port + '"')
                .collect(Collectors.joining(", "));
        for (int node = 0; node < count; node++) {
            views.add(URI.create("http://" + host(node) + ":" + management + "/dispatcher/node"));
            nodes.add(StartedNode.begin(program, directory.resolve("node" + node), """
                    cluster { host = "%s", port = %d, seed-nodes = [ %s ] }
                    management { host = "%s", port = %d, max-requests-per-second = 0 }
                    sockets.main = "udp:%s:%d"
                    relay.secret = "of this measurement"
                    journal.db_url = "%s"
                    partitions.default.db_url = "file:%s"
                    rules = [ { select { set = 1, alg = 4 } } ]
                    """.formatted(
                            host(node), port, seeds, host(node), management, host(node), freePort(), journal, list)));
        }
    }

    private static String host(int node) {
        return "127.0.0." + (node + 1);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Waits until each node sees all of them as Up. */
    void awaitUp() throws IOException, InterruptedException {
        while (!isUp()) {
            for (StartedNode node : nodes) {
                node.requireStarting();
            }
            Thread.sleep(BETWEEN_LOOKS_MS);
        }
    }

    private boolean isUp() throws InterruptedException {
        for (URI view : views) {
            try {
                HttpRequest request = HttpRequest.newBuilder(view)
                        .timeout(Duration.ofSeconds(1))
                        .build();
                JsonNode members = JSON.readTree(
                                http.send(request, BodyHandlers.ofString()).body())
                        .path("members");
                if (members.findValuesAsText("status").stream()
                                .filter("Up"::equals)
                                .count()
                        < nodes.size()) {
                    return false;
                }
            } catch (IOException e) {
                // It does not listen yet.
                return false;
            }
        }
        return true;
    }

    /** Of the first node, since its start. */
    double seconds() {
        return nodes.get(0).seconds();
    }

    /** Of all nodes. */
    double cpuSeconds() throws IOException {
        double seconds = 0;
        for (StartedNode node : nodes) {
            seconds += node.cpuSeconds();
        }
        return seconds;
    }

    @Override
    public void close() {
        nodes.forEach(StartedNode::close);
        database.stop();
    }
}
