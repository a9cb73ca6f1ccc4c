package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.agents.AnsweringAgent;
import org.sipdispatch.agents.CallingAgent;
import org.sipdispatch.agents.NodeCertificates;
import org.sipdispatch.database.EmbeddedPostgres;

/** The processor time of three nodes with and without TLS between them, in turn. Measures, and asserts only that calls succeed. */
@Tag("long")
class ClusterTlsCostTest {
    private static final int NODES = 3;
    private static final int ROUNDS = 5;
    private static final int CALLS_PER_SECOND = 30;
    private static final int DESTINATIONS = 100;
    private static final Duration MEASURED = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void processorTimeWithAndWithoutTls() throws Exception {
        NodeCertificates authority = new NodeCertificates(directory, "authority");
        IntStream.range(0, NODES).forEach(i -> authority.node(ClusterNodes.host(i), ClusterNodes.host(i)));
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            double plain = processorSeconds("plain" + round, "");
            double tls = processorSeconds("tls" + round, "cluster.tls = \"%s/$host\"".formatted(directory));
            ratios.add(tls / plain);
            System.out.printf(
                    "figures: TLS between %d nodes: processor time in %d s %.2f s, without %.2f s, ratio %.2f%n",
                    NODES, MEASURED.toSeconds(), tls, plain, tls / plain);
        }
        ratios.sort(null);
        System.out.printf(
                "figures: TLS between nodes costs %.2f times (%.2f to %.2f)%n",
                ratios.get(ROUNDS / 2), ratios.get(0), ratios.get(ROUNDS - 1));
    }

    private static double processorSeconds(String name, String settings) throws Exception {
        String url = EmbeddedPostgres.jdbcUrl("tls_cost_" + name);
        try (AnsweringAgent agent = AnsweringAgent.start("127.0.0.1", "destination")) {
            ClusterNodes.table(
                    url,
                    "setid, destination",
                    IntStream.range(0, DESTINATIONS)
                            .mapToObj(i -> "1, 'sip:u" + i + "@127.0.0.1:"
                                    + agent.address().getPort() + "'")
                            .toList());
            String more = """
                    probing { ds_ping_interval = 1s, ds_probing_mode = 1 }
                    rules = [ { select { set = "1", alg = "4" } } ]
                    """ + settings;
            try (ClusterNodes cluster = ClusterNodes.start(new ClusterNodes.Plan(NODES, url, more))) {
                return measured(cluster);
            }
        }
    }

    private static double measured(ClusterNodes cluster) throws Exception {
        List<CallingAgent> callers = new ArrayList<>();
        try {
            for (int node = 0; node < NODES; node++) {
                callers.add(CallingAgent.start("127.0.0.1", cluster.sip(node), CALLS_PER_SECOND));
            }
            // The compiler of the virtual machine is busy at first.
            awaitCalls(callers, CALLS_PER_SECOND * 15);
            double before = processorSeconds(cluster);
            long began = System.nanoTime();
            Awaitility.await()
                    .atMost(MEASURED.multipliedBy(2))
                    .until(() -> System.nanoTime() - began >= MEASURED.toNanos());
            double used = processorSeconds(cluster) - before;
            for (CallingAgent caller : callers) {
                caller.finish();
                assertThat(caller.failures()).isEmpty();
            }
            return used;
        } finally {
            for (CallingAgent caller : callers) {
                caller.close();
            }
        }
    }

    private static void awaitCalls(List<CallingAgent> callers, int count) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> callers.stream().allMatch(caller -> caller.completed() >= count));
    }

    private static double processorSeconds(ClusterNodes cluster) {
        return IntStream.range(0, NODES)
                        .mapToLong(node -> ProcessHandle.of(cluster.node(node).pid())
                                .flatMap(process -> process.info().totalCpuDuration())
                                .orElseThrow()
                                .toMillis())
                        .sum()
                / 1e3;
    }
}
