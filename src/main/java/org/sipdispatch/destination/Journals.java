package org.sipdispatch.destination;

import akka.actor.typed.Behavior;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** The journals of a node: from a destination's id to its journal. Thread-safe. */
public final class Journals implements Function<String, Behavior<DestinationJournal.Command>> {
    private final DestinationJournal.Shared shared;

    /**
     * Makes them.
     *
     * @param snapshotEvery how many records until a snapshot makes them superfluous
     * @param keepSnapshots how many snapshots are kept; records before the oldest are deleted
     */
    public Journals(int snapshotEvery, int keepSnapshots) {
        shared = new DestinationJournal.Shared(
                snapshotEvery,
                keepSnapshots,
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                new AtomicBoolean(),
                new JournalSilence());
    }

    @Override
    public Behavior<DestinationJournal.Command> apply(String id) {
        return DestinationJournal.create(id, shared);
    }

    /** Whether the store was asked for what it has, and has not answered for a while. */
    public boolean areSilent() {
        return shared.silence().isSilent(nowMs());
    }

    static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }
}
