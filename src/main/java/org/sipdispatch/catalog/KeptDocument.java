package org.sipdispatch.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.sipdispatch.settings.DataDirectory;

/**
 * The last usable document of a partition, in a file of the data directory, for a start while its server is away. The
 * first line of the file has the time, the hash of the URL and the URL without its query, so that another document of a
 * former configuration is not used. The hash is that of the whole URL, because documents may differ only in the query,
 * and the query may hold a secret.
 */
final class KeptDocument {
    private static final int HASH_CHARACTERS_OF_NAME = 16;

    private final Path file;
    private final String shown;
    private final String source;
    private String kept = "";

    /**
     * A document's place.
     *
     * @param url with its query
     * @param shown the URL without its query
     */
    KeptDocument(Path directory, String partition, String url, String shown) {
        String hash = ListFileSettings.hash(url);
        file = directory.resolve("document-" + partition + "-" + hash.substring(0, HASH_CHARACTERS_OF_NAME) + ".json");
        this.shown = shown;
        source = hash + " " + shown;
    }

    /** A document and when it was read. */
    record DatedDocument(Instant read, String text) {}

    /** The kept document; null if there is none of this URL. */
    DatedDocument read() {
        try {
            String whole = Files.readString(file);
            int end = whole.indexOf('\n');
            String[] first = whole.substring(0, Math.max(0, end)).split(" ", 2);
            return first.length == 2 && first[1].equals(source)
                    ? new DatedDocument(Instant.parse(first[0]), whole.substring(end + 1))
                    : null;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    /** Keeps a document, if it is not the one that is kept already. Never throws; returns a warning, empty if it worked. */
    String keep(String text, Instant now) {
        if (text.equals(kept)) {
            return "";
        }
        try {
            DataDirectory.write(file, now + " " + source + "\n" + text);
            kept = text;
            return "";
        } catch (IOException e) {
            return file + ": not written (expected: the document of " + shown + "): " + e;
        }
    }
}
