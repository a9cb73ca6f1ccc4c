package org.sipdispatch.replication;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.FigureChanges;
import org.sipdispatch.settings.SettingException;

/**
 * The pushed figures as this node's traffic reads them. A figure that is not pushed again within its lifetime loses its
 * values, so that a pusher that has stopped does not determine selections for ever; this works outside the cluster too.
 * Outlives the cluster sessions. Thread-safe.
 */
public final class PushedFigures {
    private static final long NEVER = Long.MAX_VALUE;
    private static final int MOST_FIGURES = 32;
    /** The replicator sends all figures in one message, whose size is limited. */
    private static final int MOST_BYTES = 256 * 1024;

    private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(3);

    /** A monotonic clock, and tasks that it runs later. */
    interface FigureTimer {
        long nowMs();

        void after(long delayMs, Runnable task);
    }

    private static final FigureTimer SYSTEM = new FigureTimer() {
        @Override
        public long nowMs() {
            return System.nanoTime() / 1_000_000;
        }

        @Override
        public void after(long delayMs, Runnable task) {
            CompletableFuture.delayedExecutor(delayMs, TimeUnit.MILLISECONDS).execute(task);
        }
    };

    /** Publishes figures in one cluster session; a null figure removes it. Completes the future when done. */
    interface Publisher {
        void publish(String name, PushedFigure figure, CompletableFuture<Void> done);
    }

    /** The values of one figure; readers keep this object. */
    private static final class FigureSlot {
        private volatile Map<String, Long> values = Map.of();
        private volatile PushedFigure figure;
        private long expiresAtMs;
        /** When the next check for expiry runs. One check serves many pushes. */
        private long nextCheckMs = NEVER;
    }

    private final FigureTimer timer;
    private final Map<String, FigureSlot> slots = new ConcurrentHashMap<>();
    private volatile Publisher publisher;

    public PushedFigures() {
        this(SYSTEM);
    }

    PushedFigures(FigureTimer timer) {
        this.timer = timer;
    }

    private FigureSlot slot(String name) {
        return slots.computeIfAbsent(name, created -> new FigureSlot());
    }

    /** A reader of the destination's value, see {@link org.sipdispatch.sets.DestinationFacts#reader}. */
    public LongSupplier reader(String name, Destination destination) {
        FigureSlot slot = slot(name);
        String uri = destination.uri().toLowerCase(Locale.ROOT);
        return () -> slot.values.getOrDefault(uri, 0L);
    }

    /** Whether a push has replaced the values, for one reader; see {@link org.sipdispatch.sets.DestinationFacts#changes}. */
    public FigureChanges changes(String name) {
        return new PushChanges(slot(name));
    }

    private static final class PushChanges implements FigureChanges {
        private final FigureSlot slot;
        private Map<String, Long> seen;

        PushChanges(FigureSlot slot) {
            this.slot = slot;
        }

        @Override
        public boolean take(IntConsumer changed) {
            Map<String, Long> before = seen;
            seen = slot.values;
            return seen == before;
        }
    }

    /** All figures with values, by name. */
    public Map<String, PushedFigure> all() {
        Map<String, PushedFigure> all = new TreeMap<>();
        slots.forEach((name, slot) -> {
            PushedFigure figure = slot.figure;
            if (figure != null) {
                all.put(name, figure);
            }
        });
        return all;
    }

    /**
     * Replaces a figure on all nodes.
     *
     * @return fails with a {@link SettingException} if it does not fit, with a {@link RejectedExecutionException} while
     *     this node has no cluster session
     */
    public CompletionStage<Void> push(String name, PushedFigure figure) {
        Map<String, PushedFigure> after = all();
        after.put(name, figure);
        if (after.size() > MOST_FIGURES) {
            return CompletableFuture.failedFuture(new SettingException(
                    "figures", after.size(), MOST_FIGURES + " at most, those that expire excluded"));
        }
        int bytes = after.values().stream().mapToInt(PushedFigure::bytes).sum();
        if (bytes > MOST_BYTES) {
            return CompletableFuture.failedFuture(new SettingException(
                    "values", bytes + " bytes with those of the other figures", MOST_BYTES + " at most"));
        }
        return publish(name, figure);
    }

    /** Removes a figure on all nodes; does nothing if there is none. */
    public CompletionStage<Void> remove(String name) {
        return publish(name, null);
    }

    private CompletionStage<Void> publish(String name, PushedFigure figure) {
        Publisher now = publisher;
        if (now == null) {
            return CompletableFuture.failedFuture(
                    new RejectedExecutionException("node: outside the cluster (expected: a member)"));
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        now.publish(name, figure, done);
        return done.orTimeout(PUBLISH_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }

    /** Sets the publisher of a new session. */
    void publishThrough(Publisher session) {
        publisher = session;
    }

    /** The cluster has this figure from now on. */
    void learn(String name, PushedFigure figure) {
        FigureSlot slot = slot(name);
        synchronized (slot) {
            if (!figure.equals(slot.figure)) {
                slot.figure = figure;
                slot.values = Map.copyOf(figure.byUri());
                slot.expiresAtMs = timer.nowMs() + figure.lifetimeMs();
                scheduleCheck(slot);
            }
        }
    }

    private void scheduleCheck(FigureSlot slot) {
        if (slot.expiresAtMs < slot.nextCheckMs) {
            slot.nextCheckMs = slot.expiresAtMs;
            timer.after(slot.expiresAtMs - timer.nowMs(), () -> check(slot));
        }
    }

    private void check(FigureSlot slot) {
        synchronized (slot) {
            slot.nextCheckMs = NEVER;
            if (slot.figure == null) {
                return;
            } else if (timer.nowMs() < slot.expiresAtMs) {
                scheduleCheck(slot);
            } else {
                clear(slot);
            }
        }
    }

    private static void clear(FigureSlot slot) {
        slot.figure = null;
        slot.values = Map.of();
    }

    /** Drops the values of this figure unless a newer one has replaced it. */
    void forget(String name, PushedFigure figure) {
        FigureSlot slot = slot(name);
        synchronized (slot) {
            if (figure.equals(slot.figure)) {
                clear(slot);
            }
        }
    }
}
