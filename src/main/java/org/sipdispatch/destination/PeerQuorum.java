package org.sipdispatch.destination;

import java.util.ArrayList;
import java.util.List;

/**
 * The results of other nodes before a destination is taken out, because the cause of silence may be this node's own
 * path. Immutable.
 *
 * @param asked how many nodes were asked
 * @param agree how many of them must have failed too, if that many answer
 * @param results the results received so far
 * @param timeUp whether the time limit has passed
 */
record PeerQuorum(int asked, int agree, List<PeerProbeResult> results, boolean timeUp) {
    enum Agreement {
        /** More results may change it. */
        OPEN,
        /** Other nodes fail too. */
        AGREED,
        /** Other nodes reach the destination. */
        DISPUTED,
        /** No other node has a result: this node decides. */
        ALONE
    }

    static PeerQuorum of(int asked, int agree) {
        return new PeerQuorum(asked, agree, List.of(), false);
    }

    PeerQuorum with(PeerProbeResult opinion) {
        List<PeerProbeResult> more = new ArrayList<>(results);
        more.add(opinion);
        return new PeerQuorum(asked, agree, List.copyOf(more), timeUp);
    }

    PeerQuorum closed() {
        return new PeerQuorum(asked, agree, results, true);
    }

    /** The result of the node whose traffic showed the failure does not count; {@code reporter} is empty for none. */
    Agreement agreement(HealthThresholds limits, String reporter) {
        int failed = 0;
        int answering = 0;
        for (PeerProbeResult opinion : results) {
            ProbeOutcome evidence = opinion.node().equals(reporter) ? ProbeOutcome.NONE : limits.evidence(opinion);
            answering += evidence == ProbeOutcome.NONE ? 0 : 1;
            failed += evidence == ProbeOutcome.BAD ? 1 : 0;
        }
        if (failed >= agree && failed > 0) {
            return Agreement.AGREED;
        }
        if (!timeUp && results.size() < asked) {
            return Agreement.OPEN;
        }
        if (answering == 0) {
            return Agreement.ALONE;
        }
        return failed >= Math.min(agree, answering) ? Agreement.AGREED : Agreement.DISPUTED;
    }
}
