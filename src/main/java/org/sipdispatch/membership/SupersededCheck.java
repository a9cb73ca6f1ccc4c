package org.sipdispatch.membership;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

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
        /** The database does not answer: continue, and check again when it answers. */
        UNKNOWN,
        /** Another cluster was formed. */
        SUPERSEDED
    }

    private final String self;
    private final long silenceNanos;
    /**
     * When each node that has answered as a member was one last, by name. A node that is only in the gossip may not know
     * that it was admitted, and may have formed another cluster since.
     */
    private final Map<String, Long> members = new HashMap<>();

    private boolean silent;
    private long sinceNanos;

    /**
     * Creates a check of the node with this name.
     *
     * @param silenceNanos how long a database that does not answer is waited for
     */
    SupersededCheck(String self, long silenceNanos) {
        this.self = self;
        this.silenceNanos = silenceNanos;
    }

    /** The node with this name has answered that it and this node are members of the same cluster. */
    void memberAnswered(String name, long nowNanos) {
        members.put(name, nowNanos);
    }

    /** The cluster has these members now, some of which may not have answered yet. */
    void membersSeen(Collection<String> names, long nowNanos) {
        members.replaceAll((name, last) -> names.contains(name) ? nowNanos : last);
    }

    /**
     * This node wrote the heartbeat. So heartbeats of nodes that had been removed by then are those of another cluster;
     * before, a node that is gone may have been the last of this cluster that wrote it.
     */
    void heartbeatWritten(long nanos) {
        members.values().removeIf(last -> nanos - last > 0);
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
            return isOurs(seen.owner()) ? OtherCluster.CLAIM : OtherCluster.SUPERSEDED;
        }
        if (!silent) {
            sinceNanos = nowNanos;
        }
        return nowNanos - sinceNanos > silenceNanos ? OtherCluster.UNKNOWN : OtherCluster.WAIT;
    }

    private boolean isOurs(String owner) {
        return owner.equals(self) || members.containsKey(owner);
    }
}
