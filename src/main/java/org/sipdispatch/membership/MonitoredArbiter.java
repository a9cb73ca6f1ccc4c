package org.sipdispatch.membership;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** An arbiter that remembers when it last answered. Thread-safe. */
public final class MonitoredArbiter implements Arbiter {
    /** Longer than the interval at which nodes ask. */
    private static final Duration LATELY = Duration.ofSeconds(5);

    private static final long NEVER = Long.MIN_VALUE;

    private final Arbiter witness;
    private final AtomicLong heardNs = new AtomicLong(NEVER);

    public MonitoredArbiter(Arbiter witness) {
        this.witness = witness;
    }

    /** Whether the database answered within the last 5 s. */
    boolean heardLately() {
        long heard = heardNs.get();
        return heard != NEVER && System.nanoTime() - heard < LATELY.toNanos();
    }

    @Override
    public Answer settle(String epoch, String side) {
        return heard(witness.settle(epoch, side));
    }

    @Override
    public Sighting read(String cluster) {
        Sighting sighting = witness.read(cluster);
        heard(sighting.answer());
        return sighting;
    }

    @Override
    public Answer beat(String cluster, String owner) {
        return heard(witness.beat(cluster, owner));
    }

    @Override
    public Answer take(String cluster, String owner, Sighting seen) {
        return heard(witness.take(cluster, owner, seen));
    }

    private Answer heard(Answer answer) {
        if (answer != Answer.SILENT) {
            heardNs.set(System.nanoTime());
        }
        return answer;
    }
}
