package org.sipdispatch.tls;

/** Texts that a peer chooses, such as the names in its certificate, for the log. */
public final class PeerSuppliedText {
    /** The most characters of a name. */
    private static final int MOST = 200;

    private PeerSuppliedText() {}

    /** One line of at most 200 characters of ASCII; others become a question mark. */
    public static String printable(String text) {
        return printable(text, MOST);
    }

    /** The same with at most {@code most} characters. */
    public static String printable(String text, int most) {
        boolean isLong = text.length() > most;
        String line = (isLong ? text.substring(0, most) : text).replaceAll("[^\\x20-\\x7e]", "?");
        return isLong ? line + "..." : line;
    }
}
