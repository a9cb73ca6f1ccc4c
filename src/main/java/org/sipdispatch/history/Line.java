package org.sipdispatch.history;

import org.sipdispatch.destination.Version;

/**
 * An entry that has no place yet.
 *
 * @param source whose it is: a persistence id, or the life of a node
 * @param number grows with each entry of that source
 * @param version of the destination's status; {@link Version#NONE} for an order
 * @param sortMs where it stands in lists: when it happened, as far as the clocks of nodes and the versions of its
 *     destination agree
 */
record Line(HistoryEntry entry, String source, long number, Version version, long sortMs) {}
