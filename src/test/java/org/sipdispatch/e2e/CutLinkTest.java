package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.CallingAgent;

/** Real nodes, two of which do not receive each other's messages while each reaches all destinations. */
class CutLinkTest {
    private static final Duration LONGEST = Duration.ofSeconds(40);
    private static final long SECOND_NS = 1_000_000_000L;
    private static final String MORE = """
            probing { ds_ping_interval = 1s, ds_probing_mode = 1, ping-timeout = 500ms }
            rules = [ { select { set = "1", alg = "4" } } ]
            """;
    private static final String OUT = "this node was removed from the cluster";

    @Test
    @Tag("long")
    void ofTwoNodesExactlyOneGoesOnWhateverTheDatabaseSays() throws Exception {
        try (CutScene scene = CutScene.start("two_cut_long", 2, MORE)) {
            cut("the database at hand", scene, 20);
            cut("the database at hand, again", scene, 20);
            scene.database().cut();
            int stays = cut("no database", scene, 20);
            assertThat(stays).isZero();
        }
    }

    /** Cuts the link while both nodes carry calls, and returns the node that stayed. */
    private static int cut(String what, CutScene scene, int seconds) throws Exception {
        try (CallingAgent first =
                        CallingAgent.start(scene.caller(), scene.cluster().sip(0), 20);
                CallingAgent second =
                        CallingAgent.start(scene.caller(), scene.cluster().sip(1), 20)) {
            Awaitility.await().atMost(LONGEST).until(() -> first.completed() > 20 && second.completed() > 20);
            String[] before = {
                scene.cluster().node(0).log(), scene.cluster().node(1).log()
            };
            long cutNs = System.nanoTime();
            scene.network().part(0, 1);
            Awaitility.await().atMost(LONGEST).until(() -> System.nanoTime() - cutNs > seconds * SECOND_NS);
            Awaitility.await()
                    .atMost(LONGEST)
                    .until(() -> outs(scene, before).size() == 1
                            && probers(scene, System.nanoTime()).size() == 1);
            Set<Integer> out = outs(scene, before);
            int stays = out.contains(0) ? 1 : 0;
            long probesAllNs = Collections.max(scene.destinations()
                    .firstPings(scene.network().host(stays), cutNs)
                    .values());
            long healedNs = System.nanoTime();
            Set<String> probers = probers(scene, healedNs);
            scene.network().join(0, 1);
            scene.cluster().awaitMembers(2);
            long backNs = System.nanoTime();
            scene.awaitEqualViews();
            long equalNs = System.nanoTime();
            first.finish();
            second.finish();

            System.out.printf(
                    "figures: link cut for %d ms, %s: out %s, node %d probes all after %d ms, probers then %s, doubled"
                            + " %d; after healing: both up %d ms, views equal %d ms; calls %d and %d, failed %d and"
                            + " %d%n",
                    ms(cutNs, healedNs),
                    what,
                    out,
                    stays,
                    ms(cutNs, probesAllNs),
                    probers,
                    scene.destinations().doubles(cutNs, healedNs),
                    ms(healedNs, backNs),
                    ms(healedNs, equalNs),
                    first.placed(),
                    second.placed(),
                    first.failures().size(),
                    second.failures().size());
            assertThat(out).hasSize(1);
            assertThat(scene.destinations().firstPings(scene.network().host(stays), cutNs))
                    .hasSize(CutScene.DESTINATIONS);
            assertThat(probers).containsExactly(scene.network().host(stays));
            assertThat(first.failures()).isEmpty();
            assertThat(second.failures()).isEmpty();
            return stays;
        }
    }

    /** The nodes that have left the cluster since. */
    private static Set<Integer> outs(CutScene scene, String[] before) {
        Set<Integer> out = new HashSet<>();
        for (int node = 0; node < before.length; node++) {
            if (scene.cluster()
                    .node(node)
                    .log()
                    .substring(before[node].length())
                    .contains(OUT)) {
                out.add(node);
            }
        }
        return out;
    }

    /** The nodes that pinged any destination in the last three seconds. */
    private static Set<String> probers(CutScene scene, long untilNs) {
        Set<String> probers = new HashSet<>();
        scene.destinations().probers(untilNs - 3 * SECOND_NS, untilNs).values().forEach(probers::addAll);
        return probers;
    }

    @Test
    @Tag("long")
    void ofThreeNodesTheThirdProbesAllWhileTwoDoNotReachEachOther() throws Exception {
        try (CutScene scene = CutScene.start("one_link", 3, MORE);
                CallingAgent first =
                        CallingAgent.start(scene.caller(), scene.cluster().sip(0), 20);
                CallingAgent third =
                        CallingAgent.start(scene.caller(), scene.cluster().sip(2), 20)) {
            Awaitility.await().atMost(LONGEST).until(() -> first.completed() > 20 && third.completed() > 20);
            long cutNs = System.nanoTime();
            scene.network().part(0, 1);
            Awaitility.await().atMost(LONGEST).until(() -> System.nanoTime() - cutNs > 20 * SECOND_NS);
            long healedNs = System.nanoTime();
            scene.network().join(0, 1);
            scene.cluster().awaitMembers(3);
            long backNs = System.nanoTime();
            scene.awaitEqualViews();
            first.finish();
            third.finish();

            System.out.printf(
                    "figures: one link of three cut for %d ms: longest gap between pings %d ms, doubled %d, outs %d %d"
                            + " %d; all up %d ms after healing; calls %d and %d, failed %d and %d%n",
                    ms(cutNs, healedNs),
                    scene.destinations().longestGapNs(cutNs, healedNs) / 1_000_000,
                    scene.destinations().doubles(cutNs, healedNs),
                    outs(scene, 0),
                    outs(scene, 1),
                    outs(scene, 2),
                    ms(healedNs, backNs),
                    first.placed(),
                    third.placed(),
                    first.failures().size(),
                    third.failures().size());
            assertThat(outs(scene, 2)).isZero();
            assertThat(first.failures()).isEmpty();
            assertThat(third.failures()).isEmpty();
        }
    }

    private static long outs(CutScene scene, int node) {
        return scene.cluster()
                .node(node)
                .log()
                .lines()
                .filter(line -> line.contains(OUT))
                .count();
    }

    private static long ms(long fromNs, long toNs) {
        return (toNs - fromNs) / 1_000_000;
    }
}
