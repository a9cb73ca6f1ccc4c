package org.sipdispatch.catalog;

import java.nio.file.Path;
import java.time.Duration;

/** The settings of a source. */
interface SourceSettings {
    /** Opens the source. Does not connect yet. */
    PartitionSource open(PartitionSettings partition, KnownSockets sockets, ConnectionPools pools);

    /** The list file; null if the source is not a list file. */
    default Path file() {
        return null;
    }

    /** The file or URL, without passwords, of a source that can be watched; null if it cannot. */
    default String watchedPlace() {
        return null;
    }

    /** How often to look for changes if the settings do not say. */
    default Duration watchInterval() {
        return Duration.ofSeconds(1);
    }

    /** The same source, which may keep files in that directory. */
    default SourceSettings keptIn(Path dataDirectory) {
        return this;
    }

    /** The same source for read-only use: it creates nothing that is missing. */
    default SourceSettings readOnly() {
        return this;
    }
}
