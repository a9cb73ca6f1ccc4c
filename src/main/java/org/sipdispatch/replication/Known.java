package org.sipdispatch.replication;

import java.util.List;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.Status;

/**
 * All that a node knows of destinations.
 *
 * @param revision of the definitions; 0 for none
 * @param destinations in the order of their rows
 */
public record Known(long revision, List<OfDestination> destinations) {
    /**
     * One destination as a node knows it.
     *
     * @param status null until its actor has spoken
     */
    public record OfDestination(Definition definition, Status status) {}
}
