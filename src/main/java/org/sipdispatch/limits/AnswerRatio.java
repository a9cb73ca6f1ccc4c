package org.sipdispatch.limits;

import java.util.Arrays;

/**
 * The percentage of answered calls among those that ended their setup within the last minute, in steps of ten seconds.
 * Thread-safe. All times are nanoseconds of the same monotonic clock.
 */
final class AnswerRatio {
    private static final int STEPS = 6;
    private static final long STEP_NANOS = 10_000_000_000L;
    /** Fewer calls say nothing. */
    private static final int LEAST = 20;

    private static final int PERCENT = 100;

    private final int[] answered = new int[STEPS];
    private final int[] all = new int[STEPS];
    private int step;
    private long stepNanos;
    private long trialNanos;

    AnswerRatio(long nowNanos) {
        stepNanos = nowNanos;
        trialNanos = nowNanos;
    }

    /** A call was set up, or was not answered. */
    synchronized void ended(boolean wasAnswered) {
        all[step]++;
        answered[step] += wasAnswered ? 1 : 0;
    }

    /** Whether the percentage is that high, or cannot be told; and once in ten seconds regardless, as a trial. */
    synchronized boolean admits(int percent, long nowNanos) {
        return isAtLeast(percent, nowNanos) || isTrial(nowNanos);
    }

    /** Whether {@link #admits} would say so. */
    synchronized boolean mayAdmit(int percent, long nowNanos) {
        return isAtLeast(percent, nowNanos) || isTrialDue(nowNanos);
    }

    /** The same without a trial. */
    synchronized boolean isAtLeast(int percent, long nowNanos) {
        for (int i = 0; i < STEPS && nowNanos - stepNanos >= STEP_NANOS; i++) {
            step = (step + 1) % STEPS;
            all[step] = 0;
            answered[step] = 0;
            stepNanos = i == STEPS - 1 ? nowNanos : stepNanos + STEP_NANOS;
        }
        int calls = Arrays.stream(all).sum();
        return calls < LEAST || (long) Arrays.stream(answered).sum() * PERCENT >= (long) calls * percent;
    }

    private boolean isTrial(long nowNanos) {
        boolean isDue = isTrialDue(nowNanos);
        trialNanos = isDue ? nowNanos : trialNanos;
        return isDue;
    }

    private boolean isTrialDue(long nowNanos) {
        return nowNanos - trialNanos >= STEP_NANOS;
    }
}
