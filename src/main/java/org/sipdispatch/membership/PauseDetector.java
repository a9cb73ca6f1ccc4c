package org.sipdispatch.membership;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that this process stood still: stopped, suspended with its virtual machine, in a long garbage collection, or
 * without processor time. A thread of its own notes the time every 50 ms; if the note is too old, the process stood still. Whoever
 * asks after a pause notices it even before that thread runs again. Thread-safe.
 */
public final class PauseDetector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PauseDetector.class);
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long TO_MS = 1_000_000;

    private final long boundNanos;
    private final LongSupplier nanoClock;
    private final LongSupplier wallClock;
    private final LongConsumer noticed;
    private volatile long notedNanos;
    private volatile long pauses;
    private volatile long pausedAtNanos;
    private volatile long confirmed;
    private volatile long stoodStillAt;
    private long notedWallMs;
    private long told;
    private volatile boolean closed;

    /**
     * Notes nothing by itself; see {@link #start}.
     *
     * @param bound a note that is older means a pause
     * @param nanoClock a clock that never goes back, in nanoseconds
     * @param wallClock milliseconds since 1970; its jumps tell of a suspended virtual machine, whose other clock stood still too
     * @param noticed is told the number of pauses after each, on the thread that notes the time
     */
    PauseDetector(Duration bound, LongSupplier nanoClock, LongSupplier wallClock, LongConsumer noticed) {
        this.boundNanos = bound.toNanos();
        this.nanoClock = nanoClock;
        this.wallClock = wallClock;
        this.noticed = noticed;
        notedNanos = nanoClock.getAsLong();
        notedWallMs = wallClock.getAsLong();
    }

    /** One that notes the time on its own thread until it is closed. */
    public static PauseDetector start(Duration bound, LongConsumer noticed) {
        PauseDetector detector = new PauseDetector(bound, System::nanoTime, System::currentTimeMillis, noticed);
        Thread thread = new Thread(detector::run, "pause-detector");
        thread.setDaemon(true);
        thread.setPriority(Thread.MAX_PRIORITY);
        thread.start();
        return detector;
    }

    private void run() {
        while (!closed) {
            try {
                note();
            } catch (RuntimeException e) {
                LOG.warn("after a pause of this process", e);
            }
            LockSupport.parkNanos(TICK_NANOS);
        }
    }

    /** Notes the time, after looking whether the process stood still since the last note. */
    void note() {
        long now;
        synchronized (this) {
            now = nanoClock.getAsLong();
            long wallMs = wallClock.getAsLong();
            long jumpedMs = wallMs - notedWallMs - (now - notedNanos) / TO_MS;
            if (now - notedNanos > boundNanos || jumpedMs > boundNanos / TO_MS) {
                stoodStill(now, Math.max(jumpedMs, 0) + (now - notedNanos) / TO_MS);
            }
            notedWallMs = wallMs;
            notedNanos = now;
        }
        long count = pauses;
        if (count != told) {
            told = count;
            noticed.accept(count);
        }
    }

    /** How many pauses were noticed since the start, one that has just ended included. */
    public long pauses() {
        if (!closed && nanoClock.getAsLong() - notedNanos > boundNanos) {
            pausedNow();
        }
        return pauses;
    }

    private synchronized void pausedNow() {
        long now = nanoClock.getAsLong();
        if (now - notedNanos > boundNanos) {
            stoodStill(now, (now - notedNanos) / TO_MS);
            notedWallMs += (now - notedNanos) / TO_MS;
            notedNanos = now;
        }
    }

    private void stoodStill(long nowNanos, long ms) {
        pausedAtNanos = nowNanos;
        pauses++;
        stoodStillAt = pauses;
        LOG.warn("this process stood still for {} ms", ms);
    }

    /** Treats this moment as the end of a pause: others say that they went on without this node. */
    public synchronized void assume() {
        pausedAtNanos = nanoClock.getAsLong();
        pauses++;
    }

    /** The cluster has confirmed, after so many pauses, what this node's traffic knows. */
    public synchronized void confirm(long count) {
        confirmed = Math.max(confirmed, count);
    }

    /** After how many pauses the cluster has confirmed it last. */
    public synchronized long confirmedPauses() {
        return confirmed;
    }

    /** Whether new calls wait until the cluster has confirmed what this node knows. */
    public boolean isUnconfirmed() {
        return pauses() != confirmed;
    }

    /** Whether this process itself was not paused since the cluster has confirmed it last. */
    public boolean isOnlyAssumed() {
        return stoodStillAt <= confirmed;
    }

    /** When the last pause was noticed, by the nanosecond clock; of no meaning before the first one. */
    long pausedAtNanos() {
        return pausedAtNanos;
    }

    /** Whether a pause was noticed within that time. */
    public boolean pausedWithin(Duration time) {
        return pauses() > 0 && nanoClock.getAsLong() - pausedAtNanos < time.toNanos();
    }

    @Override
    public void close() {
        closed = true;
    }
}
