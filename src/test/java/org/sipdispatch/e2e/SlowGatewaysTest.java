package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.agents.LateAgents;
import org.sipdispatch.agents.UnrepeatedCalls;
import org.sipdispatch.database.EmbeddedPostgres;

/**
 * Three nodes, each of which knows only its own traffic, and four gateways for each algorithm. A gateway serves one call
 * at a time, so its post-dial delay grows with its calls. First all are alike, then one takes ten times as long, then two
 * do. All algorithms have the same calls at the same time.
 *
 * <p>{@code -Drate=10}: the calls of each algorithm at each node in a second.
 */
@Tag("long")
@Timeout(400)
class SlowGatewaysTest {
    private static final List<String> ALGORITHMS = List.of("round-robin", "least-in-flight", "best-of");
    private static final int NODES = 3;
    private static final int GATEWAYS = 4;
    private static final int SERVICE_MS = 20;
    private static final int RATE = Integer.getInteger("rate", 10);
    private static final int PHASES = 3;
    private static final int PHASE_SECONDS = 20;
    /** Latencies are computed once a second, and the calls that were sent before have to be over. */
    private static final int SETTLING_SECONDS = 3;
    /**
     * Three of the four gateways are compared for each call, so the best one gets three quarters of them at most, and a
     * little more by chance in a second of about thirty calls. If all nodes sent all calls to it, this would be 1.
     */
    private static final double LARGEST_SHARE = 0.83;

    /** The calls of one algorithm in one phase, after it has settled. */
    private record Figures(
            String algorithm, int phase, List<Double> delaysMs, int[] calls, List<Double> largestShares) {
        double percentile(int percent) {
            return delaysMs.get((int) Math.ceil(delaysMs.size() * percent / 100.0) - 1);
        }

        /** The mean, over the seconds, of the largest part of their calls that one gateway gets. */
        double meanLargestShare() {
            return largestShares.stream().mapToDouble(share -> share).average().orElseThrow();
        }

        @Override
        public String toString() {
            return "figures: %d of %d slow, %-15s: post-dial delay p50 %6.0f ms, p99 %6.0f ms; calls %s; largest share of each second %s"
                    .formatted(
                            phase,
                            GATEWAYS,
                            algorithm,
                            percentile(50),
                            percentile(99),
                            Arrays.toString(calls),
                            largestShares.stream()
                                    .map(share -> "%.2f".formatted(share))
                                    .toList());
        }
    }

    private final LateAgents gateways = LateAgents.start(ALGORITHMS.size() * GATEWAYS, 0, 0);

    @Test
    void bestOfAvoidsTheSlowOnesWithoutAHerd() {
        IntStream.range(0, ALGORITHMS.size() * GATEWAYS).forEach(agent -> gateways.serve(agent, SERVICE_MS));
        String url = EmbeddedPostgres.jdbcUrl("slow_gateways");
        ClusterNodes.table(
                url,
                "setid, destination",
                IntStream.range(0, ALGORITHMS.size() * GATEWAYS)
                        .mapToObj(agent ->
                                agent / GATEWAYS + 1 + ", '" + gateways.uris().get(agent) + "'")
                        .toList());
        try (ClusterNodes cluster = ClusterNodes.start(new ClusterNodes.Plan(NODES, url, rules()))) {
            Map<String, List<Figures>> all = figures(cluster);

            List<Figures> best = all.get("best-of");
            List<Figures> roundRobin = all.get("round-robin");
            assertThat(roundRobin.get(1).percentile(99))
                    .isGreaterThan(10 * best.get(1).percentile(99));
            assertThat(roundRobin.get(2).percentile(99))
                    .isGreaterThan(10 * best.get(2).percentile(99));
            assertThat(best)
                    .allSatisfy(phase -> assertThat(phase.meanLargestShare())
                            .as(phase.toString())
                            .isLessThan(LARGEST_SHARE));
        } finally {
            gateways.close();
        }
    }

