package org.sipdispatch.catalog;

import java.util.List;

/**
 * Where one partition's destinations are written down. A new kind of source is a class that implements this and
 * {@link SourceSettings}, and a line in {@link PartitionKeys}. Blocks; throws a
 * {@link org.sipdispatch.settings.BadSetting} for what cannot be read.
 */
interface PartitionSource {
    /** Makes what is missing, if the settings say how, and finds out whether it can be read. */
    default void prepare() {}

    /** Reads everything. {@link RowCheck} makes destinations of rows. */
    CatalogSnapshot load();

    /** Writes states into the rows of their destinations, if the source keeps states. Never throws. */
    default Unwritten write(List<StateWrite> writes) {
        return Unwritten.NOTHING;
    }

    /**
     * From now on calls {@code changed}, on any thread, whenever something else may be written down. A source that
     * cannot notice that never calls; it is read when a reload is ordered.
     */
    default void watch(Runnable changed) {}
}
