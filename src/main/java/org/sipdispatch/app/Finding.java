package org.sipdispatch.app;

/**
 * A problem of a configuration or of its destinations.
 *
 * @param place the file, or the name of the partition
 * @param line the line in the file; 0 if it is unknown
 */
record Finding(String place, int line, boolean isError, String text) {
    static Finding error(String place, int line, String text) {
        return new Finding(place, line, true, text);
    }

    static Finding warning(String place, int line, String text) {
        return new Finding(place, line, false, text);
    }

    @Override
    public String toString() {
        return place + (line > 0 ? ":" + line : "") + ": " + (isError ? "error: " : "warning: ") + text;
    }
}
