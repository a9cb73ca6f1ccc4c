package org.sipdispatch.destination;

import java.util.function.Consumer;

/** Reads and publishes the statuses that the cluster replicates. Thread-safe. */
public interface StatusReplicator {
    /** Replicates a status to all nodes; a newer version wins over an older one. */
    void publish(String id, Status status);

    /** Like {@link #publish(String, Status)}; runs {@code known} once a majority of the nodes has the status. */
    default void publish(String id, Status status, Runnable known) {
        publish(id, status);
        known.run();
    }

    /** Finds the newest status that the nodes know and passes it, or null, to {@code then} on any thread. */
    void findNewest(String id, Consumer<Status> then);

    /** The newest version that this node knows of a destination, without asking another node; null if there is none. */
    default StatusVersion newestVersion(String id) {
        return null;
    }

    /** The status that this node knew last, possibly from an earlier process; null if there is none. Does not block. */
    default Status lastKnown(String id) {
        return null;
    }

    /** Whether this node is the only one of its cluster now: then only the journal can preserve what it executes. */
    default boolean isAlone() {
        return false;
    }

    /** Like {@link #findNewest}, but asks no other node, so that frequent calls are cheap. */
    default void findLocal(String id, Consumer<Status> then) {
        findNewest(id, then);
    }
}
