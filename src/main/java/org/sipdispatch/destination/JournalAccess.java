package org.sipdispatch.destination;

/** The journal of one destination, as its actor uses it. Not thread-safe. */
interface JournalAccess {
    /** Opens it, unless it is open; it reports by {@link DestinationJournal.Ready} that it accepts records. */
    void open();

    /** Writes a record; only after it has reported that it accepts records. */
    void write(JournalEntry entry);
}
