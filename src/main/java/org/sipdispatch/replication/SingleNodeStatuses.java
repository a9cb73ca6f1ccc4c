package org.sipdispatch.replication;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusReplicator;
import org.sipdispatch.destination.Version;

/**
 * A status replicator for a node that may be alone in its cluster. There a published status exists only in this
 * process, so an order is confirmed one second later, to give the journal time to store the status. If the journal does
 * not answer, the order is confirmed nevertheless.
 */
public final class SingleNodeStatuses implements StatusReplicator {
    private static final long JOURNAL_MS = 1000;

    private final StatusReplicator delegate;
    private final BooleanSupplier alone;

    public SingleNodeStatuses(StatusReplicator delegate, BooleanSupplier alone) {
        this.delegate = delegate;
        this.alone = alone;
    }

    @Override
    public void publish(String id, Status status) {
        delegate.publish(id, status);
    }

    @Override
    public void publish(String id, Status status, Runnable known) {
        delegate.publish(id, status, () -> {
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
        delegate.findNewest(id, then);
    }

    @Override
    public Version newestVersion(String id) {
        return delegate.newestVersion(id);
    }

    @Override
    public Status lastKnown(String id) {
        return delegate.lastKnown(id);
    }

    @Override
    public void findLocal(String id, Consumer<Status> then) {
        delegate.findLocal(id, then);
    }
}
