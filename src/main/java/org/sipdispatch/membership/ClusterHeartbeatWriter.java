package org.sipdispatch.membership;

/** The heartbeat of this node's cluster in the database, as far as this node writes it. Thread-safe. */
final class ClusterHeartbeatWriter {
    private volatile boolean unknown;
    private volatile boolean written;
    private volatile long writtenNanos;

    /**
     * This node wrote the heartbeat.
     *
     * @param askedNanos when the write started
     */
    void written(long askedNanos) {
        writtenNanos = askedNanos;
        written = true;
    }

    boolean isWritten() {
        return written;
    }

    /** When the last write started; meaningless before the first. */
    long writtenNanos() {
        return writtenNanos;
    }

    /** Sets whether the database has not said yet if another cluster was formed during a pause of this node. */
    void unknown(boolean now) {
        unknown = now;
    }

    /** Whether this node must not write: the heartbeat may be that of another cluster, which this node must join. */
    boolean isUnknown() {
        return unknown;
    }
}
