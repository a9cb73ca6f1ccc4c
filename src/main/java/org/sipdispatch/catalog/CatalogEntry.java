package org.sipdispatch.catalog;

import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.sets.Destination;

/** A destination as it is written down, and the state it starts in. */
public record CatalogEntry(Destination destination, DestinationState state) {}
