package org.sipdispatch.catalog;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.sipdispatch.settings.SettingException;

/**
 * A JSON document at an HTTP URL.
 *
 * @param user null for none
 * @param password the user's password, or a bearer token if there is no user; null for none
 * @param timeout the time limit for the whole document
 * @param mostBytes its largest size
 * @param directory where the last usable document is kept; null if it is not kept
 */
record DocumentSettings(
        URI url, String user, String password, ColumnNames columns, Duration timeout, int mostBytes, Path directory)
        implements SourceSettings {
    private static final Duration WATCH = Duration.ofSeconds(30);

    /** Whether the URL is one of a document. */
    static boolean isUrl(String url) {
        return url.matches("(?is)https?:.*");
    }

    @Override
    public PartitionSource open(PartitionSettings partition, KnownSockets sockets, ConnectionPools pools) {
        return new DocumentRows(partition, this, sockets);
    }

    @Override
    public String watchedPlace() {
        return shown();
    }

    @Override
    public Duration watchInterval() {
        return WATCH;
    }

    @Override
    public SourceSettings keptIn(Path dataDirectory) {
        return new DocumentSettings(url, user, password, columns, timeout, mostBytes, dataDirectory);
    }

    @Override
    public SourceSettings readOnly() {
        return keptIn(null);
    }

    /** The URL without its query, which may hold a secret. */
    private String shown() {
        return withoutQuery(url.toString());
    }

    static String withoutQuery(String url) {
        return url.replaceFirst("(?s)\\?.*", "?***");
    }

    private String authorization() {
        if (password == null && user == null) {
            return null;
        } else if (user == null) {
            return "Bearer " + password;
        }
        String both = user + ":" + (password == null ? "" : password);
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }

    /** The rows. At a start, until the server has sent a usable document once, the kept one may take its place. */
    private static final class DocumentRows implements PartitionSource {
        private final PartitionSettings partition;
        private final DocumentSettings settings;
        private final KnownSockets sockets;
        private final HttpDocument document;
        private final KeptDocument kept;
        private volatile boolean answered;

        DocumentRows(PartitionSettings partition, DocumentSettings settings, KnownSockets sockets) {
            this.partition = partition;
            this.settings = settings;
            this.sockets = sockets;
            document = new HttpDocument(
                    settings.url(), settings.authorization(), settings.timeout(), settings.mostBytes());
            kept = settings.directory() == null
                    ? null
                    : new KeptDocument(
                            settings.directory(),
                            partition.name(),
                            settings.url().toString(),
                            settings.shown());
        }

        @Override
        public synchronized CatalogSnapshot load() {
            try {
                return rows(document.read());
            } catch (IOException e) {
                throw unavailable(e);
            }
        }

        @Override
        public synchronized CatalogSnapshot loadFirst() {
            try {
                return load();
            } catch (SettingException e) {
                return instead(e);
            }
        }

        @Override
        public synchronized SourceContent content() {
            try {
                String text = document.read();
                return new SourceContent(ListFileSettings.hash(text), true, () -> rows(text));
            } catch (IOException e) {
                throw unavailable(e);
            }
        }

        private CatalogSnapshot instead(SettingException failure) {
            KeptDocument.DatedDocument last = answered || kept == null ? null : kept.read();
            if (last == null) {
                throw failure;
            }
            Warnings warnings = new Warnings();
            warnings.add(
                    "partition " + partition.name(),
                    "document",
                    "that of " + last.read() + ", kept in the data directory",
                    "the present one; " + failure.getMessage());
            return read(last.text(), warnings);
        }

        private CatalogSnapshot rows(String text) {
            CatalogSnapshot rows = read(text, new Warnings());
            answered = true;
            if (kept == null || !rows.skipped().isEmpty() || rows.entries().isEmpty()) {
                return rows;
            }
            String warning = kept.keep(text, Instant.now());
            return warning.isEmpty() ? rows : rows.plus(new CatalogSnapshot(List.of(), List.of(warning), List.of()));
        }

        private CatalogSnapshot read(String text, Warnings warnings) {
            return new RowCheck(partition, settings.columns(), sockets, warnings)
                    .check(JsonRows.rows(partition, settings.shown(), text, settings.columns(), warnings));
        }

        private SettingException unavailable(IOException cause) {
            return new SettingException(
                    partition.paths().of("db_url"), settings.shown(), "a document, but " + cause.getMessage());
        }
    }
}
