package org.sipdispatch.destination;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PreRestart;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.sipdispatch.settings.Reminder;

/**
 * One destination's records in the store. Written behind: whoever decides does not wait for it. While the store is away it
 * begins anew until it is back, and says so for all destinations of this node, as it begins and at intervals.
 */
public final class DestinationJournal
        extends EventSourcedBehavior<DestinationJournal.Command, Recorded, DestinationJournal.Kept> {
    /** What a journal can be told. */
    public sealed interface Command {}

    /** Whom to answer: now, and each time the journal has begun anew. */
    public record Open(ActorRef<Answer> parent) implements Command {}

    /** Keeps a record. */
    public record Write(Recorded recorded) implements Command {}

    /** What a journal says. */
    public sealed interface Answer {}

    /**
     * It can be written.
     *
     * @param newest the newest status it knows; null if it knows none
     */
    public record Ready(Status newest, long lastSequence) implements Answer {}

    /** The record of that version is kept. */
    public record Saved(Version version) implements Answer {}

    /**
     * What a snapshot holds.
     *
     * @param newest null if there is none
     */
    public record Kept(Status newest) {
        Kept after(Recorded recorded) {
            boolean newer = newest == null || recorded.status().version().isAfter(newest.version());
            return newer ? new Kept(recorded.status()) : this;
        }
    }

    /**
     * What all journals of a node share.
     *
     * @param snapshotEvery how many records until a snapshot makes them superfluous
     * @param keepSnapshots how many snapshots are kept; records before the oldest are deleted
     * @param backoffLeast how long to wait before beginning anew, at first
     * @param backoffMost and at last
     * @param down when it is told that the store is away
     * @param silence whether it answers those that begin
     * @param nowMs a clock that only goes forward, in milliseconds
     * @param cause says in a few words why it cannot be used; is given null where a record could not be written
     */
    record Shared(
            int snapshotEvery,
            int keepSnapshots,
            Duration backoffLeast,
            Duration backoffMost,
            Reminder down,
            JournalSilence silence,
            LongSupplier nowMs,
            Function<Throwable, String> cause) {}

    /** The journals of a node: from a destination's id to its journal. Thread-safe. */
    public static final class Journals implements Function<String, Behavior<Command>> {
        private final Shared shared;

        /**
         * Makes them.
         *
         * @param snapshotEvery how many records until a snapshot makes them superfluous
         * @param keepSnapshots how many snapshots are kept; records before the oldest are deleted
         * @param nowMs a clock that only goes forward, in milliseconds
         * @param cause says in a few words why the store cannot be used; is given null where a record could not be written
         */
        public Journals(int snapshotEvery, int keepSnapshots, LongSupplier nowMs, Function<Throwable, String> cause) {
            shared = new Shared(
                    snapshotEvery,
                    keepSnapshots,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10),
                    new Reminder(),
                    new JournalSilence(nowMs),
                    nowMs,
                    cause);
        }

        @Override
        public Behavior<Command> apply(String id) {
            return create(id, shared);
        }

        /** Whether the store was asked for what it has, and has not answered for a while. */
        public boolean areSilent() {
            return shared.silence().isSilent();
        }
    }

    private static final double BACKOFF_SPREAD = 0.2;

    static Behavior<Command> create(String id, Shared shared) {
        // The outer one is for what is no failure of the store, such as a record that cannot be read.
        AtomicReference<ActorRef<Answer>> parent = new AtomicReference<>();
        return Behaviors.supervise(
                        Behaviors.<Command>setup(context -> new DestinationJournal(context, id, shared, parent)))
                .onFailure(SupervisorStrategy.restartWithBackoff(
                                shared.backoffMost, shared.backoffMost.multipliedBy(6), BACKOFF_SPREAD)
                        .withLoggingEnabled(false));
    }

    private final ActorContext<Command> context;
    private final Shared shared;

    /** Outlives what begins anew. */
    private final AtomicReference<ActorRef<Answer>> parent;

    private DestinationJournal(
            ActorContext<Command> context, String id, Shared shared, AtomicReference<ActorRef<Answer>> parent) {
        super(
                persistenceId(id),
                SupervisorStrategy.restartWithBackoff(shared.backoffLeast, shared.backoffMost, BACKOFF_SPREAD)
                        .withLoggingEnabled(false));
        this.context = context;
        this.shared = shared;
        this.parent = parent;
        shared.silence.asked();
    }

    /** Ids may hold Akka's separator and be longer than the store's column. */
    static PersistenceId persistenceId(String id) {
        String safe = id.replace("%", "%25").replace("|", "%7C");
        if (safe.length() > 200) {
            safe = safe.substring(0, 130) + "#" + digest(id);
        }
        return PersistenceId.of("destination", safe);
    }

    /** The id of the destination that is kept by that name; null if it is no destination's. A long id is cut. */
    public static String destinationOf(String persistenceId) {
        String prefix = "destination|";
        return persistenceId.startsWith(prefix)
                ? persistenceId.substring(prefix.length()).replace("%7C", "|").replace("%25", "%")
                : null;
    }

    /** An id as {@link #destinationOf} gives it back: itself, unless it is long. */
    public static String keptName(String id) {
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
    public Kept emptyState() {
        return new Kept(null);
    }

    @Override
    public CommandHandler<Command, Recorded, Kept> commandHandler() {
        return newCommandHandlerBuilder()
                .forAnyState()
                .onCommand(Open.class, this::onOpen)
                .onCommand(Write.class, (state, write) -> onWrite(write))
                .build();
    }

    private Effect<Recorded, Kept> onOpen(Kept state, Open open) {
        parent.set(open.parent());
        ready(state);
        return Effect().none();
    }

    private Effect<Recorded, Kept> onWrite(Write write) {
        Recorded recorded = write.recorded();
        return Effect().persist(recorded).thenRun(state -> {
            up();
            answer(new Saved(recorded.status().version()));
        });
    }

    @Override
    public EventHandler<Kept, Recorded> eventHandler() {
        return Kept::after;
    }

    @Override
    public SignalHandler<Kept> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), this::ready)
                .onSignal(RecoveryFailed.class, (state, failed) -> down(failed.getFailure()))
                .onSignal(PreRestart.instance(), state -> down(null))
                .build();
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(shared.snapshotEvery, shared.keepSnapshots)
                .withDeleteEventsOnSnapshot();
    }

    private void ready(Kept state) {
        shared.silence.answered();
        if (parent.get() != null) {
            up();
        }
        answer(new Ready(state.newest(), lastSequenceNumber(context)));
    }

    private void answer(Answer answer) {
        ActorRef<Answer> listener = parent.get();
        if (listener != null) {
            listener.tell(answer);
        }
    }

    private void up() {
        if (shared.down.ends()) {
            context.getLog().info("the journal is back");
        }
    }

    private void down(Throwable failure) {
        if (shared.down.isDue(Duration.ofMillis(shared.nowMs.getAsLong()).toNanos())) {
            context.getLog()
                    .warn(
                            "the journal cannot be used ({}); probing goes on and is written when it is back",
                            shared.cause.apply(failure));
        }
    }
}
