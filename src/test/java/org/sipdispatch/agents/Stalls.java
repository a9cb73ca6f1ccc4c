package org.sipdispatch.agents;

/**
 * Notices when this process did not get to run: what a test has measured meanwhile says nothing about those whom it
 * watches.
 */
public final class Stalls implements AutoCloseable {
    private static final long EVERY_MS = 10;
    private static final long LONG_NANOS = 300_000_000;

    private final Thread thread = new Thread(this::watch, "stalls");
    private volatile boolean closed;
    private volatile long endedAt = Long.MIN_VALUE;

    private Stalls() {
        thread.setDaemon(true);
    }

    public static Stalls watched() {
        Stalls stalls = new Stalls();
        stalls.thread.start();
        return stalls;
    }

    private void watch() {
        long before = System.nanoTime();
        while (!closed) {
            try {
                Thread.sleep(EVERY_MS);
            } catch (InterruptedException e) {
                return;
            }
            long now = System.nanoTime();
            if (now - before > LONG_NANOS) {
                endedAt = now;
            }
            before = now;
        }
    }

    /** Whether it stood still for long since that moment of {@link System#nanoTime}. */
    public boolean since(long nanos) {
        return endedAt != Long.MIN_VALUE && endedAt - nanos > 0;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
