package org.sipdispatch.catalog;

import java.nio.file.Path;

/** Where one partition's destinations are written down, as the configuration says it. */
interface SourceSettings {
    /** Opens it; asks nobody yet. */
    PartitionSource open(PartitionSettings partition, KnownSockets sockets, Pools pools);

    /** The file whose lines are rows; null if there is none. */
    default Path file() {
        return null;
    }

    /** The same, and nothing is made where it is missing. */
    default SourceSettings readOnly() {
        return this;
    }
}
