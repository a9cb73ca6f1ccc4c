package org.sipdispatch.destination;

/** Listens to state changes. Implementations must be thread-safe. */
@FunctionalInterface
public interface Events {
    void happened(DestinationEvent event);
}
