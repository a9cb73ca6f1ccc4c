package org.sipdispatch.pauses;

/**
 * An observed state of a destination, from a node's view, the history or an event.
 *
 * @param order the reason of the state, which is an order's id if an order caused it
 * @param atNs the start of the state, as of {@link System#nanoTime}; {@link #UNKNOWN} if it is unknown
 * @param where the source of the observation
 */
public record StateSeen(String order, StateVersion version, boolean held, long atNs, String where) {
    public static final long UNKNOWN = Long.MIN_VALUE;

    @Override
    public String toString() {
        return version + " " + (held ? "held" : "free") + " by '" + order + "' (" + where + ")";
    }
}
