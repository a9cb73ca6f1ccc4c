package org.sipdispatch.sets;

import java.time.Duration;

/**
 * How a destination that is usable again gets its requests step by step.
 *
 * @param duration how long it gets only a part of them; zero for no slow start
 * @param firstPercent this part at the beginning, 1 to 100
 * @param curve how the part grows
 */
public record SlowStartSettings(Duration duration, int firstPercent, Curve curve) {
    /** Destinations get all of their requests at once. */
    public static final SlowStartSettings OFF = new SlowStartSettings(Duration.ZERO, SlowShares.ALL, Curve.LINEAR);

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
    boolean isOn() {
        return !duration.isZero() && firstPercent < SlowShares.ALL;
    }

    /** The part in percent so many milliseconds after the return; {@link SlowShares#ALL} when the start is over. */
    int percent(long sinceMs) {
        long lengthMs = duration.toMillis();
        if (sinceMs >= lengthMs) {
            return SlowShares.ALL;
        }
        double grown = Math.pow((double) Math.max(0, sinceMs) / lengthMs, curve.exponent);
        int percent = (int) (firstPercent + (SlowShares.ALL - firstPercent) * grown);
        return percent < STEP ? percent : percent - percent % STEP;
    }
}
