package org.sipdispatch.sets;

/**
 * The part of its requests that a destination gets at present.
 *
 * @param backoffMs how much longer it is in backoff and gets none, in milliseconds; 0 if it is not
 * @param slowStartPercent the part in its slow start; 100 if it has none
 */
public record TrafficShare(long backoffMs, int slowStartPercent) {
    /** The share of a destination that gets all of its requests. */
    public static final TrafficShare ALL = new TrafficShare(0, SlowShares.ALL);

    public boolean isInBackoff() {
        return backoffMs > 0;
    }

    public boolean isInSlowStart() {
        return slowStartPercent < SlowShares.ALL;
    }
}
