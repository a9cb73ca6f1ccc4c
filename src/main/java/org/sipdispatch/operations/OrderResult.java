package org.sipdispatch.operations;

import org.sipdispatch.destination.Status;

/**
 * An order to a destination that is done.
 *
 * @param status what became of it
 * @param shown whether this node's view shows it already; if not it will, or this node does not hear of it
 */
public record OrderResult(Status status, boolean shown) {}
