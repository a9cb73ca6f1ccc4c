package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.ProbedAgent;
import org.sipdispatch.database.EmbeddedPostgres;

/** Three nodes start at once with many destinations. {@code -Ddestinations=2000} sets their number. */
class ManyDestinationsStartTest {
    private static final int NODES = 3;
    private static final long INTERVAL_MS = 30_000;
    private static final Duration LONGEST = Duration.ofMinutes(6);
    /** The log lines when a node is downed. */
    private static final List<String> TAKEN_OUT =
            List.of("this node was removed from the cluster", "nodes are reachable: this side");
    /** The log lines when a node is overloaded. */
    private static final List<String> BUSY =
            List.of("as UNREACHABLE", "Unexpected change of shard", "the state of some destinations is unknown");

    @Test
    @Tag("long")
    void allArePingedSoonAfterTheLastNodeIsReady() {
        int destinations = Integer.getInteger("destinations", 2000);
        String url = EmbeddedPostgres.jdbcUrl("many_" + System.nanoTime());
        List<ReadyRecord> ready = new ArrayList<>();
        try (ProbedAgent agent = ProbedAgent.start()) {
            ClusterNodes.table(
                    url,
                    "setid, destination",
                    IntStream.range(0, destinations)
                            .mapToObj(i -> "1, '" + agent.uri("u" + i) + "'")
                            .toList());
            long beganNs = System.nanoTime();
            try (ClusterNodes cluster =
                    ClusterNodes.begin(new ClusterNodes.Plan(NODES, url, """
                    probing { ds_ping_interval = %dms, ds_probing_mode = 1, ping-timeout = 500ms }
                    rules = [ { select { set = "1", alg = "4" } } ]
                    """.formatted(INTERVAL_MS)))) {
                for (int node = 0; node < NODES; node++) {
                    ready.add(ReadyRecord.start(cluster, node));
                }
                await(() -> ready.stream().allMatch(one -> one.readyForGoodNs(beganNs) > 0));
                await(() -> firstPings(agent).size() == destinations);
                long lastReadyNs = ready.stream()
                        .mapToLong(one -> one.readyForGoodNs(beganNs))
                        .max()
                        .orElseThrow();
                long lastPingNs =
                        firstPings(agent).values().stream().max(Long::compare).orElseThrow();
                List<String> takenOut = logged(cluster, TAKEN_OUT);

                System.out.printf(
                        "figures: %d destinations, %d nodes at once: ready after %s ms, first ping of the last"
                                + " destination after %d ms, %d ms after the last node was ready; taken out: %s, busy: %s%n",
                        destinations,
                        NODES,
                        ready.stream()
                                .map(one -> ms(one.readyForGoodNs(beganNs) - beganNs))
                                .toList(),
                        ms(lastPingNs - beganNs),
                        ms(lastPingNs - lastReadyNs),
                        takenOut,
                        logged(cluster, BUSY));
                assertThat(ms(lastPingNs - lastReadyNs)).isLessThanOrEqualTo(2 * INTERVAL_MS);
                assertThat(takenOut).isEmpty();
            }
        } finally {
            ready.forEach(ReadyRecord::close);
        }
    }

    private static Map<String, Long> firstPings(ProbedAgent agent) {
        Map<String, Long> first = new HashMap<>();
        agent.seen("OPTIONS").forEach(ping -> first.merge(ping.uri(), ping.atNanos(), Math::min));
        return first;
    }

    /** How often each node has logged each of these texts. */
    private static List<String> logged(ClusterNodes cluster, List<String> texts) {
        return IntStream.range(0, NODES)
                .boxed()
                .flatMap(node -> texts.stream().flatMap(text -> {
                    long lines = cluster.node(node)
                            .log()
                            .lines()
                            .filter(line -> line.contains(text))
                            .count();
                    return lines == 0 ? Stream.of() : Stream.of("node " + (node + 1) + ": " + lines + " x " + text);
                }))
                .toList();
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await().pollInterval(Duration.ofMillis(200)).atMost(LONGEST).until(condition);
    }

    private static long ms(long nanos) {
        return nanos / 1_000_000;
    }
}
