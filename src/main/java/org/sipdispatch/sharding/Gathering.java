package org.sipdispatch.sharding;

/**
 * Whether the nodes that start together have met. Shards that are given homes before have to move to those that come
 * a moment later, each with all its actors. Once it is over it stays so. Not thread-safe.
 */
final class Gathering {
    static final long LONGEST_MS = 2000;

    private final int expected;
    private long sinceMs = -1;
    private boolean over;

    /** {@code expected}: how many nodes there are to be, this one included. */
    Gathering(int expected) {
        this.expected = expected;
    }

    /**
     * Looks again.
     *
     * @param members how many nodes are in the cluster now; 0 while this one is not
     */
    boolean isOver(int members, long nowMs) {
        if (members > 0 && sinceMs < 0) {
            sinceMs = nowMs;
        }
        over |= members >= expected || sinceMs >= 0 && nowMs - sinceMs >= LONGEST_MS;
        return over;
    }
}
