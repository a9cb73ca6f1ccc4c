package org.sipdispatch.sets;

import java.time.Duration;

/**
 * How requests are kept away from destinations that are overloaded or have just come back.
 *
 * @param longestRest the longest time for which a Retry-After applies; zero if it is ignored
 * @param slowStart how long a destination that is usable again gets only a part of its requests; zero for not at all
 * @param first this part at the beginning, in percent, 1 to 100
 * @param curve how the part grows
 */
public record CalmSettings(Duration longestRest, Duration slowStart, int first, Curve curve) {
    /** Requests are kept away from no destination. */
    public static final CalmSettings OFF = new CalmSettings(Duration.ZERO, Duration.ZERO, SlowShares.ALL, Curve.LINEAR);

    /** A new share means new views, so there are few of them. */
    private static final int STEP = 5;

    /** How a part grows with time. */
    public enum Curve {
        /** Evenly. */
        LINEAR(1),
        /** Slowly at first: with the square of the time. */
        QUADRATIC(2),
        /** Quickly at first: with the square root of the time. */
        SQUARE_ROOT(0.5);

        private final double exponent;

        Curve(double exponent) {
            this.exponent = exponent;
        }
    }

    /** Whether a destination that is usable again gets a part of its requests first. */
    boolean startsSlowly() {
        return !slowStart.isZero() && first < SlowShares.ALL;
    }

    /** The part in percent so many milliseconds after the return; {@link SlowShares#ALL} when the start is over. */
    int percent(long sinceMs) {
        long lengthMs = slowStart.toMillis();
        if (sinceMs >= lengthMs) {
            return SlowShares.ALL;
        }
        double grown = Math.pow((double) Math.max(0, sinceMs) / lengthMs, curve.exponent);
        int percent = (int) (first + (SlowShares.ALL - first) * grown);
        return percent < STEP ? percent : percent - percent % STEP;
    }
}
