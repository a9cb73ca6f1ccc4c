package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.database.SeverableLink;

/**
 * Limits of three real nodes that are killed and paused, and whose links are cut, as the user agents see them.
 * {@code -Dlimit.seconds=60} sets for how long the failures follow each other.
 */
@Tag("long")
@Timeout(3600)
class LimitThroughFailuresTest {
    private static final int NODES = 3;
    private static final int LIMIT = 500;
    /** Through each node; many more than end in a second, so that free places are taken at once. */
    private static final int CALLS_PER_SECOND = 100;

    private static final int LONGEST_CALL_MS = 20_000;
    private static final int LIMIT_PER_SECOND = 50;
    private static final int SECONDS_OF_RATE = 30;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long MS_NS = 1_000_000L;
    private static final long RUN_NS = Integer.getInteger("limit.seconds", 600) * SECOND_NS;
    private static final int QUIET_SECONDS = 10;
    private static final int PAUSE_SECONDS = 5;
    private static final int CUT_SECONDS = 15;
    /** Calls that a node was setting up when it was paused: they may exceed the limit when it resumes. */
    private static final int MOST_SETUPS = 20;

    private static final long BACK_MS = 2000;
    private static final String LOCALHOST = "127.0.0.1";
    private static final String MORE = """
            probing { ds_ping_interval = 1s }
            rules = [ { select { set = 1, alg = 4 } } ]
            """;

    private final List<HeldCalls> callers = new ArrayList<>();
    private final List<String> figures = new ArrayList<>();
    private final List<Long> backMs = new ArrayList<>();

    private CutNetwork network;
    private LimitedGateway gateway;
    private ClusterNodes cluster;
    private HeldCalls[] ofNode;

    @AfterEach
    void close() {
        callers.forEach(HeldCalls::close);
        System.out.println("figures: " + String.join("; ", figures));
    }

