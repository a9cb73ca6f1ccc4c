package org.sipdispatch.observation;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.ObjLongConsumer;

/**
 * Counts handshakes by their result. A line for the log is due at the first failure of each kind, and then every ten
 * seconds for each. Thread-safe.
 */
final class HandshakeCounts<F extends Enum<F>> {
    private static final long LINE_EVERY_MS = 10_000;

    private final AtomicLong completed = new AtomicLong();
    private final AtomicLongArray failures;
    private final AtomicLongArray logged;
    private final AtomicLongArray lineDueMs;

    /** {@code kinds}: the number of kinds of failures. */
    HandshakeCounts(int kinds) {
        failures = new AtomicLongArray(kinds);
        logged = new AtomicLongArray(kinds);
        lineDueMs = new AtomicLongArray(kinds);
        for (int i = 0; i < kinds; i++) {
            lineDueMs.set(i, Long.MIN_VALUE);
        }
    }

    void completed() {
        completed.incrementAndGet();
    }

    /** {@code line} logs the failure, with the number since the last line; called only if a line is due. */
    void failed(F why, long nowMs, ObjLongConsumer<F> line) {
        int at = why.ordinal();
        long sum = failures.incrementAndGet(at);
        long dueMs = lineDueMs.get(at);
        if (nowMs >= dueMs && lineDueMs.compareAndSet(at, dueMs, nowMs + LINE_EVERY_MS)) {
            line.accept(why, sum - logged.getAndSet(at, sum));
        }
    }

    long completedCount() {
        return completed.get();
    }

    long failures(F why) {
        return failures.get(why.ordinal());
    }
}
