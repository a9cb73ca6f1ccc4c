package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.sipdispatch.agents.NodeCertificates;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.database.SqlScripts;

/**
 * Real nodes that form a cluster on 127.0.0.1, 127.0.0.2 and so on. All use the same ports, each on its own address,
 * and share one table of destinations in one database.
 */
final class ClusterNodes implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    /**
     * The common configuration of the nodes.
     *
     * @param jdbcUrl the database with the table {@code dispatcher} and the journal
     * @param more further settings in the block {@code sip-dispatcher}, such as rules or probing; {@code $host} is the
     *     node's own address, {@code $sip} and {@code $http} are the common ports
     */
    record Plan(int nodes, String jdbcUrl, String more) {}

    /** The hosts of the nodes. */
    interface Places {
        /** The address of a node, from 0. */
        String host(int node);

        /** A prefix for the node's command line; empty for none. */
        List<String> before(int node);
    }

    private static final Places LOOPBACK = new Places() {
        @Override
        public String host(int node) {
            return ClusterNodes.host(node);
        }

        @Override
        public List<String> before(int node) {
            return List.of();
        }
    };

    private final Plan plan;
    private final Places places;
    private final int clusterPort = Ports.next();
    private final int httpPort = Ports.next();
    private final int sipPort = Ports.next();
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private ClusterNodes(Plan plan, Places places) {
        this.plan = plan;
        this.places = places;
    }

    /** Starts all nodes at once and waits until all listen and each sees all. */
    static ClusterNodes start(Plan plan) {
        return start(plan, LOOPBACK);
    }

    /** Starts all nodes at once without waiting. */
    static ClusterNodes begin(Plan plan) {
        return begin(plan, LOOPBACK);
    }

    private static ClusterNodes begin(Plan plan, Places places) {
        ClusterNodes cluster = new ClusterNodes(plan, places);
        for (int i = 0; i < plan.nodes(); i++) {
            cluster.nodes.add(cluster.begin(i));
        }
        return cluster;
    }

    /** Starts all nodes at once on their hosts and waits until all listen and each sees all. */
    static ClusterNodes start(Plan plan, Places places) {
        ClusterNodes cluster = begin(plan, places);
        try {
            cluster.nodes.forEach(NodeProcess::awaitListening);
            cluster.awaitMembers(plan.nodes());
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.nodes.forEach(NodeProcess::kill);
            throw e;
        }
    }

    /** Creates the table with these rows: {@code setid, destination} and further columns as SQL values. */
    static void table(String jdbcUrl, String columns, List<String> rows) {
        SqlScripts.run(jdbcUrl, """
                CREATE TABLE dispatcher (
                    id SERIAL PRIMARY KEY NOT NULL,
                    setid INTEGER DEFAULT 0 NOT NULL,
                    destination VARCHAR(192) DEFAULT '' NOT NULL,
                    socket VARCHAR(128) DEFAULT NULL,
                    state INTEGER DEFAULT 0 NOT NULL,
                    weight VARCHAR(64) DEFAULT '1' NOT NULL,
                    priority INTEGER DEFAULT 0 NOT NULL,
                    attrs VARCHAR(128) DEFAULT '' NOT NULL,
                    description VARCHAR(64) DEFAULT '' NOT NULL
                );
                """);
        insert(jdbcUrl, columns, rows);
    }

    /** Adds rows to the table. */
    static void insert(String jdbcUrl, String columns, List<String> rows) {
        StringBuilder sql = new StringBuilder();
        for (String row : rows) {
            sql.append("INSERT INTO dispatcher (")
                    .append(columns)
                    .append(") VALUES (")
                    .append(row)
                    .append(");\n");
        }
        SqlScripts.run(jdbcUrl, sql.toString());
    }

    private NodeProcess begin(int node) {
        String host = places.host(node);
        List<String> seeds = new ArrayList<>();
        for (int i = 0; i < plan.nodes(); i++) {
            seeds.add("\"" + places.host(i) + ":" + clusterPort + "\"");
        }
        String config = """
                sockets { main = "udp:%s:%d" }
                relay.secret = "of this test"
                cluster { host = "%s", port = %d, seed-nodes = [ %s ]
                %s }
                management { host = "%s", port = %d, max-requests-per-second = 0 }
                management.tokens = [ { name = ann, token = token-of-the-tests, role = write } ]
                partitions.default.db_url = "%s"
                journal.db_url = "%s"
                %s
                """.formatted(
                        host,
                        sipPort,
                        host,
                        clusterPort,
                        String.join(", ", seeds),
                        NodeCertificates.settings(host),
                        host,
                        httpPort,
                        plan.jdbcUrl(),
                        plan.jdbcUrl(),
                        plan.more()
                                .replace("$host", host)
                                .replace("$sip", String.valueOf(sipPort))
                                .replace("$http", String.valueOf(httpPort)));
        return NodeProcess.begin(places.before(node), config, "");
    }

    /** The address of a node on this host, from 0. */
    static String host(int node) {
        return "127.0.0." + (node + 1);
    }

    String jdbcUrl() {
        return plan.jdbcUrl();
    }

    int httpPort() {
        return httpPort;
    }

    int sipPort() {
        return sipPort;
    }

    /** The address on which a node listens for SIP. */
    InetSocketAddress sip(int node) {
        return new InetSocketAddress(places.host(node), sipPort);
    }

    /** The name of a node in the cluster. */
    String name(int node) {
        return places.host(node) + ":" + clusterPort;
    }

    NodeProcess node(int node) {
        return nodes.get(node);
    }

    /** Kills a node with -9. */
    void kill(int node) {
        nodes.get(node).kill();
    }

    /** Stops a node's process with SIGSTOP. */
    void pause(int node) {
        nodes.get(node).pause();
    }

    /** Resumes a paused node. */
    void resume(int node) {
        nodes.get(node).resume();
    }

    boolean isPaused(int node) {
        return nodes.get(node).isPaused();
    }

    /** Restarts a node that has ended, without waiting. */
    void beginAgain(int node) {
        nodes.set(node, begin(node));
    }

    /** Restarts a node that has ended, and waits until it listens. */
    void restart(int node) {
        beginAgain(node);
        nodes.get(node).awaitListening();
    }

    /** Restarts all nodes that have ended, and waits until they listen. */
    void restartAll() {
        for (int i = 0; i < nodes.size(); i++) {
            if (!nodes.get(i).isAlive()) {
                nodes.set(i, begin(i));
            }
        }
        nodes.forEach(NodeProcess::awaitListening);
    }

    /**
     * Waits until each running node sees that many members, all up. A node that rejoins does not answer for a while.
     */
    void awaitMembers(int members) {
        await().pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
            for (int i = 0; i < nodes.size(); i++) {
                if (nodes.get(i).isAlive()) {
                    JsonNode seen = get(i, "/cluster/members");
                    assertThat(seen.path("members")).hasSize(members);
                    assertThat(seen.path("members"))
                            .allMatch(member -> member.path("status").asText().equals("Up"));
                    assertThat(seen.path("unreachable")).isEmpty();
                }
            }
        });
    }

    /** The node with the cluster's singletons. */
    int oldest() {
        int asked = living().get(0);
        String address = get(asked, "/cluster/members").path("oldest").asText();
        return IntStream.range(0, nodes.size())
                .filter(node -> address.endsWith("@" + name(node)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("oldest: " + address));
    }

    /** The destinations as a node knows them. */
    List<JsonNode> destinations(int node) {
        List<JsonNode> all = new ArrayList<>();
        get(node, "/dispatcher/destinations").path("destinations").forEach(all::add);
        return all;
    }

    /** One destination as a node knows it. */
    JsonNode destination(int node, String id) {
        return destinations(node).stream()
                .filter(one -> one.path("id").asText().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + id + " in " + destinations(node)));
    }

    /** The report of a destination's actor, requested through that node. */
    JsonNode report(int node, String id) {
        return get(node, "/dispatcher/destinations/" + URLEncoder.encode(id, StandardCharsets.UTF_8));
    }

    /** Sends an order for a destination: {@code state}, {@code release} or {@code probe}. */
    JsonNode order(int node, String id, String order, String body) {
        return post(node, orderPath(id, order), body);
    }

    private static String orderPath(String id, String order) {
        return "/dispatcher/destinations/" + URLEncoder.encode(id, StandardCharsets.UTF_8) + "/" + order;
    }

    /** Waits until the destination matches on every running node. */
    void awaitOnAll(String id, Predicate<JsonNode> what) {
        await().pollInterval(Duration.ofMillis(20))
                .until(() -> living().stream().allMatch(node -> what.test(destination(node, id))));
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(LONGEST).ignoreExceptionsInstanceOf(UncheckedIOException.class);
    }

    private List<Integer> living() {
        List<Integer> living = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).isAlive()) {
                living.add(i);
            }
        }
        return living;
    }

    JsonNode get(int node, String path) {
        return send(request(node, path).build());
    }

    JsonNode post(int node, String path, String body) {
        return send(request(node, path)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    JsonNode send(int node, String method, String path, String body) {
        return send(request(node, path)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private HttpRequest.Builder request(int node, String path) {
        return HttpRequest.newBuilder(URI.create(url(node, path)))
                .header("Authorization", "Bearer token-of-the-tests")
                .timeout(PATIENCE);
    }

    /** The URL of a node's management server. */
    String url(int node, String path) {
        return "http://" + places.host(node) + ":" + httpPort + path;
    }

    private JsonNode send(HttpRequest request) {
        try {
            return JSON.readTree(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Stops all running nodes with SIGTERM, at the same time, and waits for their ends. */
    void stop() {
        List<NodeProcess> living = nodes.stream().filter(NodeProcess::isAlive).toList();
        living.forEach(NodeProcess::terminate);
        living.forEach(NodeProcess::awaitEnd);
    }

    /** Kills all running nodes, because their stop takes longer. */
    @Override
    public void close() {
        nodes.stream().filter(NodeProcess::isAlive).forEach(NodeProcess::kill);
    }
}
