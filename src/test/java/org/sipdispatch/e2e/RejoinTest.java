package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.CallingAgent;

/** A node that is downed during its start, because it or all others are paused, and joins again. */
class RejoinTest {
    private static final int NODES = 3;
    private static final int VICTIM = 2;
    private static final List<Integer> OTHERS = List.of(0, 1);
    private static final int MOST_ATTEMPTS = 8;
    /** After the node is first seen as a member, it waits for different things at these times. */
    private static final int[] PAUSED_AFTER_MS = {0, 0, 100, 300};

    private static final long SOON_MS = 5000;
    private static final Duration LONGEST = Duration.ofSeconds(90);

    @Test
    @Tag("long")
    void aNodeThatWasTakenOutWhileItStartedTakesCallsSoonAfterItIsBack() throws Exception {
        List<Long> slow = new ArrayList<>();
        try (PauseScene scene = PauseScene.start("rejoin", NODES)) {
            scene.call(List.of(0, 1), 50);
            for (int afterMs : PAUSED_AFTER_MS) {
                scene.awaitStable();
                long ms = callsAfterMs(scene, afterMs);
                if (ms > SOON_MS) {
                    slow.add(ms);
                }
            }
            scene.hangUp();
            assertThat(scene.calls()).allMatch(call -> call.failure().isEmpty());
        }
        assertThat(slow).as("how long after it was back it took calls").isEmpty();
    }

    /** The data from the others does not arrive before the node leaves the cluster. */
    @Test
    @Tag("long")
    void aNodeWhosePeersWerePausedWhileItStartedTakesCallsSoonAfterItIsBack() throws Exception {
        try (PauseScene scene = PauseScene.start("rejoin", NODES)) {
            ClusterNodes cluster = scene.cluster();
            pausedAtItsStart(scene, OTHERS, VICTIM, 0);
            await(() -> cluster.node(VICTIM).log().contains("this node was removed from the cluster"));
            OTHERS.forEach(scene::resume);
            long resumedNs = System.nanoTime();
            try (ReadyRecord ready = ReadyRecord.start(cluster, VICTIM);
                    CallingAgent caller = CallingAgent.start("127.0.0.1", cluster.sip(VICTIM), 20)) {
                long ms = tell("its peers were paused", scene, caller, ready, resumedNs, VICTIM);
                assertThat(ms).isLessThan(SOON_MS);
            }
        }
    }

    private static long tell(
            String what, PauseScene scene, CallingAgent caller, ReadyRecord ready, long resumedNs, int seenBy) {
        await(() -> isMember(scene.cluster(), seenBy, status -> status.equals("Up")));
        long backNs = System.nanoTime();
        await(() -> caller.completed() > 0);
        long callsNs = System.nanoTime();
        await(() -> ready.readyForGoodNs(resumedNs) > 0);

        System.out.printf(
                "figures: taken out while it started, %s: back after %d ms, takes calls %d ms later, %s%n",
                what, ms(backNs - resumedNs), ms(callsNs - backNs), ready.description(resumedNs));
        return Math.max(ms(callsNs - backNs), ms(ready.readyForGoodNs(resumedNs) - backNs));
    }

    private static long callsAfterMs(PauseScene scene, int afterMs) throws IOException {
        ClusterNodes cluster = scene.cluster();
        pausedAtItsStart(scene, List.of(VICTIM), 0, afterMs);
        await(() -> !isMember(cluster, 0, any -> true) && !isMember(cluster, 1, any -> true));
        try (ReadyRecord ready = ReadyRecord.start(cluster, VICTIM);
                CallingAgent caller = CallingAgent.start("127.0.0.1", cluster.sip(VICTIM), 20)) {
            long resumedNs = scene.resume(VICTIM);
            return tell("stopped " + afterMs + " ms after others saw it", scene, caller, ready, resumedNs, 0);
        }
    }

    /**
     * Kills and restarts the node until nodes are paused while it is a member and does not listen yet.
     *
     * @param seenBy the node that must know of the membership: a node that has not been told yet is not removed
     */
    private static void pausedAtItsStart(PauseScene scene, List<Integer> whom, int seenBy, int afterMs) {
        ClusterNodes cluster = scene.cluster();
        for (int i = 0; i < MOST_ATTEMPTS; i++) {
            cluster.kill(VICTIM);
            await(() -> !isMember(cluster, 0, any -> true));
            cluster.beginAgain(VICTIM);
            await(() -> isMember(cluster, seenBy, any -> true));
            PauseScene.awaitMs(System.nanoTime(), afterMs);
            whom.forEach(scene::pause);
            if (!cluster.node(VICTIM).log().contains("listening on")) {
                return;
            }
            whom.forEach(scene::resume);
            scene.awaitStable();
        }
        throw new AssertionError("it always listened already when it was stopped");
    }

    private static boolean isMember(ClusterNodes cluster, int seenBy, Predicate<String> status) {
        try {
            String host = "@" + ClusterNodes.host(VICTIM) + ":";
            for (JsonNode member : cluster.get(seenBy, "/cluster/members").path("members")) {
                if (member.path("node").asText().contains(host)
                        && status.test(member.path("status").asText())) {
                    return true;
                }
            }
            return false;
        } catch (UncheckedIOException e) {
            // The node does not answer yet.
            return false;
        }
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .atMost(LONGEST)
                .until(condition);
    }

    private static long ms(long nanos) {
        return nanos / 1_000_000;
    }
}
