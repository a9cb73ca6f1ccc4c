package org.sipdispatch.catalog;

import java.util.Locale;

/** Recognises rows with the same set, URI and socket. Only their order distinguishes them. */
final class EqualRows {
    private EqualRows() {}

    /** A key that is the same for equal rows of a partition; {@code socket} is the effective one, null for any. */
    static String key(int set, String uri, String socket) {
        return set + ":" + uri.toLowerCase(Locale.ROOT) + "\n" + (socket == null ? "" : socket);
    }
}
