package org.sipdispatch.history;

/**
 * An entry that has no place yet.
 *
 * @param source whose it is: a persistence id, or the life of a node
 * @param number grows with each entry of that source
 */
record Line(HistoryEntry entry, String source, long number) {}
