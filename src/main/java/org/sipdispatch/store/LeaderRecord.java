package org.sipdispatch.store;

/**
 * The leader of a cluster and its heartbeat count. A node that reads the same count twice, some time apart on its own
 * clock, knows that the leader is silent; clocks of different machines are never compared.
 */
public record LeaderRecord(String owner, long count) {
    /** The cluster has had no leader yet. */
    public static final LeaderRecord NONE = new LeaderRecord("", -1);
    /** The database did not answer in time. */
    public static final LeaderRecord SILENT = new LeaderRecord("", -2);
}
