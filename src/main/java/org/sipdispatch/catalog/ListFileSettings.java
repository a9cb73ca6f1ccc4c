package org.sipdispatch.catalog;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A list file, {@code db_url = "file:PATH"}. */
record ListFileSettings(Path file) implements SourceSettings {
    static final String SCHEME = "file:";

    @Override
    public PartitionSource open(PartitionSettings partition, KnownSockets sockets, ConnectionPools pools) {
        return new ListFileRows(partition, file, sockets);
    }

    @Override
    public String watchedPlace() {
        // Null if the setting was refused and problems are collected.
        return String.valueOf(file);
    }

    private record ListFileRows(PartitionSettings partition, Path file, KnownSockets sockets)
            implements PartitionSource {
        @Override
        public CatalogSnapshot load() {
            return rows(partition.read("db_url", file));
        }

        @Override
        public SourceContent content() {
            String text = partition.read("db_url", file);
            return new SourceContent(hash(text), false, () -> rows(text));
        }

        private CatalogSnapshot rows(String text) {
            Warnings warnings = new Warnings();
            return new RowCheck(partition, ColumnNames.LIST_FILE, sockets, warnings)
                    .check(ListFileParser.rows(file.getFileName().toString(), text, warnings));
        }
    }

    /** The same exactly if the text is the same. */
    static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
