package org.sipdispatch.manage;

/** What strangers sent, as it may stand in a line of the log. */
final class Printable {
    private static final int MOST = 120;

    private Printable() {}

    static String of(String text) {
        String clean = text.replaceAll("[^\\x20-\\x7e]+", "?");
        return clean.length() <= MOST ? clean : clean.substring(0, MOST) + "...";
    }
}
