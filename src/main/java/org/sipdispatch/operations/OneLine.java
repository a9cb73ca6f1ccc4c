package org.sipdispatch.operations;

/** What people write goes to all nodes, into the history and into logs: one short line. */
final class OneLine {
    private OneLine() {}

    static String clean(String text, int most) {
        String clean = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return clean.length() <= most ? clean : clean.substring(0, most);
    }
}
