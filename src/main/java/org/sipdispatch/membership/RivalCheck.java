package org.sipdispatch.membership;

import java.util.function.Predicate;

/**
 * Whether another cluster has been founded while this node stood still: another node may have seen no sign of life in the
 * database. Pure; time in nanoseconds of a clock that never goes back.
 */
final class RivalCheck {
    /** What is known. */
    enum Step {
        /** Not enough is known yet. */
        WAIT,
        /** No other cluster lives. */
        NONE,
        /** Another one lives. */
        SUPERSEDED
    }

    private final Predicate<String> isOurs;
    private final long silenceNanos;
    private Arbiter.Sighting first;
    private long sinceNanos;

    /**
     * Knows nothing yet.
     *
     * @param isOurs whether the database calls a node of this cluster so
     * @param silenceNanos how long a living cluster may give no sign of life
     */
    RivalCheck(Predicate<String> isOurs, long silenceNanos) {
        this.isOurs = isOurs;
        this.silenceNanos = silenceNanos;
    }

    /** The database was asked; after anything but {@link Step#WAIT} the check begins anew. */
    Step after(Arbiter.Sighting seen, long nowNanos) {
        Step step = step(seen, nowNanos);
        if (step != Step.WAIT) {
            first = null;
        }
        return step;
    }

    private Step step(Arbiter.Sighting seen, long nowNanos) {
        boolean silent = seen.answer() == Arbiter.Answer.SILENT;
        if (!silent && (seen.answer() == Arbiter.Answer.NO || isOurs.test(seen.owner()))) {
            return Step.NONE;
        }
        if (first == null || first.answer() != seen.answer() || !first.owner().equals(seen.owner())) {
            first = seen;
            sinceNanos = nowNanos;
            return Step.WAIT;
        }
        if (!silent && seen.beat() != first.beat()) {
            return Step.SUPERSEDED;
        }
        return nowNanos - sinceNanos > silenceNanos ? Step.NONE : Step.WAIT;
    }
}
