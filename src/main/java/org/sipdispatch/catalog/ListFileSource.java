package org.sipdispatch.catalog;

import java.nio.file.Path;

/** A list file, {@code db_url = "file:PATH"}. */
record ListFileSource(Path file) implements SourceSettings {
    static final String SCHEME = "file:";

    @Override
    public PartitionSource open(PartitionSettings partition, KnownSockets sockets, Pools pools) {
        return () -> {
            Warnings warnings = new Warnings();
            String text = partition.read("db_url", file);
            return new RowCheck(partition, Columns.LIST_FILE, sockets, warnings)
                    .check(ListFile.rows(file.getFileName().toString(), text, warnings));
        };
    }
}
