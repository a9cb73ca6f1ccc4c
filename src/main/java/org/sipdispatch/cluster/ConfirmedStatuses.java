package org.sipdispatch.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.sipdispatch.destination.Status;
import org.sipdispatch.replication.ReplicaListenerActor.Confirmed;

/**
 * Gives traffic the newest statuses each time the membership is confirmed, first and after each pause: those that a
 * majority knows. A node that has become the only one of its cluster during a pause adds those in the journal: a node that
 * was alone before it may have executed orders. Thread-safe.
 */
final class ConfirmedStatuses {
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(100);

    private final Setup setup;
    private CompletionStage<Map<String, Status>> journal = CompletableFuture.completedFuture(Map.of());

    /**
     * Dependencies.
     *
     * @param newest reads the statuses from a majority; fails if none answers
     * @param journal reads the statuses in the journal
     * @param callsWait whether new calls wait for the confirmation
     * @param ended whether the session has ended
     */
    record Setup(
            Supplier<CompletionStage<Map<String, Status>>> newest,
            Supplier<CompletionStage<Map<String, Status>>> journal,
            BooleanSupplier callsWait,
            BooleanSupplier ended,
            PauseWait.DelayedTask timer,
            Consumer<Confirmed> receiver) {}

    ConfirmedStatuses(Setup setup) {
        this.setup = setup;
    }

    /** {@code becameAlone}: whether this node has become the only one of its cluster while it was not confirmed. */
    synchronized void read(long pauses, boolean becameAlone) {
        if (becameAlone && setup.callsWait().getAsBoolean()) {
            journal = setup.journal().get();
        }
        // After another pause the same reading continues: only this node has executed orders since.
        CompletionStage<Map<String, Status>> reading = journal;
        setup.newest().get().whenComplete((statuses, late) -> {
            if (late == null) {
                reading.thenAccept(more -> setup.receiver().accept(new Confirmed(newest(statuses, more), pauses)));
            } else if (!setup.ended().getAsBoolean()) {
                setup.timer().schedule(RETRY_INTERVAL, () -> read(pauses, false));
            }
        });
    }

    private static Map<String, Status> newest(Map<String, Status> statuses, Map<String, Status> more) {
        Map<String, Status> all = new HashMap<>(statuses);
        more.forEach((id, status) ->
                all.merge(id, status, (one, other) -> other.version().isAfter(one.version()) ? other : one));
        return all;
    }
}
