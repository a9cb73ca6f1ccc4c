package org.sipdispatch.orders;

import org.sipdispatch.destination.OrderTickets;

/**
 * An operator's order to a destination's actor.
 *
 * @param name identifies the order in the cluster
 * @param destination the id of the destination
 * @param what the verb and its arguments
 */
public record OrderRequest(String name, String destination, String what) {
    /** Prefix of names made of client keys; names made by nodes never start with it. */
    private static final String KEY = "key:";

    /** The name of an order with the client's idempotency key. */
    public static String ofKey(String key) {
        return KEY + key;
    }

    /**
     * The ticket under which the destination records that the order was executed. For a client's key it includes a
     * digest of the order, so that the same key with another order is refused on any node.
     */
    public String ticket() {
        return name.startsWith(KEY) ? name + OrderTickets.DIGEST + Integer.toHexString(what.hashCode()) : name;
    }

    /** The name of the order with this ticket. */
    public static String nameOf(String ticket) {
        return OrderTickets.name(ticket);
    }

    OrderOutcome ended(OrderOutcome.OrderState state, String message) {
        return new OrderOutcome(name, destination, what, state, message);
    }

    /** Whether this is the same order, regardless of its name. */
    boolean isAs(OrderOutcome other) {
        return destination.equals(other.destination()) && what.equals(other.what());
    }
}
