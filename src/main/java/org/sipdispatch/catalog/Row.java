package org.sipdispatch.catalog;

/**
 * One destination as found, all in text; null or empty where nothing is written.
 *
 * @param place for warnings: {@code dispatcher id 7}, or {@code dispatcher.list line 3}
 */
record Row(
        String place,
        String setid,
        String destination,
        String socket,
        String state,
        String weight,
        String priority,
        String attrs,
        String description,
        String probeMode) {}
