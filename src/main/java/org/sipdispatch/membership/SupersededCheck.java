package org.sipdispatch.membership;

import java.util.function.Predicate;

/**
 * Whether another cluster was formed during a pause of this node, because another node saw no heartbeat in the
 * database. That node may write its claim right after this node has read the heartbeat. So reading is not enough: this
 * node continues only after a conditional write, which makes the other node's write fail, or fails itself. Pure; time in
 * nanoseconds of a monotonic clock.
 */
final class SupersededCheck {
    enum OtherCluster {
        /** Not enough is known yet. */
        WAIT,
        /** No other cluster is alive so far: take the heartbeat over, then continue. */
        CLAIM,
        /** The database does not answer, so no other cluster could be formed. */
        NONE,
        /** Another cluster is alive. */
        SUPERSEDED
    }

    private final Predicate<String> isOurs;
    private final long silenceNanos;
    private Arbiter.Heartbeat first;
    private long sinceNanos;

    /**
     * Starts a check.
     *
     * @param isOurs whether an owner's name is that of a member of this cluster
     * @param silenceNanos how long a live cluster may write no heartbeat
     */
    SupersededCheck(Predicate<String> isOurs, long silenceNanos) {
        this.isOurs = isOurs;
        this.silenceNanos = silenceNanos;
    }

    /**
     * Evaluates the next answer of the database; after any result other than {@link OtherCluster#WAIT} the check starts
     * again.
     */
    OtherCluster after(Arbiter.Heartbeat seen, long nowNanos) {
        OtherCluster step = step(seen, nowNanos);
        if (step != OtherCluster.WAIT) {
            first = null;
        }
        return step;
    }

    private OtherCluster step(Arbiter.Heartbeat seen, long nowNanos) {
        boolean silent = seen.result() == Arbiter.ClaimResult.SILENT;
        if (!silent && (seen.result() == Arbiter.ClaimResult.NO || isOurs.test(seen.owner()))) {
            return OtherCluster.CLAIM;
        }
        if (first == null || first.result() != seen.result() || !first.owner().equals(seen.owner())) {
            first = seen;
            sinceNanos = nowNanos;
            return OtherCluster.WAIT;
        }
        if (!silent && seen.count() != first.count()) {
            return OtherCluster.SUPERSEDED;
        }
        if (nowNanos - sinceNanos <= silenceNanos) {
            return OtherCluster.WAIT;
        }
        return silent ? OtherCluster.NONE : OtherCluster.CLAIM;
    }
}
