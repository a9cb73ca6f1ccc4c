package org.sipdispatch.membership;

/**
 * The shared database as arbiter: decides which nodes survive when nodes cannot reach each other, and holds the
 * heartbeat of the cluster's leader. Blocks; thread-safe.
 */
public interface Arbiter {
    enum ClaimResult {
        /** The claim is confirmed. */
        YES,
        /** The claim is denied. */
        NO,
        /** The database did not answer. */
        SILENT
    }

    /**
     * The last heartbeat of a cluster's leader.
     *
     * @param result NO if the cluster has never written one
     * @param owner name of the node that wrote it, see {@link ClusterMember#nameOf}
     * @param count counter, grows with each heartbeat
     */
    record Heartbeat(ClaimResult result, String owner, long count) {}

    /** Breaks a tie: two halves of a cluster ask with the same epoch, and the first one to ask survives. */
    ClaimResult decide(String epoch, String side);

    /** Reads the last heartbeat of the cluster. */
    Heartbeat read(String cluster);

    /** Writes a heartbeat; NO if another owner has taken over. */
    ClaimResult renew(String cluster, String owner);

    /** Takes ownership over from the heartbeat that was read; NO if another one was written since. */
    ClaimResult takeOver(String cluster, String owner, Heartbeat seen);
}
