package org.sipdispatch.operations;

import org.sipdispatch.cluster.Cluster;

/**
 * What a client calls an order of its own, so that it may give the order again without harm.
 *
 * @param text empty where the client has given none
 */
public record OrderKey(String text) {
    public static final OrderKey NONE = new OrderKey("");

    private static final String FORM = "[\\x21-\\x7e]{1,64}";

    /** Reads one; null is none. {@code where}: what the client calls the place where it stands. */
    public static OrderKey of(String where, String text) {
        if (text != null && !text.matches(FORM)) {
            throw OperationException.bad(
                    where, OneLine.clean(text, 2 * 64), "1 to 64 printable ASCII characters, no blanks");
        }
        return text == null ? NONE : new OrderKey(text);
    }

    /** The key of the same order to another one of several destinations, by its place among them. */
    public OrderKey of(int place) {
        return text.isEmpty() || place == 0 ? this : new OrderKey(text + "," + (place + 1));
    }

    /** For the history: how the order can be asked for; empty where no client has named it. */
    String note() {
        return text.isEmpty() ? "" : "; order " + Cluster.nameOf(text);
    }
}
