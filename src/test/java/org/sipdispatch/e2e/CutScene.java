package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.database.SeverableLink;

/** Real nodes in separate networks, with destinations and a database from which each node can be cut off. */
record CutScene(
        int nodes, CutNetwork network, WatchedDestinations destinations, SeverableLink database, ClusterNodes cluster)
        implements AutoCloseable {
    static final int DESTINATIONS = 6;
    /** Longer than the actors need to settle after a start. */
    private static final long STABLE_NS = 5_000_000_000L;

    private static final int DATABASE = DESTINATIONS;
    private static final Duration LONGEST = Duration.ofSeconds(40);

    static CutScene start(String name, int nodes, String more) throws Exception {
        CutNetwork network = CutNetwork.make(nodes, DESTINATIONS + 1);
        WatchedDestinations destinations = null;
        SeverableLink database = null;
        try {
            List<String> hosts = new ArrayList<>();
            for (int i = 0; i < DESTINATIONS; i++) {
                hosts.add(network.agent(i));
            }
            destinations = new WatchedDestinations(hosts);
            String url = EmbeddedPostgres.jdbcUrl(name);
            ClusterNodes.table(url, "setid, destination", destinations.rows());
            String there = network.agent(DATABASE);
            database = new SeverableLink(InetAddress.getByName(there), EmbeddedPostgres.port());
            String seen = url.replaceFirst("//[^/]+/", "//" + there + ":" + database.port() + "/");
            return new CutScene(
                    nodes,
                    network,
                    destinations,
                    database,
                    ClusterNodes.start(new ClusterNodes.Plan(nodes, seen, more), network));
        } catch (Exception | Error e) {
            network.close();
            throw e;
        }
    }

    String caller() {
        return network.agent(0);
    }

    /** The node with the actor of that destination, once the actor does not move any more. */
    int owner(int destination) {
        String[] owner = {""};
        long[] sinceNs = {System.nanoTime()};
        Awaitility.await().pollInterval(Duration.ofMillis(200)).atMost(LONGEST).until(() -> {
            String now =
                    cluster.report(0, destinations.id(destination)).path("node").asText();
            if (!now.equals(owner[0])) {
                owner[0] = now;
                sinceNs[0] = System.nanoTime();
            }
            return !now.isEmpty() && System.nanoTime() - sinceNs[0] > STABLE_NS;
        });
        return IntStream.range(0, nodes)
                .filter(node -> cluster.name(node).equals(owner[0]))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody is called " + owner[0]));
    }

    @Override
    public void close() {
        try (network;
                destinations;
                database) {
            cluster.close();
        }
    }

    /** Waits until all nodes have the same view of all destinations. */
    void awaitEqualViews() {
        Awaitility.await().pollInterval(Duration.ofMillis(50)).atMost(LONGEST).untilAsserted(() -> {
            Map<String, String> view = view(0);
            assertThat(view).hasSize(DESTINATIONS);
            for (int node = 1; node < nodes; node++) {
                assertThat(view(node)).isEqualTo(view);
            }
        });
    }

    private Map<String, String> view(int node) {
        Map<String, String> view = new TreeMap<>();
        cluster.destinations(node)
                .forEach(one -> view.put(
                        one.path("id").asText(),
                        one.path("state").asText() + " " + one.path("version").asText()));
        return view;
    }
}
