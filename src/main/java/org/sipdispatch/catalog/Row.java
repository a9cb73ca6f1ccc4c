package org.sipdispatch.catalog;

import java.util.Map;

/**
 * One destination as found, all in text.
 *
 * @param place for warnings: {@code dispatcher id 7}, or {@code dispatcher.list line 3}
 * @param texts what is written; a column may be missing
 */
record Row(String place, Map<Column, String> texts) {
    /** Null or empty where nothing is written. */
    String text(Column column) {
        return texts.get(column);
    }
}
