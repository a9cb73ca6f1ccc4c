package org.sipdispatch.catalog;

import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.sets.Destination;

/**
 * A destination as it is written down.
 *
 * @param state the state it starts in
 * @param permanentProbing whether it is pinged while active too, whatever the probing mode
 */
public record CatalogEntry(Destination destination, DestinationState state, boolean permanentProbing) {}
