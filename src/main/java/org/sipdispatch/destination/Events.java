package org.sipdispatch.destination;

/** The door to those who want to know of changes. Thread-safe. */
@FunctionalInterface
public interface Events {
    void happened(DestinationEvent event);
}
