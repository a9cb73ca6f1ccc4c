package org.sipdispatch.catalog;

import java.util.Locale;

/** Recognises rows with the same set, URI and socket. Only their order distinguishes them. */
final class EqualRows {
    private EqualRows() {}

    /** A key that is the same for equal rows of a partition; {@code socket} is the effective one, null for any. */
    static String key(int set, String uri, String socket) {
        return set + ":" + uri.toLowerCase(Locale.ROOT) + "\n" + (socket == null ? "" : socket);
    }

    /** The effective socket for the text in the row: null if it is not one of ours. */
    static String socket(String text, KnownSockets sockets) {
        return text == null || text.isEmpty() || !sockets.isKnown(text) ? null : text;
    }
}
