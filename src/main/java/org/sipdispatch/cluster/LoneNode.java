package org.sipdispatch.cluster;

/**
 * Whether a node that is the only one of its cluster is still the cluster after a pause: another node may have seen no
 * sign of life in the database and founded a new one. Pure; time in nanoseconds of a clock that never goes back.
 */
final class LoneNode {
    /** What is known. */
    enum Step {
        /** Not enough is known yet. */
        WAIT,
        /** No other cluster lives. */
        CONFIRMED,
        /** Another one lives. */
        SUPERSEDED
    }

    private final String self;
    private final long silenceNanos;
    private Witness.Sighting first;
    private long sinceNanos;

    /**
     * Knows nothing yet.
     *
     * @param self what the database calls this node
     * @param silenceNanos how long a living cluster may give no sign of life
     */
    LoneNode(String self, long silenceNanos) {
        this.self = self;
        this.silenceNanos = silenceNanos;
    }

    /** The database was asked. Where it is silent nobody else can have founded a cluster by it. */
    Step after(Witness.Sighting seen, long nowNanos) {
        boolean own = seen.answer() != Witness.Answer.YES || seen.owner().equals(self);
        Step step;
        if (own) {
            step = Step.CONFIRMED;
        } else if (first == null || !first.owner().equals(seen.owner())) {
            first = seen;
            sinceNanos = nowNanos;
            return Step.WAIT;
        } else if (seen.beat() != first.beat()) {
            step = Step.SUPERSEDED;
        } else if (nowNanos - sinceNanos > silenceNanos) {
            step = Step.CONFIRMED;
        } else {
            return Step.WAIT;
        }
        first = null;
        return step;
    }
}
