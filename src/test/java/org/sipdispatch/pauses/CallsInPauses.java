package org.sipdispatch.pauses;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What became of calls through nodes of which some were paused. */
public final class CallsInPauses {
    /** How long a node that was paused may refuse calls until it is in the cluster again. */
    private static final long RECOVERY_NS = 30_000_000_000L;

    /** A call through a node; {@code failure} is empty if it came to a good end. */
    public record Placed(int node, long beganNs, long endedNs, String failure) {
        @Override
        public String toString() {
            return "%d ms through node %d: %s".formatted((endedNs - beganNs) / 1_000_000, node + 1, failure);
        }
    }

    private final List<Placed> wrong = new ArrayList<>();
    private int good;
    private int refused;
    private int lost;

    public CallsInPauses(Collection<Placed> calls, Collection<Pause> pauses) {
        calls.forEach(call -> sort(call, pauses));
    }

    private void sort(Placed call, Collection<Pause> pauses) {
        boolean inPause = pauses.stream().anyMatch(pause -> pause.meets(call.node(), call.beganNs(), call.endedNs()));
        boolean justAfter = pauses.stream()
                .anyMatch(pause -> pause.node() == call.node()
                        && call.beganNs() >= pause.toNs()
                        && call.beganNs() - pause.toNs() < RECOVERY_NS);
        if (call.failure().isEmpty()) {
            good++;
        } else if ((inPause || justAfter) && call.failure().contains(" 503")) {
            refused++;
        } else if (inPause && call.failure().contains("no answer")) {
            lost++;
        } else {
            wrong.add(call);
        }
    }

    public int good() {
        return good;
    }

    /** With 503 by a node that was paused meanwhile or just before. */
    public int refused() {
        return refused;
    }

    /** Without an answer, by a node that was paused meanwhile. */
    public int lost() {
        return lost;
    }

    /** All others that failed. */
    public List<Placed> wrong() {
        return wrong;
    }
}
