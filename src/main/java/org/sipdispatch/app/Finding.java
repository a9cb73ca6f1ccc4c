package org.sipdispatch.app;

/**
 * Something that is wrong with a configuration or with what it leads to.
 *
 * @param place the file, with the line where it is known; or what else to look at
 * @param line to sort by; 0 where it is not known
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
