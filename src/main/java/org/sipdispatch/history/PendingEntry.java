package org.sipdispatch.history;

import org.sipdispatch.destination.StatusVersion;

/**
 * An entry that has no id yet.
 *
 * @param source its origin: a persistence id, or the process of a node for orders
 * @param number increases with each entry of the source
 * @param version of the destination's status; {@link StatusVersion#NONE} for an order
 * @param sortMs its sort time in lists: when it happened, adjusted for clocks that differ and for the order of the
 *     destination's versions
 */
record PendingEntry(HistoryEntry entry, String source, long number, StatusVersion version, long sortMs) {}
