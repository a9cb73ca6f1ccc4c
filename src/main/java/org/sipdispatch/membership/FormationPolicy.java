package org.sipdispatch.membership;

/**
 * Whether a node that no other node lets join may form a cluster. It may when the heartbeat in the database has not
 * changed for a while; lower seed nodes wait less, so that one node forms the cluster and the others find it. The time
 * is shorter if all other seed nodes answer that they are in no cluster. A node that no other one answers, and that has
 * left a cluster, does not wait for lower ones. If the database does not answer, only the first seed node may, and only
 * in the first session of its process or if all other seed nodes answer that they are in no cluster: a node that was
 * cut off would form a second cluster. Pure; time in milliseconds of a monotonic clock.
 */
final class FormationPolicy {
    private static final long PER_RANK_MS = 1_500;
    private static final long NEVER_SEEN_MS = 1_000;
    private static final long BLIND_MS = 10_000;

    enum FormationStep {
        WAIT,
        /** Take the heartbeat over, then form the cluster. */
        TAKE,
        /** Form the cluster without the database. */
        FOUND
    }

    /** What the other seed nodes have lately answered. */
    enum OtherSeeds {
        SILENT,
        SOME_ANSWER,
        /** All have answered that they are in no cluster. */
        ALL_OUTSIDE;

        static OtherSeeds of(int answering, int outside, int all) {
            if (all > 0 && outside >= all) {
                return ALL_OUTSIDE;
            }
            return answering > 0 ? SOME_ANSWER : SILENT;
        }
    }

    private final int rank;
    private final boolean fresh;
    private final long stillMs;
    private final long outsideStillMs;
    private long firstMs = -1;
    private long changedMs;
    private Arbiter.Heartbeat last;

    /**
     * Starts the observation.
     *
     * @param rank the node's index among the seed nodes, from 0
     * @param stillMs how long a live cluster may write no heartbeat, in milliseconds
     * @param answersMs how old the answers of other nodes may be, in milliseconds. If all nodes were in no cluster after
     *     the last heartbeat, there is none: the node that forms one changes the heartbeat
     */
    FormationPolicy(int rank, boolean fresh, long stillMs, long answersMs) {
        this.rank = rank;
        this.fresh = fresh;
        this.stillMs = stillMs;
        outsideStillMs = Math.min(stillMs, 2 * answersMs);
    }

    /**
     * Another node has answered that it is in a cluster: this node joins that cluster even if the heartbeat does not
     * change.
     */
    void clusterAnswered() {
        firstMs = -1;
        last = null;
    }

    FormationStep after(Arbiter.Heartbeat seen, OtherSeeds others, long nowMs) {
        if (firstMs < 0) {
            firstMs = nowMs;
        }
        if (seen.result() == Arbiter.ClaimResult.SILENT) {
            last = null;
            boolean first = rank == 0 && (fresh || others == OtherSeeds.ALL_OUTSIDE) && nowMs - firstMs >= BLIND_MS;
            return first ? FormationStep.FOUND : FormationStep.WAIT;
        }
        if (last == null || !last.equals(seen)) {
            last = seen;
            changedMs = nowMs;
        }
        boolean never = seen.result() == Arbiter.ClaimResult.NO;
        // If two take the heartbeat over at the same time, one fails, and sees that it has changed.
        long turns = !fresh && others == OtherSeeds.SILENT ? 0 : rank;
        long still = others == OtherSeeds.ALL_OUTSIDE ? outsideStillMs : stillMs;
        long timeoutMs = (never ? NEVER_SEEN_MS : still) + turns * PER_RANK_MS;
        return nowMs - changedMs >= timeoutMs ? FormationStep.TAKE : FormationStep.WAIT;
    }
}
