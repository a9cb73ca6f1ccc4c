package org.sipdispatch.cluster;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The wait of a starting node until it has a status for every destination. Spans sessions: if a session ends during the
 * start, the wait continues with the next one. Thread-safe.
 */
final class StartWait {
    private final CountDownLatch open = new CountDownLatch(1);

    /** Ends the wait: a session has a status for every destination, or the node stops. */
    void end() {
        open.countDown();
    }

    boolean isOver() {
        return open.getCount() == 0;
    }

    /**
     * Waits for {@link #end}.
     *
     * @param meanwhile run each time {@code every} has passed
     * @return false after {@code longest}, or if the thread was interrupted
     */
    boolean await(Duration longest, Duration every, Runnable meanwhile) {
        long endNanos = System.nanoTime() + longest.toNanos();
        try {
            while (true) {
                long leftNanos = endNanos - System.nanoTime();
                if (open.await(Math.min(leftNanos, every.toNanos()), TimeUnit.NANOSECONDS)) {
                    return true;
                } else if (leftNanos <= every.toNanos()) {
                    return false;
                }
                meanwhile.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
