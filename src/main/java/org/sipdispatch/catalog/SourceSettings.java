package org.sipdispatch.catalog;

import java.nio.file.Path;

/** The settings of a source. */
interface SourceSettings {
    /** Opens the source. Does not connect yet. */
    PartitionSource open(PartitionSettings partition, KnownSockets sockets, Pools pools);

    /** The list file; null if the source is not a list file. */
    default Path file() {
        return null;
    }

    /** The same source for read-only use: it creates nothing that is missing. */
    default SourceSettings readOnly() {
        return this;
    }
}
