package org.sipdispatch.cluster;

/**
 * An order to a destination's actor.
 *
 * @param name identifies it in the cluster
 * @param destination the id of the destination
 * @param what the verb, and what else is ordered
 */
record GivenOrder(String name, String destination, String what) {
    /** Names that were made by nodes never begin so. */
    private static final String KEY = "key:";

    /** The name of an order that its client has given that key. */
    static String ofKey(String key) {
        return KEY + key;
    }

    OrderOutcome ended(OrderOutcome.End end, String message) {
        return new OrderOutcome(name, destination, what, end, message);
    }

    /** Whether that is the same order, under whatever name. */
    boolean isAs(OrderOutcome other) {
        return destination.equals(other.destination()) && what.equals(other.what());
    }
}
