package org.sipdispatch.operations;

import org.sipdispatch.cluster.Cluster;

/**
 * The client's name for an order, so that the client can repeat the order safely.
 *
 * @param text empty if the client has given no name
 */
public record OrderKey(String text) {
    public static final OrderKey NONE = new OrderKey("");

    private static final String FORM = "[\\x21-\\x7e]{1,64}";

    /** Parses a key; null gives {@link #NONE}. {@code where} names the parameter or header field in error messages. */
    public static OrderKey of(String where, String text) {
        if (text != null && !text.matches(FORM)) {
            throw OperationException.bad(
                    where, SingleLineText.clean(text, 2 * 64), "1 to 64 printable ASCII characters, no blanks");
        }
        return text == null ? NONE : new OrderKey(text);
    }

    /** The key of the same order for one of several destinations; {@code place} is the destination's index from 0. */
    public OrderKey of(int place) {
        return text.isEmpty() || place == 0 ? this : new OrderKey(text + "," + (place + 1));
    }

    /** The order's name in the cluster; empty if the client has given none. */
    String orderName() {
        return text.isEmpty() ? "" : Cluster.nameOf(text);
    }
}
