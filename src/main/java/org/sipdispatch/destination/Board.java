package org.sipdispatch.destination;

import java.util.function.Consumer;

/** The door to what the cluster knows. Thread-safe. */
public interface Board {
    /** Makes a status known to all nodes; a newer version wins over an older one. */
    void publish(String id, Status status);

    /** Like {@link #publish(String, Status)}; {@code known} is run when a majority of the nodes has it. */
    default void publish(String id, Status status, Runnable known) {
        publish(id, status);
        known.run();
    }

    /** Finds the newest status that the nodes know; {@code then} is told it, or null, soon and on any thread. */
    void newest(String id, Consumer<Status> then);

    /** The newest version that this node knows of a destination, without asking anybody; null if none. */
    default Version newestVersion(String id) {
        return null;
    }

    /** What this node knew last, before its process began perhaps; null if nothing. Does not block. */
    default Status remembered(String id) {
        return null;
    }

    /** Like {@link #newest}, but asks no other node: cheap enough to be asked again and again. */
    default void known(String id, Consumer<Status> then) {
        newest(id, then);
    }
}
