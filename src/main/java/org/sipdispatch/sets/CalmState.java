package org.sipdispatch.sets;

/**
 * How requests are kept away from one destination at present.
 *
 * @param restMs how much longer it rests, in milliseconds; 0 if it does not
 * @param percent the part of its requests that it gets; 100 unless it starts slowly
 */
public record CalmState(long restMs, int percent) {
    /** A destination that gets all of its requests. */
    public static final CalmState NONE = new CalmState(0, SlowShares.ALL);

    public boolean rests() {
        return restMs > 0;
    }

    public boolean startsSlowly() {
        return percent < SlowShares.ALL;
    }
}
