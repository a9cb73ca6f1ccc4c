package org.sipdispatch.e2e;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Records the times at which this process had no processor: what it received then has waited in a socket, and may have
 * been sent earlier than it was received.
 */
final class Stalls implements AutoCloseable {
    private static final long EVERY_NS = 10_000_000;
    private static final long STALL_NS = 30_000_000;
    /** The threads that receive may get a processor later than the one that notices. */
    private static final long OTHERS_NS = 20_000_000;

    /** End and start of each. */
    private final ConcurrentSkipListMap<Long, Long> stalls = new ConcurrentSkipListMap<>();

    private volatile boolean closed;

    static Stalls start() {
        Stalls record = new Stalls();
        TestUserAgent.daemon("stalls", record::run);
        return record;
    }

    private void run() {
        long lastNs = System.nanoTime();
        while (!closed) {
            LockSupport.parkNanos(EVERY_NS);
            long nowNs = System.nanoTime();
            if (nowNs - lastNs > STALL_NS) {
                stalls.put(nowNs, lastNs);
            }
            lastNs = nowNs;
        }
    }

    /** The earliest time at which a message can have arrived that was received at that time. */
    long earliestNs(long receivedNs) {
        Map.Entry<Long, Long> stall = stalls.ceilingEntry(receivedNs - OTHERS_NS);
        return stall == null ? receivedNs : Math.min(receivedNs, stall.getValue());
    }

    /** The length of the longest one. */
    long longestNs() {
        return stalls.entrySet().stream()
                .mapToLong(stall -> stall.getKey() - stall.getValue())
                .max()
                .orElse(0);
    }

    @Override
    public void close() {
        closed = true;
    }
}
