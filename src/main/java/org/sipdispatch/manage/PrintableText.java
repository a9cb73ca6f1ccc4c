package org.sipdispatch.manage;

/** Makes a text from an unknown client safe for a log line. */
final class PrintableText {
    private static final int MOST = 120;

    private PrintableText() {}

    static String of(String text) {
        String clean = text.replaceAll("[^\\x20-\\x7e]+", "?");
        return clean.length() <= MOST ? clean : clean.substring(0, MOST) + "...";
    }
}
