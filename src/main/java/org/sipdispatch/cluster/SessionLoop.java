package org.sipdispatch.cluster;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one cluster session after the other on its own thread until it is closed. At most one session exists at any
 * time, and none after {@link #close}. Thread-safe.
 */
final class SessionLoop<S extends SessionLoop.Session> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionLoop.class);

    interface Session {
        /** Completes when the session has released all of its resources. */
        CompletionStage<?> ended();

        /** Hands over to the other nodes and ends. */
        CompletionStage<?> leave();
    }

    private final Supplier<S> next;
    private final Duration retry;
    private final Duration longestLeave;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread created = new Thread(work, "cluster-sessions");
        created.setDaemon(true);
        return created;
    });
    private volatile S current;
    private boolean closing;

    /**
     * @param next starts the next session after one has ended
     * @param retry delay before another attempt after a failed start
     * @param longestLeave how long {@link #close} waits for a session that is starting, and again for the session to
     *     end
     */
    SessionLoop(Supplier<S> next, Duration retry, Duration longestLeave) {
        this.next = next;
        this.retry = retry;
        this.longestLeave = longestLeave;
    }

    /** Starts the loop with this session as the first one. */
    void start(S first) {
        current = first;
        first.ended().whenComplete((done, failure) -> ended());
    }

    /** The newest session; null before the first one. */
    S current() {
        return current;
    }

    private synchronized void ended() {
        if (!closing) {
            LOG.warn("this node was removed from the cluster; it rejoins");
            thread.execute(this::begin);
        }
    }

    private synchronized boolean isClosing() {
        return closing;
    }

    private synchronized void beginLater() {
        if (!closing) {
            thread.schedule(this::begin, retry.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Catches errors too: a node that stopped trying would stay outside the cluster until it is restarted. */
    private void begin() {
        if (isClosing()) {
            return;
        }
        try {
            start(next.get());
        } catch (Throwable e) {
            LOG.warn("the next cluster session could not be started, next attempt soon: {}", e.toString());
            beginLater();
        }
    }

    /** Also waits for a session that is starting, to leave it too. */
    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            thread.shutdown();
        }
        try {
            if (!thread.awaitTermination(longestLeave.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("this node stops without leaving the cluster: a cluster session was still starting");
            }
            if (current != null) {
                current.leave().toCompletableFuture().get(longestLeave.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("this node left the cluster without a handover: {}", e.toString());
        }
    }
}
