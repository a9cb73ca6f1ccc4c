package org.sipdispatch.membership;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** An arbiter that remembers when it last answered. Thread-safe. */
public final class MonitoredArbiter implements Arbiter {
    /** Longer than the interval at which nodes ask. */
    private static final Duration LATELY = Duration.ofSeconds(5);

    private static final long NEVER = Long.MIN_VALUE;

    private final Arbiter arbiter;
    private final AtomicLong heardNs = new AtomicLong(NEVER);

    public MonitoredArbiter(Arbiter arbiter) {
        this.arbiter = arbiter;
    }

    /** Whether the database answered within the last 5 s. */
    boolean heardLately() {
        long heard = heardNs.get();
        return heard != NEVER && System.nanoTime() - heard < LATELY.toNanos();
    }

    @Override
    public Answer decide(String epoch, String side) {
        return heard(arbiter.decide(epoch, side));
    }

    @Override
    public Heartbeat read(String cluster) {
        Heartbeat sighting = arbiter.read(cluster);
        heard(sighting.answer());
        return sighting;
    }

    @Override
    public Answer renew(String cluster, String owner) {
        return heard(arbiter.renew(cluster, owner));
    }

    @Override
    public Answer takeOver(String cluster, String owner, Heartbeat seen) {
        return heard(arbiter.takeOver(cluster, owner, seen));
    }

    private Answer heard(Answer answer) {
        if (answer != Answer.SILENT) {
            heardNs.set(System.nanoTime());
        }
        return answer;
    }
}
