package org.sipdispatch.destination;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorSignalInterceptor;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.Signal;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.pattern.CircuitBreakerOpenException;
import akka.persistence.RecoveryTimedOut;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.RecoveryFailed;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.RetentionCriteria;
import akka.persistence.typed.javadsl.SignalHandler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.sipdispatch.settings.LogReminder;
import org.slf4j.Logger;

/**
 * The event-sourced journal of one destination. Writes are asynchronous: the destination's actor does not wait for
 * them. While the database is unavailable the journal restarts with backoff. One warning for all journals of the node
 * says so, at first and then at intervals.
 */
public final class DestinationJournal
        extends EventSourcedBehavior<DestinationJournal.Command, JournalEntry, DestinationJournal.JournalState> {
    public sealed interface Command {}

    /** Sets the actor that receives {@link Reply}s: one now, and one each time the journal has restarted. */
    public record Open(ActorRef<Reply> parent) implements Command {}

    public record WriteEntry(JournalEntry recorded) implements Command {}

    public sealed interface Reply {}

    /**
     * The journal has recovered and accepts writes.
     *
     * @param newest the newest status in the journal; null if it has none
     */
    public record Ready(Status newest, long lastSequence) implements Reply {}

    /**
     * The journal was read, but is not open.
     *
     * @param newest the newest status in the journal; null if it has none
     */
    public record Found(Status newest) implements Reply {}

    /** The record with this version is persisted. */
    public record Saved(StatusVersion version) implements Reply {}

    /**
     * The journal's state, which a snapshot contains.
     *
     * @param newest null if there is none
     */
    public record JournalState(Status newest) {
        JournalState after(JournalEntry recorded) {
            return newer(new JournalState(recorded.status()));
        }

        /** The one with the newer status. */
        public JournalState newer(JournalState other) {
            boolean isOlder = other.newest != null
                    && (newest == null || other.newest.version().isAfter(newest.version()));
            return isOlder ? other : this;
        }
    }

    /**
     * The dependencies and settings that all journals of a node share.
     *
     * @param snapshotEvery the number of records between snapshots
     * @param keepSnapshots the number of snapshots to keep; records before the oldest are deleted
     * @param backoffLeast the first delay before a restart
     * @param backoffMost the longest delay before a restart
     * @param down limits how often the warning about the unavailable database is logged
     * @param failing whether a journal has failed since one was written or recovered last
     * @param silence tracks whether the database answers recovering journals
     * @param nowMs a monotonic clock, in milliseconds
     * @param cause describes in a few words why the journal failed; receives null if a record could not be written
     */
    record JournalSetup(
            int snapshotEvery,
            int keepSnapshots,
            Duration backoffLeast,
            Duration backoffMost,
            LogReminder down,
            AtomicBoolean failing,
            JournalOutage silence,
            LongSupplier nowMs,
            Function<Throwable, String> cause) {
        /** A journal was written or recovered. */
        void works(Logger log) {
            failing.set(false);
            ended(log);
        }

        /**
         * Many journals were read together. If one of them has failed, the outage continues until one works: an operation
         * that began before the database was back may fail later than this.
         */
        void read(Logger log) {
            if (!failing.get()) {
                ended(log);
            }
        }

        private void ended(Logger log) {
            if (down.ends()) {
                log.info("the journal is available again");
            }
        }

        /** A journal has failed. {@code failure}: null if a record could not be written. */
        void failed(Logger log, Throwable failure) {
            failing.set(true);
            notRead(log, failure);
        }

        /** Many journals could not be read together. */
        void notRead(Logger log, Throwable failure) {
            if (down.isDue(Duration.ofMillis(nowMs.getAsLong()).toNanos())) {
                log.warn(
                        "the journal cannot be used: {}; this node continues, and writes changes when it is available",
                        cause.apply(isSilence(failure) ? new NoAnswerException() : failure));
            }
        }
    }

    /** Creates the journals of a node, from a destination's id. Thread-safe. */
    public static final class Journals implements Function<String, Behavior<Command>> {
        private final JournalSetup shared;
        private final JournalQuery query;

        /**
         * Creates the factory.
         *
         * @param snapshotEvery the number of records between snapshots
         * @param keepSnapshots the number of snapshots to keep; records before the oldest are deleted
         * @param nowMs a monotonic clock, in milliseconds
         * @param cause describes in a few words why the journal failed; receives null if a record could not be written
         * @param query reads many journals at once
         */
        public Journals(
                int snapshotEvery,
                int keepSnapshots,
                LongSupplier nowMs,
                Function<Throwable, String> cause,
                JournalQuery query) {
            shared = new JournalSetup(
                    snapshotEvery,
                    keepSnapshots,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10),
                    new LogReminder(),
                    new AtomicBoolean(),
                    new JournalOutage(nowMs),
                    nowMs,
                    cause);
            this.query = query;
        }

        /** The actor that reads many journals at once; {@code blocking} runs its queries. */
        public Behavior<JournalHeadsActor.Command> heads(Consumer<Runnable> blocking) {
            return JournalHeadsActor.create(query, shared, blocking);
        }

        @Override
        public Behavior<Command> apply(String id) {
            return create(id, shared);
        }

        /**
         * Whether journals have waited for the database for {@value JournalOutage#LONGEST_MS} ms without an answer.
         */
        public boolean areUnresponsive() {
            return shared.silence().isSilent();
        }
    }

    private static final double BACKOFF_SPREAD = 0.2;

    static Behavior<Command> create(String id, JournalSetup shared) {
        // The outer supervision handles what is not a database failure, such as a record that cannot be deserialized.
        AtomicReference<ActorRef<Reply>> parent = new AtomicReference<>();
        Behavior<Command> journal = Behaviors.supervise(
                        Behaviors.<Command>setup(context -> new DestinationJournal(context, id, shared, parent)))
                .onFailure(SupervisorStrategy.restartWithBackoff(
                                shared.backoffMost, shared.backoffMost.multipliedBy(6), BACKOFF_SPREAD)
                        .withLoggingEnabled(false));
        return Behaviors.intercept(() -> new StopInterceptor(() -> shared.silence.stopped(parent)), journal);
    }

    /** Runs a task when the journal is stopped, also between two restarts. */
    private static final class StopInterceptor extends BehaviorSignalInterceptor<Command> {
        private final Runnable task;

        StopInterceptor(Runnable task) {
            this.task = task;
        }

        @Override
        public Behavior<Command> aroundSignal(
                TypedActorContext<Command> context, Signal signal, SignalTarget<Command> target) {
            if (signal instanceof PostStop) {
                task.run();
            }
            return target.apply(context, signal);
        }
    }

    private final ActorContext<Command> context;
    private final JournalSetup shared;

    /** Survives restarts of this behavior, and identifies it to {@link JournalOutage}. */
    private final AtomicReference<ActorRef<Reply>> parent;

    private DestinationJournal(
            ActorContext<Command> context, String id, JournalSetup shared, AtomicReference<ActorRef<Reply>> parent) {
        super(
                persistenceId(id),
                SupervisorStrategy.restartWithBackoff(shared.backoffLeast, shared.backoffMost, BACKOFF_SPREAD)
                        .withLoggingEnabled(false));
        this.context = context;
        this.shared = shared;
        this.parent = parent;
        shared.silence.asked(parent);
    }

    /** An id may contain Akka's separator and be longer than the database column. */
    static PersistenceId persistenceId(String id) {
        String safe = id.replace("%", "%25").replace("|", "%7C");
        if (safe.length() > 200) {
            safe = safe.substring(0, 130) + "#" + digest(id);
        }
        return PersistenceId.of("destination", safe);
    }

    /** The destination's id in a persistence id; null if it is not a destination's. A long id is truncated. */
    public static String destinationOf(String persistenceId) {
        String prefix = "destination|";
        return persistenceId.startsWith(prefix)
                ? persistenceId.substring(prefix.length()).replace("%7C", "|").replace("%25", "%")
                : null;
    }

    /** The id as {@link #destinationOf} returns it: unchanged, unless it is long. */
    public static String journalName(String id) {
        return id.isEmpty() ? id : destinationOf(persistenceId(id).id());
    }

    private static String digest(String id) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public JournalState emptyState() {
        return new JournalState(null);
    }

    @Override
    public CommandHandler<Command, JournalEntry, JournalState> commandHandler() {
        return newCommandHandlerBuilder()
                .forAnyState()
                .onCommand(Open.class, this::onOpen)
                .onCommand(WriteEntry.class, (state, write) -> onWriteEntry(write))
                .build();
    }

    private Effect<JournalEntry, JournalState> onOpen(JournalState state, Open open) {
        parent.set(open.parent());
        ready(state);
        return Effect().none();
    }

    private Effect<JournalEntry, JournalState> onWriteEntry(WriteEntry write) {
        JournalEntry recorded = write.recorded();
        return Effect().persist(recorded).thenRun(state -> {
            shared.works(context.getLog());
            answer(new Saved(recorded.status().version()));
        });
    }

    @Override
    public EventHandler<JournalState, JournalEntry> eventHandler() {
        return JournalState::after;
    }

    @Override
    public SignalHandler<JournalState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), this::ready)
                .onSignal(RecoveryFailed.class, (state, failed) -> shared.failed(context.getLog(), failed.getFailure()))
                .onSignal(PreRestart.instance(), state -> shared.failed(context.getLog(), null))
                .build();
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(shared.snapshotEvery, shared.keepSnapshots)
                .withDeleteEventsOnSnapshot();
    }

    private void ready(JournalState state) {
        shared.silence.answered();
        if (parent.get() != null) {
            shared.works(context.getLog());
        }
        answer(new Ready(state.newest(), lastSequenceNumber(context)));
    }

    private void answer(Reply answer) {
        ActorRef<Reply> listener = parent.get();
        if (listener != null) {
            listener.tell(answer);
        }
    }

    /** The journal did not answer in time. Stands for exceptions of Akka Persistence, whose texts name no database. */
    public static final class NoAnswerException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static boolean isSilence(Throwable failure) {
        return failure instanceof RecoveryTimedOut || failure instanceof CircuitBreakerOpenException;
    }
}
