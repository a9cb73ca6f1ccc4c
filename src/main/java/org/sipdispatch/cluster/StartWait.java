package org.sipdispatch.cluster;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The wait of a node that starts until it knows something of every destination. It outlives the lives of the node in
 * the cluster: one that is taken out while it starts waits for what its next life learns. Thread-safe.
 */
final class StartWait {
    private final CountDownLatch open = new CountDownLatch(1);

    /** A life knows something of every destination. */
    void end() {
        open.countDown();
    }

    boolean isOver() {
        return open.getCount() == 0;
    }

    /**
     * Waits for that.
     *
     * @param meanwhile run each time that so long has passed
     * @return false if it took longer than the longest
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
