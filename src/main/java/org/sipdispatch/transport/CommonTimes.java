package org.sipdispatch.transport;

import java.util.concurrent.TimeUnit;

/**
 * When the repeated tasks of a scheduler are due: at times that many of them have in common, so that one wake-up serves
 * all of these. The times of an interval are the multiples of its greatest common divisor with a second: those of 200 ms
 * and of 500 ms have two in common per second, with those of 1 s and of a minute too.
 */
final class CommonTimes {
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** With a smaller divisor there would be few times in common. */
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final long originNanos;

    /** {@code originNanos}: the first of the times. */
    CommonTimes(long originNanos) {
        this.originNanos = originNanos;
    }

    /**
     * When a task that runs now is due again: at the last common time within the interval. So it is never later than
     * the interval, and from then on the interval stays the same, also if the task runs somewhat late.
     *
     * @param intervalNanos more than 0
     */
    long next(long nowNanos, long intervalNanos) {
        long dueNanos = nowNanos + intervalNanos;
        long step = greatestCommonDivisor(intervalNanos, SECOND_NANOS);
        return step < LEAST_NANOS ? dueNanos : dueNanos - Math.floorMod(dueNanos - originNanos, step);
    }

    private static long greatestCommonDivisor(long a, long b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
}
