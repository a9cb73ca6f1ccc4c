package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sipdispatch.pauses.CallsInPauses;
import org.sipdispatch.pauses.HeldInvites;
import org.sipdispatch.pauses.RecordedOrder;

/**
 * The owner of a destination is paused under load, and the other nodes take the destination out of rotation. After it
 * resumes, the owner must not send calls there.
 */
final class WokenNode {
    private static final int CALLS_PER_SECOND = 50;
    private static final long HOLD_MS = 500;
    private static final long WATCH_MS = 10_000;
    private static final int[] EDGES_MS = {50, 100, 200, 500, 1000, 2000, 4000};

    private WokenNode() {}

    /** Leaves the destination on hold. */
    static void check(PauseScene scene, long pauseMs) throws Exception {
        OrderGiver giver = new OrderGiver(scene.cluster());
        int owner = scene.owner(0);
        int other = (owner + 1) % scene.nodes();
        String id = scene.destinations().id(0);
        scene.call(List.of(0, 1, 2), CALLS_PER_SECOND);
        long pausedNs = System.nanoTime();
        scene.pause(owner);
        PauseScene.awaitMs(pausedNs, HOLD_MS);
        RecordedOrder hold = giver.give(other, id, RecordedOrder.Kind.HOLD).join();
        assertThat(hold.outcome()).as("%s", hold).isEqualTo(RecordedOrder.Outcome.OK);
        PauseScene.awaitMs(pausedNs, pauseMs);
        try (ReadyRecord ready = ReadyRecord.start(scene.cluster(), owner)) {
            long resumedNs = scene.resume(owner);
            PauseScene.awaitMs(resumedNs, WATCH_MS);
            scene.hangUp();

            List<HeldInvites.Wrong> toHeld = HeldInvites.of(scene.invites(), giver.answered(), scene.pauses());
            CallsInPauses calls = new CallsInPauses(scene.calls(), scene.nodes(), scene.pauses());
            tell(owner, pauseMs, hold, toHeld, calls, ready.description(resumedNs));
            assertThat(toHeld).filteredOn(HeldInvites.Wrong::isTooLate).isEmpty();
            assertThat(calls.lateRefusals()).isEmpty();
            assertThat(calls.wrong()).isEmpty();
        }
    }

    private static List<HeldInvites.Wrong> ofNode(List<HeldInvites.Wrong> all, int node, boolean itself) {
        return all.stream()
                .filter(wrong -> wrong.invite().node() == node == itself)
                .toList();
    }

    private static void tell(
            int owner,
            long pauseMs,
            RecordedOrder hold,
            List<HeldInvites.Wrong> toHeld,
            CallsInPauses calls,
            String ready) {
        System.out.printf(
                "figures: node %d paused for %d ms, hold answered after %d ms: INVITEs of it to the held destination by"
                        + " ms after it went on: %s, of the others %d; it was %s; calls: %d good, %d refused, %d lost,"
                        + " %d otherwise%n",
                owner + 1,
                pauseMs,
                (hold.answeredNs() - hold.invokedNs()) / 1_000_000,
                byTime(ofNode(toHeld, owner, true)),
                ofNode(toHeld, owner, false).size(),
                ready,
                calls.good(),
                calls.refused(),
                calls.lost(),
                calls.wrong().size());
    }

    /** The number of calls up to each of these delays. */
    private static Map<String, Integer> byTime(List<HeldInvites.Wrong> all) {
        Map<String, Integer> counts = new TreeMap<>();
        for (HeldInvites.Wrong wrong : all) {
            long ms = wrong.afterResumeNs() / 1_000_000;
            int below = 0;
            String label = "later";
            for (int edge : EDGES_MS) {
                label = ms >= below && ms < edge ? "%04d-%04d".formatted(below, edge) : label;
                below = edge;
            }
            counts.merge(label, 1, Integer::sum);
        }
        return counts;
    }
}
