package org.sipdispatch.operations;

/** Shortens a text from a user to one line, because the text goes to all nodes, into the history and into logs. */
final class SingleLineText {
    private SingleLineText() {}

    static String clean(String text, int most) {
        String clean = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return clean.length() <= most ? clean : clean.substring(0, most);
    }
}