    private static void until(BooleanSupplier what) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(5))
                .until(what::getAsBoolean);
    }

    private static void pass(int seconds) {
        long beganNs = System.nanoTime();
        until(() -> System.nanoTime() - beganNs >= seconds * SECOND_NS);
    }

    private HeldCalls caller(String host, int node, int callsPerSecond, int longestMs) {
        try {
            HeldCalls caller = new HeldCalls(host, cluster.sip(node), callsPerSecond, longestMs);
            callers.add(caller);
            return caller;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void callThrough(int node) {
        ofNode[node] = caller(network.agent(0), node, CALLS_PER_SECOND, LONGEST_CALL_MS);
    }

    @Test
    void neverMoreCallsThanTheLimitWhileTheNodesHearEachOther() throws Exception {
        String url = EmbeddedPostgres.jdbcUrl("limit_failures");
        try (CutNetwork made = CutNetwork.make(NODES, 2);
                LimitedGateway counting = new LimitedGateway(made.agent(0));
                SeverableLink database =
                        new SeverableLink(InetAddress.getByName(made.agent(1)), EmbeddedPostgres.port())) {
            network = made;
            gateway = counting;
            ClusterNodes.table(url, "setid, destination, attrs", List.of(gateway.row("maxcalls=" + LIMIT)));
            String seen = url.replaceFirst("//[^/]+/", "//" + made.agent(1) + ":" + database.port() + "/");
            try (ClusterNodes started = ClusterNodes.start(new ClusterNodes.Plan(NODES, seen, MORE), made)) {
                cluster = started;
                ofNode = new HeldCalls[NODES];
                for (int node = 0; node < NODES; node++) {
                    callThrough(node);
                }
                failuresFollowEachOther();
                callers.forEach(HeldCalls::stopPlacing);
                until(() -> gateway.open() == 0);
                noCallIsCounted();
            }
        }
        assertThat(backMs).allSatisfy(one -> assertThat(one).isLessThanOrEqualTo(BACK_MS));
    }

    private void failuresFollowEachOther() {
        long beganNs = System.nanoTime();
        for (int round = 0; round == 0 || System.nanoTime() - beganNs < RUN_NS; round++) {
            quiet();
            kill(round % NODES);
            quiet();
            pause((round + 1) % NODES);
            quiet();
            cut(round % NODES, (round + 1) % NODES);
        }
        quiet();
        figures.add(gateway.offered() + " calls offered");
    }

    /** The calls of the gateway, and the limits as each node sees them. */
    private String counts() {
        StringBuilder text = new StringBuilder(gateway.open() + " calls at the gateway");
        for (int node = 0; node < NODES; node++) {
            text.append("; node ").append(node).append(": ").append(cluster.get(node, "/dispatcher/limits"));
        }
        return text.toString();
    }

    private void untilFull() {
        try {
            until(() -> gateway.open() == LIMIT);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(counts(), e);
        }
    }

    /** Those that a killed node was setting up count for a minute. */
    private void noCallIsCounted() {
        try {
            until(() -> IntStream.range(0, NODES)
                    .allMatch(node -> cluster.get(node, "/dispatcher/limits")
                            .toString()
                            .contains("\"calls\":0,\"elsewhere\":0,")));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(counts(), e);
        }
    }

    private void quiet() {
        untilFull();
        gateway.countAgain();
        pass(QUIET_SECONDS);
        untilFull();
        assertThat(gateway.most()).as("all nodes run").isEqualTo(LIMIT);
    }

    private void kill(int node) {
        long killedNs = System.nanoTime();
        cluster.kill(node);
        ofNode[node].turnTo(cluster.sip((node + 1) % NODES));
        until(() -> gateway.open() < LIMIT);
        until(() -> gateway.open() == LIMIT);
        backMs.add((System.nanoTime() - killedNs) / MS_NS);
        cluster.restart(node);
        cluster.awaitMembers(NODES);
        callThrough(node);
        figures.add("back " + backMs.get(backMs.size() - 1) + " ms after a kill, at most " + gateway.most());
        assertThat(gateway.most()).as("a node is killed").isEqualTo(LIMIT);
    }

    private void pause(int node) {
        cluster.pause(node);
        pass(PAUSE_SECONDS);
        int paused = gateway.most();
        cluster.resume(node);
        cluster.awaitMembers(NODES);
        figures.add("at most " + paused + " in a pause and " + gateway.most() + " after it");
        assertThat(paused).as("a node is paused").isEqualTo(LIMIT);
        assertThat(gateway.most()).as("a node resumes").isLessThanOrEqualTo(LIMIT + MOST_SETUPS);
        callsBeyondTheLimitEnd();
    }

    /** They last as long as others, and until then no call begins instead of them. */
    private void callsBeyondTheLimitEnd() {
        pass(LONGEST_CALL_MS / 1000);
    }

    /** The node that leaves may have its part of the limit. */
    private void cut(int one, int other) {
        network.part(one, other);
        pass(CUT_SECONDS);
        network.join(one, other);
        cluster.awaitMembers(NODES);
        figures.add("at most " + gateway.most() + " with a cut link");
        assertThat(gateway.most()).as("a link is cut").isLessThanOrEqualTo(LIMIT + LIMIT / NODES + 1);
        callsBeyondTheLimitEnd();
    }

    @Test
    void aRateIsOneRateThroughThreeNodes() {
        String url = EmbeddedPostgres.jdbcUrl("limit_rate");
        try (LimitedGateway counting = new LimitedGateway(LOCALHOST)) {
            gateway = counting;
            ClusterNodes.table(url, "setid, destination, attrs", List.of(gateway.row("maxcps=" + LIMIT_PER_SECOND)));
            try (ClusterNodes started = ClusterNodes.start(new ClusterNodes.Plan(NODES, url, MORE))) {
                cluster = started;
                for (int node = 0; node < NODES; node++) {
                    caller(LOCALHOST, node, 3 * LIMIT_PER_SECOND / 5, 1000);
                }
                until(() -> gateway.offered() > 2 * LIMIT_PER_SECOND);
                int before = gateway.offered();
                long beganNs = System.nanoTime();
                pass(SECONDS_OF_RATE);
                double seconds = (System.nanoTime() - beganNs) / (double) SECOND_NS;
                double rate = (gateway.offered() - before) / seconds;
                figures.add("%.2f calls per second over %.1f s".formatted(rate, seconds));
                assertThat(rate).isBetween(0.98 * LIMIT_PER_SECOND, 1.02 * LIMIT_PER_SECOND);
            }
        }
    }
}
