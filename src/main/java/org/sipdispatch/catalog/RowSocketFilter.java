package org.sipdispatch.catalog;

/**
 * Decides by the text in a row's socket column whether the row is for this cluster, and which socket it names. All code
 * that reads or changes rows asks here, so a row that is left out is never counted or changed.
 *
 * @param onlyOwn whether rows that name a socket of another node are left out
 */
record RowSocketFilter(KnownSockets known, boolean onlyOwn) {
    /** Whether the row does not exist for this cluster. */
    boolean isLeftOut(String text) {
        return onlyOwn && text != null && !text.isEmpty() && !known.isOwn(text);
    }

    /** The effective socket: null if the text names none of ours. */
    String effective(String text) {
        return text == null || text.isEmpty() || !known.isKnown(text) ? null : text;
    }

    /** The key of {@link EqualRows}; null for a row that is left out. */
    String key(int set, String uri, String text) {
        return isLeftOut(text) ? null : EqualRows.key(set, uri, effective(text));
    }
}
