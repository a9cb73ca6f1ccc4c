package org.sipdispatch.catalog;

import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.sets.Destination;

/**
 * The source of the definitions, such as a database table. Methods block unless stated otherwise, and throw a
 * {@code SettingException} if the source cannot be read.
 */
public interface DefinitionStore {
    /** Reads one partition, which must exist, or all if {@code partition} is empty. */
    CatalogSnapshot load(String partition);

    /** Reads all partitions while no rows are loaded: what was kept of a source may replace one that is away. */
    CatalogSnapshot loadFirst();

    /** The names of the partitions; {@code default} comes first if it is one. Does not block. */
    List<String> partitions();

    /** The sources whose changes apply without an order. Does not block. */
    List<WatchedSource> watched();

    /**
     * Checks a temporary destination by the rules for rows: one line for each problem, empty if there is none. Does not
     * block.
     */
    List<String> complaints(Destination destination);

    /**
     * Changes the row of the definition's set, URI and socket in the table of its partition, or inserts it. The state
     * applies to an inserted row only. Fails if the partition is not a table, the row would not be usable, or the table
     * has several such rows.
     *
     * @param given which of weight, priority, attrs and description change in a row that exists, by these names
     */
    void putRow(Definition row, List<String> given);

    /** Deletes the row of this set, URI and socket, if there is one. Fails as {@link #putRow} does. */
    void removeRow(Destination destination);

    /**
     * Writes states into the rows of their destinations, where the partition is a table with persistent state. Ignores
     * other partitions, and destinations whose row no longer exists. Never throws.
     *
     * @param valid whether the states may still be written, asked before each transaction ends. A node that is paused
     *     in the middle of a transaction must not commit states that another node has changed since; where the answer
     *     is no, the transaction is rolled back and its states count as not written.
     * @return the states that could not be written, and the reasons
     */
    UnwrittenStates writeStates(Collection<StateWrite> writes, BooleanSupplier valid);
}
