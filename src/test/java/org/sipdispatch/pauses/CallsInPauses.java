package org.sipdispatch.pauses;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The results of calls while some nodes were paused. */
public final class CallsInPauses {
    /** The response of a node until the other nodes have confirmed its membership after a pause. */
    private static final String REFUSED = " 503 Rejoining The Cluster";

    /** A call through a node; {@code failure} is empty if it completed. */
    public record Placed(int node, long beganNs, long endedNs, String failure) {
        @Override
        public String toString() {
            return "%d ms through node %d: %s".formatted((endedNs - beganNs) / 1_000_000, node + 1, failure);
        }
    }

    /** The calls that a node refused later than allowed after a pause. */
    private static final class LateRefusals {
        private int count;
        private long lastNs;
    }

    private final RunningNodes running;
    private final RecoveryDeadlines deadlines;
    private final List<Placed> wrong = new ArrayList<>();
    private final Map<Pause, LateRefusals> late = new LinkedHashMap<>();
    private final Map<Integer, Integer> neverPaused = new LinkedHashMap<>();
    private int good;
    private int refused;
    private int lost;
    private long longestSingleNs;
    private long longestOverlappingNs;

    public CallsInPauses(Collection<Placed> calls, int nodes, Collection<Pause> pauses) {
        running = new RunningNodes(nodes, pauses);
        deadlines = new RecoveryDeadlines(running);
        calls.forEach(call -> sort(call, pauses));
    }

    private void sort(Placed call, Collection<Pause> pauses) {
        boolean inPause = pauses.stream().anyMatch(pause -> pause.meets(call.node(), call.beganNs(), call.endedNs()));
        if (call.failure().isEmpty()) {
            good++;
        } else if (call.failure().contains(REFUSED)) {
            refused++;
            checkRefusal(call, Pause.lastRunNs(pauses, call.node(), call.endedNs()));
        } else if (inPause && call.failure().contains("no answer")) {
            lost++;
        } else {
            wrong.add(call);
        }
    }

    private void checkRefusal(Placed call, long sentNs) {
        Pause pause = running.lastPause(call.node(), sentNs);
        if (pause == null) {
            neverPaused.merge(call.node(), 1, Integer::sum);
            return;
        }
        long afterNs = sentNs - pause.toNs();
        if (deadlines.isOverlapped(pause)) {
            longestOverlappingNs = Math.max(longestOverlappingNs, afterNs);
        } else {
            longestSingleNs = Math.max(longestSingleNs, afterNs);
        }
        if (sentNs > deadlines.after(pause)) {
            LateRefusals refusals = late.computeIfAbsent(pause, unused -> new LateRefusals());
            refusals.count++;
            refusals.lastNs = Math.max(refusals.lastNs, sentNs);
        }
    }

    public int good() {
        return good;
    }

    /** Refused with 503 by a node that was paused before. */
    public int refused() {
        return refused;
    }

    /** Without a response from a node that was paused during the call. */
    public int lost() {
        return lost;
    }

    /** The longest time from the end of a pause to a refusal if no other node was paused meanwhile. */
    public long longestSingleNs() {
        return longestSingleNs;
    }

    /** The longest time from the end of a pause to a refusal if pauses of several nodes overlapped. */
    public long longestOverlappingNs() {
        return longestOverlappingNs;
    }

    /** The calls that failed in another way. */
    public List<Placed> wrong() {
        return wrong;
    }

    /** The refusals that came too long after a pause, one line for each node and pause. */
    public List<String> lateRefusals() {
        List<String> lines = new ArrayList<>();
        neverPaused.forEach((node, count) ->
                lines.add("node %d refused %d calls and had not been paused".formatted(node + 1, count)));
        late.forEach((pause, refusals) -> lines.add(
                "node %d refused %d calls too late, the last one %d ms after it resumed (expected: within %d ms)%s"
                        .formatted(
                                pause.node() + 1,
                                refusals.count,
                                (refusals.lastNs - pause.toNs()) / 1_000_000,
                                (deadlines.after(pause) - pause.toNs()) / 1_000_000,
                                deadlines.isOverlapped(pause) ? "; pauses of several nodes overlapped" : "")));
        return lines;
    }
}
