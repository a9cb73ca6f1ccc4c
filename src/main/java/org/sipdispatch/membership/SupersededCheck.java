package org.sipdispatch.membership;

import java.util.HashSet;
import java.util.Set;

/**
 * Whether another cluster was formed during a pause of this node, because another node saw no heartbeat in the
 * database. It may have ended since, but orders that it has confirmed are in the journal. A node may also write its claim
 * right after this node has read the heartbeat. So reading is not enough: this node continues only after a conditional
 * write, which makes the other node's write fail, or fails itself. Pure; time in nanoseconds of a monotonic clock.
 */
final class SupersededCheck {
    enum OtherCluster {
        /** Not enough is known yet. */
        WAIT,
        /** No other cluster was formed so far: take the heartbeat over, then continue. */
        CLAIM,
        /** The database does not answer, so no other cluster could be formed. */
        NONE,
        /** Another cluster was formed. */
        SUPERSEDED
    }

    private final long silenceNanos;
    /**
     * Also those that have left: one of them may have been the last that wrote the heartbeat. A node that is only in the
     * gossip may not know that it was admitted, and may have formed another cluster since.
     */
    private final Set<String> members = new HashSet<>();

    private boolean silent;
    private long sinceNanos;

    /**
     * Creates a check of the node with this name.
     *
     * @param silenceNanos how long a database that does not answer is waited for
     */
    SupersededCheck(String self, long silenceNanos) {
        this.silenceNanos = silenceNanos;
        members.add(self);
    }

    /** The node with this name has answered that it and this node are members of the same cluster. */
    void memberAnswered(String name) {
        members.add(name);
    }

    boolean hasAnswered(String name) {
        return members.contains(name);
    }

    /**
     * Evaluates the next answer of the database; after any result other than {@link OtherCluster#WAIT} the check starts
     * again.
     */
    OtherCluster after(Arbiter.Heartbeat seen, long nowNanos) {
        OtherCluster result = result(seen, nowNanos);
        silent = result == OtherCluster.WAIT;
        return result;
    }

    private OtherCluster result(Arbiter.Heartbeat seen, long nowNanos) {
        if (seen.result() == Arbiter.ClaimResult.NO) {
            return OtherCluster.CLAIM;
        }
        if (seen.result() == Arbiter.ClaimResult.YES) {
            return members.contains(seen.owner()) ? OtherCluster.CLAIM : OtherCluster.SUPERSEDED;
        }
        if (!silent) {
            sinceNanos = nowNanos;
        }
        return nowNanos - sinceNanos > silenceNanos ? OtherCluster.NONE : OtherCluster.WAIT;
    }
}
