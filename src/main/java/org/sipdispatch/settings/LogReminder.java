package org.sipdispatch.settings;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Decides when to log a continuing failure: when it begins and then at intervals, not each time. Thread-safe. */
public final class LogReminder {
    /** The time between log lines for a continuing failure. */
    public static final Duration INTERVAL = Duration.ofMinutes(10);

    private static final int MOST_CAUSES = 8;

    private final Set<String> causes = new HashSet<>();
    private boolean failing;
    private long loggedNanos;

    /**
     * Records a failure.
     *
     * @param nowNanos a monotonic clock such as {@link System#nanoTime}
     * @return whether to log it now
     */
    public synchronized boolean isDue(long nowNanos) {
        return isDue("", nowNanos);
    }

    /** The same for a failure with several causes at a time: each cause is logged. */
    public synchronized boolean isDue(String cause, long nowNanos) {
        if (!failing || nowNanos - loggedNanos >= INTERVAL.toNanos()) {
            causes.clear();
            loggedNanos = nowNanos;
        }
        failing = true;
        return causes.size() < MOST_CAUSES && causes.add(cause);
    }

    public synchronized boolean isFailing() {
        return failing;
    }

    /** Records that the failure has ended; true if there was one. */
    public synchronized boolean ends() {
        boolean was = failing;
        failing = false;
        return was;
    }
}
