package org.sipdispatch.pauses;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The results of calls while some nodes were paused. */
public final class CallsInPauses {
    /** How long a resumed node may refuse calls until it has rejoined the cluster. */
    private static final long RECOVERY_NS = 30_000_000_000L;

    /** A call through a node; {@code failure} is empty if it completed. */
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

    /** Refused with 503 by a node that was paused during the call or just before. */
    public int refused() {
        return refused;
    }

    /** Without a response from a node that was paused during the call. */
    public int lost() {
        return lost;
    }

    /** All other failed calls. */
    public List<Placed> wrong() {
        return wrong;
    }
}
