package org.sipdispatch.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.sipdispatch.settings.DataDirectory;

/**
 * The last usable document of a partition, in a file of the data directory, for a start while its server is away. The
 * first line of the file has the URL and the time, so that another document of a former configuration is not used.
 */
final class KeptDocument {
    private final Path file;
    private final String url;
    private String kept = "";

    /** {@code url}: without a password. */
    KeptDocument(Path directory, String partition, String url) {
        file = directory.resolve("document-" + partition + "-" + Integer.toHexString(url.hashCode()) + ".json");
        this.url = url;
    }

    /** A document and when it was read. */
    record Kept(Instant read, String text) {}

    /** The kept document; null if there is none of this URL. */
    Kept read() {
        try {
            String whole = Files.readString(file);
            int end = whole.indexOf('\n');
            String[] first = whole.substring(0, Math.max(0, end)).split(" ", 2);
            return first.length == 2 && first[1].equals(url)
                    ? new Kept(Instant.parse(first[0]), whole.substring(end + 1))
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
            DataDirectory.write(file, now + " " + url + "\n" + text);
            kept = text;
            return "";
        } catch (IOException e) {
            return file + ": not written (expected: the document of " + url + "): " + e;
        }
    }
}
