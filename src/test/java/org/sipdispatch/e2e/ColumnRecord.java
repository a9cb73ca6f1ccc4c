package org.sipdispatch.e2e;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** Polls the column {@code state} of one destination. */
final class ColumnRecord implements AutoCloseable {
    private static final long EVERY_NANOS = 50_000_000;

    /** A value of the column; {@code atNs} is before the query. */
    record Look(int state, long atNs) {
        boolean held() {
            return state == 1;
        }
    }

    private final Queue<Look> looks = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    static ColumnRecord start(String jdbcUrl, String destination) {
        ColumnRecord record = new ColumnRecord();
        TestUserAgent.daemon("column", () -> {
            while (!record.closed) {
                long atNs = System.nanoTime();
                record.looks.add(new Look(ReportedHistory.column(jdbcUrl).get(destination), atNs));
                LockSupport.parkNanos(EVERY_NANOS);
            }
        });
        return record;
    }

    /** The values after that time. */
    List<Look> after(long atNs) {
        return looks.stream().filter(look -> look.atNs() > atNs).toList();
    }

    @Override
    public void close() {
        closed = true;
    }
}
