package org.sipdispatch.settings;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** When trouble that goes on is to be told: as it begins, and at intervals from then on, not each time. Thread-safe. */
public final class Reminder {
    /** How often trouble that goes on is told. */
    public static final Duration INTERVAL = Duration.ofMinutes(10);

    private static final int MOST_CAUSES = 8;

    private final Set<String> causes = new HashSet<>();
    private boolean troubled;
    private long toldNanos;

    /**
     * That there is trouble.
     *
     * @param nowNanos a clock that only goes forward, as {@link System#nanoTime}
     * @return whether it is to be told now
     */
    public synchronized boolean isDue(long nowNanos) {
        return isDue("", nowNanos);
    }

    /** The same for trouble of which one cause hides another one: each is told. */
    public synchronized boolean isDue(String cause, long nowNanos) {
        if (!troubled || nowNanos - toldNanos >= INTERVAL.toNanos()) {
            causes.clear();
            toldNanos = nowNanos;
        }
        troubled = true;
        return causes.size() < MOST_CAUSES && causes.add(cause);
    }

    public synchronized boolean isTroubled() {
        return troubled;
    }

    /** That there is none; true if there was. */
    public synchronized boolean ends() {
        boolean was = troubled;
        troubled = false;
        return was;
    }
}
