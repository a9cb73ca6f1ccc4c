package org.sipdispatch.catalog;

import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.sets.Destination;

/** A destination's state that is to be written into its row. */
public record StateWrite(Destination destination, DestinationState state) {}
