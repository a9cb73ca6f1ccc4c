package org.sipdispatch.catalog;

import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.sets.Destination;

/** A state to be written into the destination's row. */
public record StateWrite(Destination destination, DestinationState state) {}
