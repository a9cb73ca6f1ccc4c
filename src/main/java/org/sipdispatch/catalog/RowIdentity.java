package org.sipdispatch.catalog;

import java.util.List;
import java.util.stream.Stream;

/**
 * A row as stored: its notation may differ from the destination's, and its texts may have blanks around them, which the
 * load ignores.
 *
 * @param id null if the table has no such column
 * @param uri null if the column is NULL
 * @param socket null if the column is NULL
 */
record RowIdentity(Object id, String uri, String socket) {
    /** The text without the blanks around it, as a load reads it; some databases pad CHAR columns to their full width. */
    static String stripped(String text) {
        return text == null ? null : text.strip();
    }

    /** The key of {@link EqualRows}; null if the row has no URI or does not exist for this cluster. */
    String key(int set, RowSocketFilter sockets) {
        return uri == null ? null : sockets.key(set, stripped(uri), stripped(socket));
    }

    /**
     * The values that identify the row in its set: the id, or the texts. Each text is also given without the spaces at
     * its end, because PostgreSQL compares CHAR columns without these spaces, but returns them.
     */
    List<Object> values() {
        if (id != null) {
            return List.of(id);
        }
        Stream<String> texts = socket == null ? Stream.of(uri) : Stream.of(uri, socket);
        return texts.flatMap(text -> Stream.<Object>of(text, text.replaceFirst(" +$", "")))
                .toList();
    }
}
