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
    synchronized boolean isSilent() {
        return unanswered > 1 && nanoClock.getAsLong() - unansweredSinceNanos > SILENT_FOR.toNanos();
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

    private synchronized Answer heard(Answer answer) {
        if (answer != Answer.SILENT) {
            unanswered = 0;
        } else if (unanswered++ == 0) {
            unansweredSinceNanos = nanoClock.getAsLong();
        }
        return answer;
    }
}
