package org.sipdispatch.catalog;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.sets.Destination;

/**
 * The source of one partition's destinations. A new kind of source is a class that implements this interface and
 * {@link SourceSettings}, and a line in {@link PartitionSettingsReader}. Blocks; throws a
 * {@link org.sipdispatch.settings.SettingException} if it cannot be read.
 */
interface PartitionSource {
    /** Creates what is missing, if the settings allow it, and checks that the source can be read. */
    default void prepare() {}

    /** Checks that the source answers, without the retries of {@link #load}. */
    default void probe() {}

    /** Reads all rows and converts them with {@link RowCheck}. */
    CatalogSnapshot load();

    /** The same while no rows are loaded: what was kept of a former process may replace a source that is away. */
    default CatalogSnapshot loadFirst() {
        return load();
    }

    /** Whether single rows can be written. */
    default boolean isTable() {
        return false;
    }

    /** Whether the table has a row of this set, URI and socket. */
    default boolean has(Destination destination) {
        throw new UnsupportedOperationException("not a table");
    }

    /** Changes the {@code given} fields of the row of this set, URI and socket in the table, or inserts it. */
    default void put(Definition row, List<String> given) {
        throw new UnsupportedOperationException("not a table");
    }

    /** Deletes the row of this set, URI and socket from the table, if there is one. */
    default void remove(Destination destination) {
        throw new UnsupportedOperationException("not a table");
    }

    /** The present content of a source that can be watched. */
    default SourceContent content() {
        throw new UnsupportedOperationException("a source that cannot be watched");
    }

    /**
     * Writes states into the rows of their destinations, if the source keeps states and they are still {@code valid} at
     * the end of the transaction. Never throws.
     */
    default UnwrittenStates write(List<StateWrite> writes, BooleanSupplier valid) {
        return UnwrittenStates.NOTHING;
    }
}
