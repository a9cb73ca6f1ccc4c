package org.sipdispatch.replication;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.sipdispatch.destination.Board;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.Version;

/**
 * A board for nodes that may be alone. There a status that is published is known to nobody who outlives the process, so
 * the journal gets a second to have it before an order is called done; when it is away, that is all there can be.
 */
public final class SingleNodeStatuses implements Board {
    private static final long JOURNAL_MS = 1000;

    private final Board board;
    private final BooleanSupplier alone;

    public SingleNodeStatuses(Board board, BooleanSupplier alone) {
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
    public void newest(String id, Consumer<Status> then) {
        board.newest(id, then);
    }

    @Override
    public Version newestVersion(String id) {
        return board.newestVersion(id);
    }

    @Override
    public Status remembered(String id) {
        return board.remembered(id);
    }

    @Override
    public void known(String id, Consumer<Status> then) {
        board.known(id, then);
    }
}
