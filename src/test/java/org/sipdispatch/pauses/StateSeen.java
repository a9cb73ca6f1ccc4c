package org.sipdispatch.pauses;

/**
 * A destination's state as somebody showed it: a node's view, the history, an event.
 *
 * @param order the reason that the state gives, which is an order's id if an order made it
 * @param atNs when the state began, as of {@link System#nanoTime}; {@link #UNKNOWN} if that is not known
 * @param where who showed it
 */
public record StateSeen(String order, StateVersion version, boolean held, long atNs, String where) {
    public static final long UNKNOWN = Long.MIN_VALUE;

    @Override
    public String toString() {
        return version + " " + (held ? "held" : "free") + " by '" + order + "' (" + where + ")";
    }
}
