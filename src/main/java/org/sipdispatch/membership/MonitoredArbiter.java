package org.sipdispatch.membership;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** An arbiter that remembers when it last answered. Thread-safe. */
public final class MonitoredArbiter implements Arbiter {
    /** Longer than the interval at which nodes ask. */
    private static final Duration LATELY = Duration.ofSeconds(5);

    private static final long NEVER = Long.MIN_VALUE;

    private final Arbiter arbiter;
    private final AtomicLong answeredNs = new AtomicLong(NEVER);

    public MonitoredArbiter(Arbiter arbiter) {
        this.arbiter = arbiter;
    }

    /** Whether the database answered within the last 5 s. */
    boolean hasAnsweredLately() {
        long answered = answeredNs.get();
        return answered != NEVER && System.nanoTime() - answered < LATELY.toNanos();
    }

    @Override
    public ClaimResult decide(String epoch, String side) {
        return recordAnswer(arbiter.decide(epoch, side));
    }

    @Override
    public Heartbeat read(String cluster) {
        Heartbeat heartbeat = arbiter.read(cluster);
        recordAnswer(heartbeat.result());
        return heartbeat;
    }

    @Override
    public ClaimResult renew(String cluster, String owner) {
        return recordAnswer(arbiter.renew(cluster, owner));
    }

    @Override
    public ClaimResult takeOver(String cluster, String owner, Heartbeat seen) {
        return recordAnswer(arbiter.takeOver(cluster, owner, seen));
    }

    private ClaimResult recordAnswer(ClaimResult result) {
        if (result != ClaimResult.SILENT) {
            answeredNs.set(System.nanoTime());
        }
        return result;
    }
}
