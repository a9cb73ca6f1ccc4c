package org.sipdispatch.replication;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusReplicator;
import org.sipdispatch.destination.Version;

/**
 * A board for nodes that may be alone. There a status that is published is known to nobody who outlives the process, so
 * the journal gets a second to have it before an order is called done; when it is away, that is all there can be.
 */
public final class SingleNodeStatuses implements StatusReplicator {
    private static final long JOURNAL_MS = 1000;

    private final StatusReplicator board;
    private final BooleanSupplier alone;

    public SingleNodeStatuses(StatusReplicator board, BooleanSupplier alone) {
        this.board = board;
        this.alone = alone;
    }

    @Override
    public void publish(String id, Status status) {
        board.publish(id, status);
    }

    @Override
    public void publish(String id, Status status, Runnable known) {
        board.publish(id, status, () -> {
            if (alone.getAsBoolean()) {
                CompletableFuture.delayedExecutor(JOURNAL_MS, TimeUnit.MILLISECONDS)
                        .execute(known);
            } else {
                known.run();
            }
        });
    }

    @Override
    public void findNewest(String id, Consumer<Status> then) {
        board.findNewest(id, then);
    }

    @Override
    public Version newestVersion(String id) {
        return board.newestVersion(id);
    }

    @Override
    public Status lastKnown(String id) {
        return board.lastKnown(id);
    }

    @Override
    public void findLocal(String id, Consumer<Status> then) {
        board.findLocal(id, then);
    }
}
