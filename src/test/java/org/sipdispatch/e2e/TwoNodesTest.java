package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.CallingAgent;
import org.sipdispatch.database.EmbeddedPostgres;

/** Two real nodes, either of which may die at any time. */
class TwoNodesTest {
    private static final String MORE = """
            probing { ds_ping_interval = 1s, ds_probing_mode = 1, ping-timeout = 500ms }
            rules = [ { select { set = "1", alg = "4" } } ]
            """;
    private static final Duration ON_A_BUSY_HOST = Duration.ofSeconds(20);
    private static final Duration LONGEST = Duration.ofSeconds(40);
    /** How long calls continue after the survivor probes all destinations. */
    private static final long WATCH_MS = 2000;

    @Test
    @Tag("long")
    void eachOfThemMayDieAgainAndAgain() throws Exception {
        try (WatchedDestinations destinations = destinations();
                ClusterNodes cluster = start("two_many_kills", destinations)) {
            for (int round = 0; round < 6; round++) {
                int victim = List.of(0, 0, 1, 1, 0, 1).get(round);
                killed("round " + round, cluster, destinations, victim, Duration.ofSeconds(5));
                cluster.restart(victim);
                cluster.awaitMembers(2);
            }
        }
    }

    /** Akka closes its connections and waits until the other node closes them too, which a paused node does not. */
    @Test
    @Tag("long")
    void aNodeStopsBesideAPausedOne() {
        try (WatchedDestinations destinations = destinations();
                ClusterNodes cluster = start("two_stop", destinations)) {
            cluster.pause(1);
            long beganNs = System.nanoTime();
            cluster.node(0).terminate();
            cluster.node(0).awaitEnd();
            long took = ms(beganNs, System.nanoTime());

            System.out.printf("figures: stopped after %d ms beside a paused node%n", took);
            assertThat(cluster.node(0).log()).contains("stopped:");
            assertThat(Duration.ofMillis(took)).isLessThan(ON_A_BUSY_HOST);
        }
    }

    @Test
    @Tag("long")
    void theSecondAloneFoundsTheClusterAnewWhenBothHaveDied() {
        try (WatchedDestinations destinations = destinations();
                ClusterNodes cluster = start("two_lone", destinations)) {
            cluster.kill(0);
            cluster.kill(1);
            long beganNs = System.nanoTime();
            cluster.restart(1);
            long listeningNs = System.nanoTime();
            cluster.awaitMembers(1);
            long foundedNs = System.nanoTime();
            awaitProbed(destinations, ClusterNodes.host(1), beganNs);

            System.out.printf(
                    "figures: both killed, the second restarted alone: listening after %d ms, a cluster after %d ms%n",
                    ms(beganNs, listeningNs), ms(beganNs, foundedNs));

            cluster.restart(0);
            cluster.awaitMembers(2);
        }
    }

    private static WatchedDestinations destinations() {
        return new WatchedDestinations(Collections.nCopies(8, "127.0.0.1"));
    }

    private static ClusterNodes start(String database, WatchedDestinations destinations) {
        String url = EmbeddedPostgres.jdbcUrl(database);
        ClusterNodes.table(url, "setid, destination", destinations.rows());
        return ClusterNodes.start(new ClusterNodes.Plan(2, url, MORE));
    }

    /** Kills one node while the other carries calls. */
    private static void killed(
            String what, ClusterNodes cluster, WatchedDestinations destinations, int victim, Duration most)
            throws Exception {
        int survivor = 1 - victim;
        String logBefore = cluster.node(survivor).log();
        try (CallingAgent caller = CallingAgent.start("127.0.0.1", cluster.sip(survivor), 50)) {
            Awaitility.await().until(() -> caller.completed() > 20);
            long killedAtMs = System.currentTimeMillis();
            long killedNs = System.nanoTime();
            cluster.kill(victim);
            long lastNs = awaitProbed(destinations, ClusterNodes.host(survivor), killedNs);
            Awaitility.await().atMost(LONGEST).until(() -> ms(lastNs, System.nanoTime()) > WATCH_MS);
            caller.finish();

            String log = cluster.node(survivor).log().substring(logBefore.length());
            System.out.printf(
                    "figures: killed %s: unreachable after %d ms, out after %d ms, the survivor probes all after %d ms;"
                            + " %d calls, %d failed, %d repeated%n",
                    what,
                    LogLines.firstMs(log, "as UNREACHABLE", killedAtMs),
                    LogLines.firstMs(log, "this side", killedAtMs),
                    ms(killedNs, lastNs),
                    caller.placed(),
                    caller.failures().size(),
                    caller.repeated());
            assertThat(caller.failures()).isEmpty();
            assertThat(Duration.ofNanos(lastNs - killedNs)).isLessThan(most);
            assertThat(log)
                    .doesNotContain("this node was removed from the cluster")
                    .doesNotContain("join the other");
            cluster.awaitMembers(1);
        }
    }

    /** The time since then at which that node had pinged all destinations. */
    private static long awaitProbed(WatchedDestinations destinations, String by, long sinceNs) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(20))
                .atMost(LONGEST)
                .untilAsserted(
                        () -> assertThat(destinations.firstPings(by, sinceNs)).hasSize(destinations.size()));
        return Collections.max(destinations.firstPings(by, sinceNs).values());
    }

    private static long ms(long fromNs, long toNs) {
        return (toNs - fromNs) / 1_000_000;
    }
}
