package org.sipdispatch.app;

/**
 * A problem of a configuration or of its destinations.
 *
 * @param place the file, or the name of the partition
 * @param line the line in the file; 0 if it is unknown
 */
record CheckFinding(String place, int line, boolean isError, String text) {
    static CheckFinding error(String place, int line, String text) {
        return new CheckFinding(place, line, true, text);
    }

    static CheckFinding warning(String place, int line, String text) {
        return new CheckFinding(place, line, false, text);
    }

    @Override
    public String toString() {
        return place + (line > 0 ? ":" + line : "") + ": " + (isError ? "error: " : "warning: ") + text;
    }
}
