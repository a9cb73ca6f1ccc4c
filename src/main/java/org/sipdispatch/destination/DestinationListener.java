package org.sipdispatch.destination;

/** Listens to state changes. Implementations must be thread-safe. */
@FunctionalInterface
public interface DestinationListener {
    void onChange(DestinationEvent event);
}
