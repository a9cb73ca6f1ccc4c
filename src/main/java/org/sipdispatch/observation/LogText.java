package org.sipdispatch.observation;

/** Prepares text from a message for the log. */
public final class LogText {
    private static final int MOST_CHARACTERS = 300;

    private LogText() {}

    /** The text with control characters replaced, cut after 300 characters. */
    public static String cleaned(String text) {
        String line = text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) + "..." : text;
        return line.replaceAll("\\p{Cntrl}", "?");
    }

    /** The end of a line about {@code number} events that were not logged; empty for none. */
    static String moreSince(long number) {
        return number == 0 ? "" : " (" + number + " more since the last such line)";
    }
}
