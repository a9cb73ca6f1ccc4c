package org.sipdispatch.catalog;

import java.util.Map;

/**
 * One destination as read from its source, with all values as text.
 *
 * @param place the position for warnings: {@code dispatcher id 7}, or {@code dispatcher.list line 3}
 * @param texts the values; a column may be missing
 */
record SourceRow(String place, Map<Column, String> texts) {
    /** The value; null or empty if there is none. */
    String text(Column column) {
        return texts.get(column);
    }
}