    private static String rules() {
        return IntStream.range(0, ALGORITHMS.size())
                .mapToObj(i ->
                        "{ when { ruri = \"^sip:%1$s@\" }, select { set = %2$d, alg = %1$s }, relay { fr_timeout = 30s } }%n"
                                .formatted(ALGORITHMS.get(i), i + 1))
                .collect(Collectors.joining("", "rules = [\n", "]\n"));
    }

    private Map<String, List<Figures>> figures(ClusterNodes cluster) {
        Executor eachInAThread = task -> new Thread(task, "caller").start();
        List<List<CompletableFuture<UnrepeatedCalls.Result>>> callers = new ArrayList<>();
        long beganNs = System.nanoTime();
        for (String algorithm : ALGORITHMS) {
            callers.add(IntStream.range(0, NODES)
                    .mapToObj(node -> CompletableFuture.supplyAsync(
                            () -> UnrepeatedCalls.place(
                                    cluster.sip(node), algorithm, PHASES * PHASE_SECONDS * RATE, RATE),
                            eachInAThread))
                    .toList());
        }
        for (int slow = 1; slow < PHASES; slow++) {
            CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(PHASE_SECONDS, TimeUnit.SECONDS))
                    .join();
            for (int algorithm = 0; algorithm < ALGORITHMS.size(); algorithm++) {
                gateways.serve(algorithm * GATEWAYS + slow - 1, 10 * SERVICE_MS);
            }
        }
        return IntStream.range(0, ALGORITHMS.size())
                .boxed()
                .collect(Collectors.toMap(
                        ALGORITHMS::get,
                        i -> figures(
                                i,
                                callers.get(i).stream()
                                        .map(CompletableFuture::join)
                                        .toList(),
                                beganNs)));
    }

    private List<Figures> figures(int algorithm, List<UnrepeatedCalls.Result> results, long beganNs) {
        results.forEach(result -> {
            assertThat(result.lost()).isEmpty();
            assertThat(result.refused()).isEmpty();
        });
        List<Figures> phases = new ArrayList<>();
        for (int phase = 0; phase < PHASES; phase++) {
            long fromNs = beganNs + TimeUnit.SECONDS.toNanos(phase * PHASE_SECONDS + SETTLING_SECONDS);
            long toNs = beganNs + TimeUnit.SECONDS.toNanos((phase + 1) * PHASE_SECONDS);
            List<Double> delays = results.stream()
                    .flatMap(result -> result.dialled().stream())
                    .filter(call -> call.sentNs() >= fromNs && call.sentNs() < toNs)
                    .map(UnrepeatedCalls.Dialled::delayMs)
                    .sorted()
                    .toList();
            int[][] perSecond = new int[PHASE_SECONDS - SETTLING_SECONDS][GATEWAYS];
            for (LateAgents.Arrival call : gateways.arrivals()) {
                if (call.agent() / GATEWAYS == algorithm && call.atNs() >= fromNs && call.atNs() < toNs) {
                    perSecond[(int) TimeUnit.NANOSECONDS.toSeconds(call.atNs() - fromNs)][call.agent() % GATEWAYS]++;
                }
            }
            phases.add(new Figures(ALGORITHMS.get(algorithm), phase, delays, sums(perSecond), shares(perSecond)));
            System.out.println(phases.get(phase));
        }
        return phases;
    }

    private static int[] sums(int[][] perSecond) {
        return IntStream.range(0, GATEWAYS)
                .map(gateway -> Arrays.stream(perSecond)
                        .mapToInt(second -> second[gateway])
                        .sum())
                .toArray();
    }

    private static List<Double> shares(int[][] perSecond) {
        return Arrays.stream(perSecond)
                // A machine that stands still for a moment makes a second with a few calls only.
                .filter(second -> Arrays.stream(second).sum() > NODES * RATE * 2 / 3)
                .map(second -> Arrays.stream(second).max().getAsInt()
                        / (double) Arrays.stream(second).sum())
                .toList();
    }
}
