package org.sipdispatch.operations;

import org.sipdispatch.destination.Status;

/**
 * An executed order to a destination.
 *
 * @param status the resulting status
 * @param shown whether this node's view shows the status already
 */
public record ExecutedOrder(Status status, boolean shown) {}
