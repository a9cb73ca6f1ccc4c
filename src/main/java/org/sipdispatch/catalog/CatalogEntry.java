package org.sipdispatch.catalog;

import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.sets.Destination;

/**
 * A destination as read from its source.
 *
 * @param state the initial state
 * @param permanentProbing whether it is pinged while active too, in any probing mode
 */
public record CatalogEntry(Destination destination, DestinationState state, boolean permanentProbing) {}
