package org.sipdispatch.destination;

import java.util.List;

/** The tickets of orders, by which an actor recognises an order that was executed before. */
public final class OrderTickets {
    /** Separates the order's name from a digest of its content in a ticket; no name contains it. */
    public static final String DIGEST = " ";

    private OrderTickets() {}

    /** The name in a ticket, without the digest of the order's content. */
    public static String name(String ticket) {
        int digest = ticket.lastIndexOf(DIGEST);
        return digest < 0 ? ticket : ticket.substring(0, digest);
    }

    /**
     * Whether an order is among the executed ones.
     *
     * @param order its ticket or its name
     */
    static boolean contain(List<String> executed, String order) {
        return !order.isEmpty()
                && executed.stream()
                        .anyMatch(done -> done.equals(order)
                                || done.equals(name(order))
                                || name(done).equals(order));
    }

    /** Whether another order was executed under this ticket's name. */
    static boolean containAnother(List<String> executed, String ticket) {
        return !ticket.isEmpty()
                && executed.stream()
                        .anyMatch(done -> !done.equals(ticket) && name(done).equals(name(ticket)));
    }
}
