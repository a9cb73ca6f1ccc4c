package org.sipdispatch.membership;

import java.time.Duration;
import java.util.function.LongSupplier;

/** An arbiter that remembers whether it answers. Thread-safe. */
public final class MonitoredArbiter implements Arbiter {
    /** Longer than the interval at which nodes ask. */
    private static final Duration SILENT_FOR = Duration.ofSeconds(5);

    private final Arbiter arbiter;
    private final LongSupplier nanoClock;
    private int unanswered;
    private long unansweredSinceNanos;

    public MonitoredArbiter(Arbiter arbiter) {
        this(arbiter, System::nanoTime);
    }

    MonitoredArbiter(Arbiter arbiter, LongSupplier nanoClock) {
        this.arbiter = arbiter;
        this.nanoClock = nanoClock;
    }

    /**
     * Whether the database is known not to answer: two questions or more have had no answer for 5 s. A pause of this
     * node, during which it asks nothing, is no such evidence.
     */
    public synchronized boolean isSilent() {
        return unanswered > 1 && nanoClock.getAsLong() - unansweredSinceNanos > SILENT_FOR.toNanos();
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

    private synchronized ClaimResult recordAnswer(ClaimResult result) {
        if (result != ClaimResult.SILENT) {
            unanswered = 0;
        } else if (unanswered++ == 0) {
            unansweredSinceNanos = nanoClock.getAsLong();
        }
        return result;
    }
}
