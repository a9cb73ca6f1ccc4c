package org.sipdispatch.destination;

import java.util.List;
import java.util.Map;

/** Reads the journals of many destinations at once. */
public interface JournalQuery {
    /**
     * Reads what the journals with these persistence ids keep, and leaves out those that have a record that this program
     * cannot read. Blocks.
     */
    Map<String, DestinationJournal.JournalState> read(List<String> persistenceIds) throws Exception;
}
