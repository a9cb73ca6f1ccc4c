package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.MessageStream;
import org.sipdispatch.agents.ProbedAgent;
import org.sipdispatch.database.EmbeddedPostgres;

/**
 * How quickly three nodes stop using a destination that stops, and use it again. Measured in each node's own view and
 * by the destinations that receive the requests through each node.
 */
class DetectionTest {
    private static final int NODES = 3;
    private static final int THRESHOLD = 3;
    private static final int INTERVAL_MS = 1000;
    private static final int TIMEOUT_MS = 500;
    private static final int EVERY_MS = 10;
    private static final long ON_A_BUSY_HOST_MS = 3000;
    private static final String MORE = """
            probing {
              ds_ping_interval = %dms, ds_probing_mode = 1, ping-timeout = %dms, ds_probing_threshold = %d
            }
            rules = [ { select { set = "1", alg = "8" }, relay { mode = stateless } } ]
            # An actor that moves in the middle of it pings anew.
            cluster-system.akka.cluster.sharding.rebalance-interval = 10m
            """.formatted(INTERVAL_MS, TIMEOUT_MS, THRESHOLD);

    /** The way in which a destination stops. */
    enum Stop {
        /** It listens but does not answer: the timeout decides. */
        SILENT,
        /** The port is closed: the host sends ICMP. */
        GONE;

        void stop(ProbedAgent agent) {
            if (this == SILENT) {
                agent.beSilent();
            } else {
                agent.close();
            }
        }

        void begin(ProbedAgent agent) {
            if (this == SILENT) {
                agent.answer();
            } else {
                agent.open();
            }
        }
    }

    private final ProbedAgent first = ProbedAgent.start();
    private final ProbedAgent second = ProbedAgent.start();
    private final String id = "default:1:" + first.uri();
    private Figures stopToOut;
    private Figures viewsOut;
    private Figures requestsOut;
    private Figures viewsIn;
    private Figures requestsIn;
    private ClusterNodes cluster;
    private MessageStream stream;
    private ViewWatch watch;

    @BeforeEach
    void open() {
        String url = EmbeddedPostgres.jdbcUrl("detection_" + System.nanoTime());
        ClusterNodes.table(
                url,
                "setid, priority, destination",
                List.of("1, 2, '" + first.uri() + "'", "1, 1, '" + second.uri() + "'"));
        cluster = ClusterNodes.start(new ClusterNodes.Plan(NODES, url, MORE));
        stream = MessageStream.start(List.of(address(0), address(1), address(2)), EVERY_MS);
        watch = ViewWatch.start(cluster, NODES, id);
    }

    private InetSocketAddress address(int node) {
        return new InetSocketAddress(ClusterNodes.host(node), cluster.sipPort());
    }

    @AfterEach
    void close() {
        watch.close();
        stream.close();
        cluster.close();
        first.close();
        second.close();
    }

    @Tag("long")
    @Test
    void aStoppedDestinationLeavesAllNodesInTimeAndComesBack() {
        for (Stop how : Stop.values()) {
            series(how, 2, ON_A_BUSY_HOST_MS);
        }
    }

    @Tag("long")
    @Test
    void fiftyTimesAStoppedDestinationLeavesAllNodesInTimeAndComesBack() {
        for (Stop how : Stop.values()) {
            series(how, 50, 0);
        }
    }

    /** {@code grace}: the accepted delay beyond the documented limit. */
    private void series(Stop how, int repetitions, long grace) {
        stopToOut = new Figures();
        viewsOut = new Figures();
        requestsOut = new Figures();
        viewsIn = new Figures();
        requestsIn = new Figures();
        awaitUse(true, System.nanoTime());
        for (int i = 0; i < repetitions; i++) {
            stopAndBegin(how, (i + 0.5) / repetitions);
        }
        long promised = THRESHOLD * INTERVAL_MS + TIMEOUT_MS;
        System.out.printf(
                "figures: %s: from the stop until all views and requests are off it: %s, %d above %d ms; "
                        + "from the deciding ping%s until all views have it out: %s, no node's requests reach it: %s; "
                        + "from the good ping until all views have it in: %s, all nodes' requests reach it: %s%n",
                how,
                stopToOut,
                stopToOut.above(promised),
                promised,
                how == Stop.SILENT ? " minus the timeout" : "",
                viewsOut,
                requestsOut,
                viewsIn,
                requestsIn);
        assertThat(stopToOut.above(promised + grace)).isZero();
    }

    /** {@code phase}: the part of the interval after a ping at which the destination stops. */
    private void stopAndBegin(Stop how, double phase) {
        awaitClock(lastPing().atNanos() + (long) (phase * INTERVAL_MS * 1e6));
        first.forget();
        second.forget();
        watch.forget();
        long stopped = System.nanoTime();
        how.stop(first);
        Use out = awaitUse(false, stopped);
        long deciding = how == Stop.SILENT ? decidingPing(stopped) + TIMEOUT_MS * 1_000_000L : lastPingByReport();
        stopToOut.add(ms(stopped, Math.max(out.views(), out.requests())));
        viewsOut.add(ms(deciding, out.views()));
        requestsOut.add(ms(deciding, out.requests()));

        first.forget();
        second.forget();
        watch.forget();
        long begun = System.nanoTime();
        how.begin(first);
        Use in = awaitUse(true, begun);
        long good = first.seen("OPTIONS").get(0).atNanos();
        viewsIn.add(ms(good, in.views()));
        requestsIn.add(ms(good, in.requests()));
    }

    /** The last time a node used the destination, by its view and by its requests. */
    private record Use(long views, long requests) {}

    private Use awaitUse(boolean used, long since) {
        long views = await(() -> watch.allSince(used, since));
        long requests = await(() -> firstOfAll(used ? first : second, since));
        return new Use(views, requests);
    }

    private static long await(LongSupplier moment) {
        return Awaitility.await()
                .pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(20))
                .until(moment::getAsLong, found -> found >= 0);
    }

    /** The time at which the agent had a request through each node; -1 if one is missing. */
    private static long firstOfAll(ProbedAgent agent, long since) {
        long last = 0;
        List<ProbedAgent.Seen> seen = agent.seen("MESSAGE");
        for (int i = 0; i < NODES; i++) {
            String host = ClusterNodes.host(i);
            long at = seen.stream()
                    .filter(one -> one.host().equals(host) && one.atNanos() > since)
                    .mapToLong(ProbedAgent.Seen::atNanos)
                    .findFirst()
                    .orElse(-1);
            if (at < 0) {
                return -1;
            }
            last = Math.max(last, at);
        }
        return last;
    }

    private ProbedAgent.Seen lastPing() {
        return Awaitility.await()
                .pollInterval(Duration.ofMillis(2))
                .until(() -> first.seen("OPTIONS"), pings -> !pings.isEmpty())
                .stream()
                .reduce((one, next) -> next)
                .orElseThrow();
    }

    /** The ping that reached the threshold; the other nodes ping at the same time. */
    private long decidingPing(long stopped) {
        return first.seen("OPTIONS").stream()
                .filter(ping -> ping.atNanos() > stopped)
                .skip(THRESHOLD - 1)
                .findFirst()
                .orElseThrow()
                .atNanos();
    }

    private long lastPingByReport() {
        long ageMs = System.currentTimeMillis()
                - cluster.report(0, id).path("lastPingAtMs").asLong();
        return System.nanoTime() - ageMs * 1_000_000;
    }

    private static void awaitClock(long nanos) {
        Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> System.nanoTime() >= nanos);
    }

    private static double ms(long from, long to) {
        return (to - from) / 1e6;
    }
}
