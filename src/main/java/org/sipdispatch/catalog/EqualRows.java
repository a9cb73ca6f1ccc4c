package org.sipdispatch.catalog;

import java.util.Locale;

/** Which rows share set, URI and socket, so that only their order tells them apart. */
final class EqualRows {
    private EqualRows() {}

    /** The same text for equal rows of a partition; {@code socket}: the one that counts, null for any. */
    static String key(int set, String uri, String socket) {
        return set + ":" + uri.toLowerCase(Locale.ROOT) + "\n" + (socket == null ? "" : socket);
    }

    /** The socket that counts where that text is written: none where it is not one of ours. */
    static String socket(String text, KnownSockets sockets) {
        return text == null || text.isEmpty() || !sockets.isKnown(text) ? null : text;
    }
}
