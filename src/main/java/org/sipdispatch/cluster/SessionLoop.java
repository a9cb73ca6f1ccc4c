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
 * Begins one session in the cluster after the other, on a thread of its own, until it is closed. At most one session is
 * there at any time, and none after {@link #close}. Thread-safe.
 */
final class SessionLoop<S extends SessionLoop.Session> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionLoop.class);

    /** A session, as far as the loop knows it. */
    interface Session {
        /** Completes when nothing of the session is left. */
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
     * @param next begins a session after another one has ended
     * @param retry after what time another attempt follows one that failed
     * @param longestLeave how long {@link #close} waits for a session that begins, and for one that ends
     */
    SessionLoop(Supplier<S> next, Duration retry, Duration longestLeave) {
        this.next = next;
        this.retry = retry;
        this.longestLeave = longestLeave;
    }

    /** Goes on from that session, the first one. */
    void start(S first) {
        current = first;
        first.ended().whenComplete((done, trouble) -> ended());
    }

    /** The newest session; null before the first one. */
    S current() {
        return current;
    }

    private synchronized void ended() {
        if (!closing) {
            LOG.warn("taken out of the cluster; calls go on with what is known, and this node joins again");
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

    /** Whatever goes wrong, an Error too: a node that does not try again is out of the cluster until it is restarted. */
    private void begin() {
        if (isClosing()) {
            return;
        }
        try {
            start(next.get());
        } catch (Throwable e) {
            LOG.warn("the next session in the cluster did not begin; trying again: {}", e.toString());
            beginLater();
        }
    }

    /** Waits for a session that is just beginning, so that this one is left too. */
    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            thread.shutdown();
        }
        try {
            if (!thread.awaitTermination(longestLeave.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("a session in the cluster was beginning and is not left");
            }
            if (current != null) {
                current.leave().toCompletableFuture().get(longestLeave.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("left the cluster without handing over: {}", e.toString());
        }
    }
}
