package org.sipdispatch.observation;

/** Prepares what a sender wrote for a line of the log. */
public final class LogText {
    private static final int MOST_CHARACTERS = 300;

    private LogText() {}

    /** The text without control characters, cut behind 300 characters. */
    public static String cleaned(String text) {
        String line = text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) + "..." : text;
        return line.replaceAll("\\p{Cntrl}", "?");
    }
}
