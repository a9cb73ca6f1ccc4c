package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.AnsweringAgent;
import org.sipdispatch.agents.RoamingAgent;
import org.sipdispatch.database.EmbeddedPostgres;

/** Nodes of three are taken into maintenance and back, then each is stopped with SIGTERM and restarted, under load. */
class RollingRestartTest {
    private static final int DESTINATIONS = 9;
    private static final int CALLS_PER_SECOND = 100;
    private static final int MANY_PER_SECOND = 200;
    private static final long TALK_MS = 1000;
    private static final String PROBING = """
            probing { ds_ping_interval = 500ms, ds_probing_mode = 1, ping-timeout = 500ms }
            rules = [ { select { set = "1", alg = "4", flags = "F" } } ]
            """;

    /** All nodes have one name, so that a dialog's Route may mean any of them. */
    private static final String ONE_NAME =
            "sockets { main { listen = \"udp:$host:$sip\", advertise = \"sip.example.com:$sip\" } }\n";

    /** The durations of one node's restart. */
    private record Step(long handOverMs, long worstHandOverMs, long exitMs, long readyMs, int owned) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d destinations: first ping elsewhere after %d ms, last after %d ms; exit %d ms; ready again %d ms",
                    owned,
                    handOverMs,
                    worstHandOverMs,
                    exitMs,
                    readyMs);
        }
    }

    @Test
    void noCallFailsWhileANodeIsInMaintenanceOrEachIsRestartedInTurn() throws Exception {
        restartAll("rolling_name", ONE_NAME, CALLS_PER_SECOND, 1, 1);
    }

    @Test
    @Tag("long")
    void noCallFailsInThreeRounds() throws Exception {
        restartAll("rolling_name_long", ONE_NAME, MANY_PER_SECOND, 3, 3);
    }

    @Test
    @Tag("long")
    void noCallFailsWhereEachNodeNamesItsOwnAddressInRoutes() throws Exception {
        restartAll("rolling_address", "", MANY_PER_SECOND, 1, 2);
    }

    private static void restartAll(String database, String sockets, int perSecond, int maintained, int rounds)
            throws Exception {
        List<AnsweringAgent> destinations = new ArrayList<>();
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < DESTINATIONS; i++) {
            destinations.add(AnsweringAgent.start("127.0.0.1", "d" + i));
            rows.add("1, 'sip:127.0.0.1:" + destinations.get(i).address().getPort() + "'");
        }
        String url = EmbeddedPostgres.jdbcUrl(database);
        ClusterNodes.table(url, "setid, destination", rows);
        try (ClusterNodes cluster = ClusterNodes.start(new ClusterNodes.Plan(3, url, PROBING + sockets))) {
            awaitReady(cluster, 0);
            awaitReady(cluster, 1);
            awaitReady(cluster, 2);
            List<InetSocketAddress> proxies = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                proxies.add(new InetSocketAddress(ClusterNodes.host(i), cluster.sipPort()));
            }
            try (RoamingAgent caller =
                    RoamingAgent.start("127.0.0.1", proxies, new RoamingAgent.Style(perSecond, TALK_MS))) {
                awaitCalls(caller);
                for (int i = 0; i < 3; i++) {
                    awaitPart(destinations, ClusterNodes.host(i));
                }
                for (int i = 0; i < maintained; i++) {
                    maintain(cluster, i, caller);
                }
                assertThat(caller.failures()).isEmpty();
                List<Step> steps = new ArrayList<>();
                for (int i = 0; i < 3 * rounds; i++) {
                    steps.add(restart(cluster, i % 3, destinations));
                    awaitCalls(caller);
                }
                caller.finish();
                System.out.println("figures: rolling restart (" + database + "): placed " + caller.placed()
                        + ", completed " + caller.completed() + ", failed "
                        + caller.failures().size() + ", moved " + caller.moves() + ", longest gap between pings "
                        + longestGapMs(destinations) + " ms");
                steps.forEach(step -> System.out.println("figures:   " + step));
                assertThat(caller.failures()).isEmpty();
                assertThat(caller.completed()).isEqualTo(caller.placed());
                assertThat(steps).allMatch(step -> step.owned() > 0);
            }
        } finally {
            destinations.forEach(AnsweringAgent::close);
        }
    }

    /** Waits until a hundred more calls have completed. */
    private static void awaitCalls(RoamingAgent caller) {
        int before = caller.completed();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> caller.completed() >= before + CALLS_PER_SECOND);
    }

    /** Takes a node into maintenance, waits until nothing is under way there, and ends maintenance. */
    private static void maintain(ClusterNodes cluster, int node, RoamingAgent caller) {
        long beganMs = nowMs();
        int movedBefore = refusedCalls(caller);
        JsonNode begun = cluster.post(node, "/dispatcher/maintenance/on", "{\"why\":\"kernel\"}");
        assertThat(begun.path("takingNodes")).hasSize(2);
        JsonNode idle = Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> cluster.get(node, "/dispatcher/maintenance"),
                        one -> one.path("done").asBoolean());
        long idleMs = nowMs() - beganMs;
        assertThat(idle.path("openCalls").asInt()).isZero();
        assertThat(cluster.get(node, "/ready").path("reasons").get(0).asText())
                .startsWith("maintenance: ordered by ann@");
        awaitCalls(caller);
        int moved = refusedCalls(caller) - movedBefore;
        assertThat(moved).isPositive();
        JsonNode back = cluster.post(node, "/dispatcher/maintenance/off", "{}");
        assertThat(back.path("maintenance").asBoolean()).isFalse();
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> cluster.get(node, "/dispatcher/maintenance")
                                .path("openCalls")
                                .asInt()
                        > 0);
        System.out.println("figures:   maintenance of node " + node + ": "
                + begun.path("openCalls").asInt() + " calls, none left after " + idleMs + " ms, " + moved
                + " INVITEs refused");
        awaitReady(cluster, node);
        // The others learn it from the replicas a moment later.
        for (int i = 0; i < 3; i++) {
            int other = i;
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> cluster.get(other, "/dispatcher/maintenance")
                                    .path("takingNodes")
                                    .size()
                            == 3);
        }
    }

    private static int refusedCalls(RoamingAgent caller) {
        return caller.moves().getOrDefault("INVITE 503", 0);
    }

    private static Step restart(ClusterNodes cluster, int node, List<AnsweringAgent> destinations) {
        String host = ClusterNodes.host(node);
        List<AnsweringAgent> owned =
                destinations.stream().filter(one -> isLastPingedBy(one, host)).toList();
        long beganMs = nowMs();
        cluster.node(node).terminate();
        cluster.node(node).awaitEnd();
        long exitMs = nowMs() - beganMs;
        List<Long> taken = new ArrayList<>();
        for (AnsweringAgent one : owned) {
            taken.add(Awaitility.await()
                    .atMost(Duration.ofSeconds(15))
                    .until(() -> firstElsewhere(one, host, beganMs), first -> first >= 0));
        }
        cluster.restart(node);
        awaitReady(cluster, node);
        cluster.awaitMembers(3);
        // No other node is stopped before this one owns destinations.
        awaitPart(destinations, host);
        long readyMs = nowMs() - beganMs - exitMs;
        taken.sort(null);
        return new Step(
                taken.isEmpty() ? -1 : taken.get(0),
                taken.isEmpty() ? -1 : taken.get(taken.size() - 1),
                exitMs,
                readyMs,
                owned.size());
    }

    private static void awaitPart(List<AnsweringAgent> destinations, String host) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> destinations.stream().anyMatch(one -> isLastPingedBy(one, host)));
    }

    private static void awaitReady(ClusterNodes cluster, int node) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    JsonNode ready = cluster.get(node, "/dispatcher/ready");
                    return ready.path("ready").asBoolean();
                });
    }

    private static boolean isLastPingedBy(AnsweringAgent one, String host) {
        List<AnsweringAgent.Ping> pings = one.pings();
        return !pings.isEmpty() && isFrom(pings.get(pings.size() - 1), host);
    }

    private static long firstElsewhere(AnsweringAgent one, String host, long sinceMs) {
        return one.pings().stream()
                .filter(ping -> ping.atMs() >= sinceMs && !isFrom(ping, host))
                .mapToLong(ping -> ping.atMs() - sinceMs)
                .findFirst()
                .orElse(-1);
    }

    private static boolean isFrom(AnsweringAgent.Ping ping, String host) {
        return ping.from().equals(host);
    }

    private static long longestGapMs(List<AnsweringAgent> destinations) {
        long longest = 0;
        for (AnsweringAgent one : destinations) {
            List<AnsweringAgent.Ping> pings = one.pings();
            for (int i = 1; i < pings.size(); i++) {
                longest =
                        Math.max(longest, pings.get(i).atMs() - pings.get(i - 1).atMs());
            }
        }
        return longest;
    }

    private static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }
}
