package org.sipdispatch.orders;

import org.sipdispatch.destination.Status;

/**
 * An order to a destination's actor.
 *
 * @param name identifies it in the cluster
 * @param destination the id of the destination
 * @param what the verb, and what else is ordered
 */
public record GivenOrder(String name, String destination, String what) {
    /** Names that were made by nodes never begin so. */
    private static final String KEY = "key:";

    /** The name of an order that its client has given that key. */
    public static String ofKey(String key) {
        return KEY + key;
    }

    /**
     * The ticket under which the destination records that the order was executed. That of a client's key shows what was
     * ordered too, so that the same key with another order is refused on any node.
     */
    public String ticket() {
        return name.startsWith(KEY) ? name + Status.ORDER_DIGEST + Integer.toHexString(what.hashCode()) : name;
    }

    /** The name of the order with that ticket. */
    public static String nameOf(String ticket) {
        return Status.orderName(ticket);
    }

    OrderOutcome ended(OrderOutcome.End end, String message) {
        return new OrderOutcome(name, destination, what, end, message);
    }

    /** Whether that is the same order, under whatever name. */
    boolean isAs(OrderOutcome other) {
        return destination.equals(other.destination()) && what.equals(other.what());
    }
}
