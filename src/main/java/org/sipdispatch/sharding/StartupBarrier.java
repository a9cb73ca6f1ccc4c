package org.sipdispatch.sharding;

/**
 * Whether the nodes that start together have all joined. Shards that are allocated earlier would be rebalanced to nodes
 * that join a moment later, each with all of its actors. Stays true once it is. Not thread-safe.
 */
final class StartupBarrier {
    static final long LONGEST_MS = 2000;

    private final int expected;
    private long sinceMs = -1;
    private boolean over;

    /** {@code expected}: the expected number of nodes including this one. */
    StartupBarrier(int expected) {
        this.expected = expected;
    }

    /**
     * Updates the state.
     *
     * @param members number of nodes in the cluster now; 0 while this node is not a member
     */
    boolean isOver(int members, long nowMs) {
        if (members > 0 && sinceMs < 0) {
            sinceMs = nowMs;
        }
        over |= members >= expected || sinceMs >= 0 && nowMs - sinceMs >= LONGEST_MS;
        return over;
    }
}
