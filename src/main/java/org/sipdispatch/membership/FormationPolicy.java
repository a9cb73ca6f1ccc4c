package org.sipdispatch.membership;

/**
 * Whether a node that nobody lets in may found a cluster. It may when the sign of life in the database has not changed
 * for a while; the lower seed nodes first, so that one founds and the others find it. Where the database is silent only
 * the first seed node may, and only when its process just started: one that was cut off would make a second cluster.
 * Pure; time in milliseconds of a clock that never goes back.
 */
final class FormationPolicy {
    private static final long PER_RANK_MS = 1_500;
    private static final long NEVER_SEEN_MS = 1_000;
    private static final long BLIND_MS = 10_000;

    /** What to do. */
    enum Step {
        WAIT,
        /** Take the sign of life over, then found. */
        TAKE,
        /** Found without asking anybody. */
        FOUND
    }

    private final int rank;
    private final boolean fresh;
    private final long stillMs;
    private long firstMs = -1;
    private long changedMs;
    private Arbiter.Sighting last;

    /**
     * Begins to look.
     *
     * @param rank the node's place among the seed nodes, from 0
     * @param stillMs how long a living cluster may give no sign of life, in milliseconds
     */
    FormationPolicy(int rank, boolean fresh, long stillMs) {
        this.rank = rank;
        this.fresh = fresh;
        this.stillMs = stillMs;
    }

    /** Another node has answered that it is part of a cluster: this node joins that one, however silent the database is. */
    void clusterAnswered() {
        firstMs = -1;
        last = null;
    }

    Step after(Arbiter.Sighting seen, long nowMs) {
        if (firstMs < 0) {
            firstMs = nowMs;
        }
        if (seen.answer() == Arbiter.Answer.SILENT) {
            last = null;
            boolean first = rank == 0 && fresh && nowMs - firstMs >= BLIND_MS;
            return first ? Step.FOUND : Step.WAIT;
        }
        if (last == null || !last.equals(seen)) {
            last = seen;
            changedMs = nowMs;
        }
        boolean never = seen.answer() == Arbiter.Answer.NO;
        long patience = (never ? NEVER_SEEN_MS : stillMs) + rank * PER_RANK_MS;
        return nowMs - changedMs >= patience ? Step.TAKE : Step.WAIT;
    }
}
