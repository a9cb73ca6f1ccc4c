package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.ProbedAgent;
import org.sipdispatch.agents.Stalls;
import org.sipdispatch.database.EmbeddedPostgres;

/** Which of three nodes pings a destination, and when; measured where the pings arrive. */
class ProbersTest {
    private static final int NODES = 3;

    private final ProbedAgent agent = ProbedAgent.start();
    private ClusterNodes cluster;
    private List<String> uris;
    private int intervalMs;

    @AfterEach
    void close() {
        if (cluster != null) {
            cluster.close();
        }
        agent.close();
    }

    @Test
    @Tag("long")
    void eachDestinationHasOneProberAndAllPingsAreSpreadEvenly() {
        open(100, 2000);
        steady(8);
    }

    @Test
    @Tag("long")
    void oneMinuteOfPingsEverySecond() {
        open(50, 1000);
        steady(60);
    }

    @Test
    @Tag("long")
    void aThousandDestinationsEveryHalfMinute() {
        open(1000, 30_000);
        steady(95);
    }

    /** A reload shifts the times of all pings in the interval, and must cause neither a burst nor a gap. */
    @Test
    @Tag("long")
    void aReloadThatAddsDestinationsKeepsThePingsApart() {
        open(50, 2000);
        long from = awaitSteady();
        ClusterNodes.insert(
                cluster.jdbcUrl(),
                "setid, destination",
                IntStream.range(50, 75)
                        .mapToObj(i -> "1, '" + agent.uri("u" + i) + "'")
                        .toList());
        assertThat(cluster.post(1, "/dispatcher/reload", "{}").path("error").asText())
                .isEmpty();
        PingCount pings = count(from, 20);

        System.out.println("figures: with a reload: " + pings);
        assertThat(pings.doubles()).isZero();
        assertThat(pings.longestGap()).isLessThan(1.5);
    }

    private void open(int destinations, int interval) {
        intervalMs = interval;
        uris = IntStream.range(0, destinations)
                .mapToObj(i -> agent.uri("u" + i))
                .toList();
        String url = EmbeddedPostgres.jdbcUrl("probers_" + System.nanoTime());
        ClusterNodes.table(
                url,
                "setid, destination",
                uris.stream().map(uri -> "1, '" + uri + "'").toList());
        String more = """
                probing { ds_ping_interval = %dms, ds_probing_mode = 1, ping-timeout = 500ms }
                rules = [ { select { set = "1", alg = "4" } } ]
                """.formatted(interval);
        cluster = ClusterNodes.start(new ClusterNodes.Plan(NODES, url, more));
    }

    private void steady(int seconds) {
        long members = System.nanoTime();
        long from = awaitSteady();
        PingCount before = count(members, from);
        System.out.println("figures: while destinations still moved between nodes: " + before);

        PingCount pings = measured(from, seconds);

        System.out.println("figures: steady: " + pings);
        assertThat(pings.withSeveralProbers()).isEmpty();
        assertThat(pings.doubles()).isZero();
        assertThat(pings.longestGap()).isLessThan(1.5);
        assertThat(pings.destinationsByNode()).hasSize(NODES);
        assertThat((double) pings.fullestSecond()).isLessThanOrEqualTo(2 * pings.perSecond());
    }

    /** Pings get their time here. Pings that waited while this process was stalled arrived at other times. */
    private PingCount measured(long from, int seconds) {
        try (Stalls stalls = Stalls.watched()) {
            long begin = from;
            PingCount pings = count(begin, seconds);
            for (int again = 0; again < 3 && stalls.since(begin); again++) {
                begin = System.nanoTime();
                pings = count(begin, seconds);
            }
            return pings;
        }
    }

    /** The time since which each destination is pinged once per interval, by one node. */
    private long awaitSteady() {
        return Awaitility.await()
                .pollInterval(Duration.ofMillis(intervalMs / 4))
                .atMost(Duration.ofMillis(20_000 + 10L * intervalMs))
                .until(
                        () -> {
                            long now = System.nanoTime();
                            long before = now - 2_200_000L * intervalMs;
                            PingCount seen = count(before, now);
                            boolean stable = seen.withSeveralProbers().isEmpty()
                                    && seen.destinationsByNode().size() == NODES
                                    && seen.longestGap() < 1.5;
                            return stable ? now : -1L;
                        },
                        found -> found > 0);
    }

    private PingCount count(long from, int seconds) {
        long until = from + seconds * 1_000_000_000L;
        Awaitility.await().atMost(Duration.ofSeconds(seconds + 5)).until(() -> System.nanoTime() > until);
        return count(from, until);
    }

    private PingCount count(long from, long until) {
        return new PingCount(agent.seen("OPTIONS"), uris, intervalMs, from, until);
    }
}
