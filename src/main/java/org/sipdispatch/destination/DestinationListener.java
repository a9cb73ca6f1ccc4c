package org.sipdispatch.destination;

/** Listens to state changes. Implementations must be thread-safe. */
@FunctionalInterface
public interface DestinationListener {
    void onChange(DestinationEvent event);

    /**
     * A target of a destination has changed.
     *
     * @param destination the id of the destination
     */
    default void onTarget(String destination, Targets.Change change) {}
}
