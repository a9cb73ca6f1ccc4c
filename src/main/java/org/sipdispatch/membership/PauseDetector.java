package org.sipdispatch.membership;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects pauses of this process: stopped, suspended with its virtual machine, in a long garbage collection, or without
 * processor time. A thread records the time every 50 ms; if the record is too old, the process was paused. A caller
 * that asks right after a pause detects it even before that thread runs again. Thread-safe.
 */
public final class PauseDetector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PauseDetector.class);
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long TO_MS = 1_000_000;
    /** Suspensions that follow each other within this time count together. */
    private static final long SERIES_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final long boundNanos;
    private final LongSupplier nanoClock;
    private final LongSupplier wallClock;
    private final LongConsumer noticed;
    private volatile long notedNanos;
    private volatile long pauses;
    private volatile long pausedAtNanos;
    private volatile long confirmed;
    private volatile long lastRealPause;
    private long notedWallMs;
    private long suspendedAtNanos;
    private long suspendedNanos;
    private long reported;
    private volatile boolean closed;

    /**
     * Creates a detector without a thread; see {@link #start}.
     *
     * @param bound an older record of the time means a pause
     * @param nanoClock a monotonic clock, in nanoseconds
     * @param wallClock milliseconds since 1970; a jump shows that the virtual machine was suspended, during which the
     *     monotonic clock stood still too
     * @param noticed receives the number of pauses after each pause, on the thread that records the time
     */
    PauseDetector(Duration bound, LongSupplier nanoClock, LongSupplier wallClock, LongConsumer noticed) {
        this.boundNanos = bound.toNanos();
        this.nanoClock = nanoClock;
        this.wallClock = wallClock;
        this.noticed = noticed;
        notedNanos = nanoClock.getAsLong();
        notedWallMs = wallClock.getAsLong();
    }

    /** Starts a detector with its own thread, which runs until the detector is closed. */
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
                LOG.warn("the pause of this process could not be reported", e);
            }
            LockSupport.parkNanos(TICK_NANOS);
        }
    }

    /** Records the time, after checking whether the process was paused since the last record. */
    void note() {
        long now;
        synchronized (this) {
            now = nanoClock.getAsLong();
            long wallMs = wallClock.getAsLong();
            long jumpedMs = wallMs - notedWallMs - (now - notedNanos) / TO_MS;
            if (jumpedMs > boundNanos / TO_MS) {
                recordSuspension(now, jumpedMs);
            }
            if (now - notedNanos > boundNanos || jumpedMs > boundNanos / TO_MS) {
                recordPause(now, Math.max(jumpedMs, 0) + (now - notedNanos) / TO_MS);
            }
            notedWallMs = wallMs;
            notedNanos = now;
        }
        long count = pauses;
        if (count != reported) {
            reported = count;
            noticed.accept(count);
        }
    }

    /** Number of pauses since the start, including one that has just ended. */
    public long pauses() {
        if (!closed && nanoClock.getAsLong() - notedNanos > boundNanos) {
            pausedNow();
        }
        return pauses;
    }

    private synchronized void pausedNow() {
        long now = nanoClock.getAsLong();
        if (now - notedNanos > boundNanos) {
            recordPause(now, (now - notedNanos) / TO_MS);
            notedWallMs += (now - notedNanos) / TO_MS;
            notedNanos = now;
        }
    }

    private void recordSuspension(long nowNanos, long ms) {
        boolean follows = nowNanos - suspendedAtNanos < SERIES_NANOS;
        suspendedNanos = TimeUnit.MILLISECONDS.toNanos(ms) + (follows ? suspendedNanos : 0);
        suspendedAtNanos = nowNanos;
    }

    /** How far the wall clock has jumped against the monotonic clock in pauses since this time, in nanoseconds. */
    synchronized long suspendedNanosSince(long nanos) {
        return suspendedNanos > 0 && suspendedAtNanos - nanos >= 0 ? suspendedNanos : 0;
    }

    private void recordPause(long nowNanos, long ms) {
        pausedAtNanos = nowNanos;
        pauses++;
        lastRealPause = pauses;
        LOG.warn("this process was paused for {} ms", ms);
    }

    /** Treats this moment as the end of a pause: other nodes report that they continued without this node. */
    public synchronized void assume() {
        pausedAtNanos = nanoClock.getAsLong();
        pauses++;
    }

    /** The cluster has confirmed the states that this node's traffic uses, after {@code count} pauses. */
    public synchronized void confirm(long count) {
        confirmed = Math.max(confirmed, count);
    }

    /** Number of pauses at the last confirmation. */
    public synchronized long confirmedPauses() {
        return confirmed;
    }

    /** Whether new calls wait until the cluster has confirmed this node's states. */
    public boolean isUnconfirmed() {
        return pauses() != confirmed;
    }

    /** Whether all pauses since the last confirmation were only assumed, see {@link #assume}. */
    public boolean isOnlyAssumed() {
        return lastRealPause <= confirmed;
    }

    /** When the last pause was detected, in nanoseconds of the monotonic clock; undefined before the first pause. */
    long pausedAtNanos() {
        return pausedAtNanos;
    }

    /** Whether a pause was detected within this time. */
    public boolean pausedWithin(Duration time) {
        return pauses() > 0 && nanoClock.getAsLong() - pausedAtNanos < time.toNanos();
    }

    @Override
    public void close() {
        closed = true;
    }
}
