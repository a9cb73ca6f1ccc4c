package org.sipdispatch.membership;

/**
 * Distinguishes a dead cluster from a live rival with the same name, and decides which of two live ones ends. A dead
 * cluster does not react when its heartbeat row is taken over; a live one takes it back repeatedly. Pure; time in
 * milliseconds of a monotonic clock.
 */
final class CompetingClusterDetector {
    /** A single takeover may come from a leader that does not know yet that it has been replaced. */
    private static final long SURE_MS = 10_000;

    /** A live cluster takes the row back within a few heartbeats. */
    private static final long GAP_MS = 5_000;

    private String takenFrom = "";
    private long sinceMs = -1;
    private long lastMs;

    /**
     * The row was taken over from this owner, which is not a member of this cluster; empty if the owner was a member or
     * there was none.
     */
    void tookFrom(String owner) {
        if (!owner.equals(takenFrom)) {
            takenFrom = owner;
            sinceMs = -1;
        }
    }

    /**
     * This owner, which is not a member of this cluster, owns the row: whether it is alive, and its cluster stays
     * because its address is the lower one.
     */
    boolean prevails(String owner, String self, long nowMs) {
        if (!owner.equals(takenFrom)) {
            return false;
        }
        if (sinceMs < 0 || nowMs - lastMs > GAP_MS) {
            sinceMs = nowMs;
        }
        lastMs = nowMs;
        return nowMs - sinceMs > SURE_MS && owner.compareTo(self) < 0;
    }
}
