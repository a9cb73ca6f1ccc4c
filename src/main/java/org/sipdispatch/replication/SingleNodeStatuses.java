package org.sipdispatch.replication;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusReplicator;
import org.sipdispatch.destination.StatusVersion;

/**
 * A status replicator for a node that may be alone in its cluster. There a published status exists only in this
 * process. If other nodes are configured, one of them may continue without this node, from the journal: an order is
 * confirmed only when the journal has stored it, which the destination's actor learns from the journal. The only node
 * of an installation confirms an order after one second even if the journal does not answer.
 */
public final class SingleNodeStatuses implements StatusReplicator {
    private static final long JOURNAL_MS = 1000;

    private final StatusReplicator delegate;
    private final BooleanSupplier alone;
    private final boolean mayBeReplaced;

    /**
     * Creates a replicator.
     *
     * @param alone whether this node is alone in its cluster now
     * @param mayBeReplaced whether another node may continue from the journal
     */
    public SingleNodeStatuses(StatusReplicator delegate, BooleanSupplier alone, boolean mayBeReplaced) {
        this.delegate = delegate;
        this.alone = alone;
        this.mayBeReplaced = mayBeReplaced;
    }

    @Override
    public void publish(String id, Status status) {
        delegate.publish(id, status);
    }

    @Override
    public void publish(String id, Status status, Runnable known) {
        // A node that joins meanwhile may not have received the status.
        boolean wasAlone = alone.getAsBoolean();
        delegate.publish(id, status, () -> {
            if (!wasAlone && !alone.getAsBoolean()) {
                known.run();
            } else if (!mayBeReplaced) {
                CompletableFuture.delayedExecutor(JOURNAL_MS, TimeUnit.MILLISECONDS)
                        .execute(known);
            }
        });
    }

    @Override
    public boolean isAlone() {
        return alone.getAsBoolean();
    }

    @Override
    public void findNewest(String id, Consumer<Status> then) {
        delegate.findNewest(id, then);
    }

    @Override
    public StatusVersion newestVersion(String id) {
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
