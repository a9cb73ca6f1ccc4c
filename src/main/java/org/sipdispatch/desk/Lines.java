package org.sipdispatch.desk;

/** What people write goes to all nodes, into the history and into logs: one short line. */
final class Lines {
    private Lines() {}

    static String clean(String text, int most) {
        String clean = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return clean.length() <= most ? clean : clean.substring(0, most);
    }
}
