package org.sipdispatch.replication;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the states of all destinations as this node knows them: the newest {@link DestinationsSnapshot}, and each
 * change. Outlives the sessions of this node in the cluster. Only one thread at a time may publish; all other methods
 * are thread-safe.
 */
public final class ChangeFeed {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);

    /** Receives changes on the thread that publishes them, and must not block it. */
    public interface ChangeListener {
        /**
         * Called once {@link #snapshot} returns the changed snapshot.
         *
         * @param statuses the new statuses by destination id, possibly of destinations that are no longer defined;
         *     empty if only definitions changed
         */
        void changed(DestinationsSnapshot snapshot, Map<String, Status> statuses);
    }

    private final AtomicReference<DestinationsSnapshot> newest = new AtomicReference<>(DestinationsSnapshot.EMPTY);
    private final Set<ChangeListener> listeners = ConcurrentHashMap.newKeySet();

    private volatile Map<String, DataChecksum> checksums = Map.of();
    private volatile Map<String, SourceState> sources = Map.of();

    /** The newest snapshot. Cheap. */
    public DestinationsSnapshot snapshot() {
        return newest.get();
    }

    /** Calls the listener for each change until {@link #remove}. */
    public void add(ChangeListener listener) {
        listeners.add(listener);
    }

    public void remove(ChangeListener listener) {
        listeners.remove(listener);
    }

    /**
     * Creates a reader with its own position in the changes.
     *
     * @param wake run on the publishing thread after each change; must not block
     */
    public ChangeSubscription subscribe(Runnable wake) {
        return new ChangeSubscription(this, wake);
    }

    /** The checksums of the definitions that the nodes use, by their addresses, also of nodes that have left. */
    public Map<String, DataChecksum> checksums() {
        return checksums;
    }

    /** The states of the watched sources, by partition. */
    public Map<String, SourceState> sources() {
        return sources;
    }

    void setSources(Map<String, SourceState> byPartition) {
        sources = byPartition;
    }

    void setChecksums(Map<String, DataChecksum> byNode) {
        checksums = byNode;
    }

    void publish(DestinationsSnapshot snapshot, Map<String, Status> statuses) {
        newest.set(snapshot);
        for (ChangeListener listener : listeners) {
            try {
                listener.changed(snapshot, statuses);
            } catch (RuntimeException e) {
                LOG.error("a listener failed; the other ones are called", e);
            }
        }
    }

    /**
     * Waits until the snapshot has this version of a destination's status or a newer one, or does not define the
     * destination. Never fails.
     *
     * @return false after {@code longest}
     */
    public CompletionStage<Boolean> awaitVersion(String id, StatusVersion version, Duration longest) {
        return await(
                snapshot -> {
                    DestinationsSnapshot.KnownDestination entry = snapshot.find(id);
                    return entry == null
                            || entry.status() != null
                                    && !version.isAfter(entry.status().version());
                },
                longest);
    }

    /** Waits until the snapshot has these definitions or newer ones. Never fails; false after {@code longest}. */
    public CompletionStage<Boolean> awaitRevision(long revision, Duration longest) {
        return await(snapshot -> snapshot.revision() >= revision, longest);
    }

    private CompletionStage<Boolean> await(Predicate<DestinationsSnapshot> condition, Duration longest) {
        if (condition.test(snapshot())) {
            return CompletableFuture.completedFuture(true);
        }
        CompletableFuture<Boolean> met = new CompletableFuture<>();
        ChangeListener listener = (snapshot, statuses) -> {
            if (condition.test(snapshot)) {
                // Dependent stages do not run on the publishing thread.
                met.completeAsync(() -> true);
            }
        };
        add(listener);
        // The change may have been published between the first check and now.
        listener.changed(snapshot(), Map.of());
        return met.completeOnTimeout(false, longest.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((shown, never) -> remove(listener));
    }
}
