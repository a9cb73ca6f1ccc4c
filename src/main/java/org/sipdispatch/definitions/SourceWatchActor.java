package org.sipdispatch.definitions;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.sipdispatch.catalog.CatalogSnapshot;
import org.sipdispatch.catalog.OtherSourceException;
import org.sipdispatch.catalog.SourceContent;
import org.sipdispatch.catalog.WatchedSource;
import org.sipdispatch.destination.MembershipCheck;
import org.sipdispatch.membership.Supervision;
import org.sipdispatch.replication.SourceState;
import org.sipdispatch.settings.SettingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for changes of one watched source and has them applied by its parent, the catalog actor: the rows that it has
 * checked, so that a change in between cannot apply. A change with an unusable row is refused; one that cannot apply
 * because of another source, such as a table that is away, is tried again at each look.
 */
final class SourceWatchActor extends AbstractBehavior<SourceWatchActor.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(SourceWatchActor.class);

    sealed interface Command {}

    private enum LookDue implements Command {
        INSTANCE
    }

    /** The rows of the partition were replaced, not by this watch. */
    enum LoadedByOther implements Command {
        INSTANCE
    }

    /** {@code rows}: null if there is nothing to apply; {@code failure}: why they cannot be read. */
    private record Looked(SourceContent content, CatalogSnapshot rows, Throwable failure) implements Command {}

    private record Applied(String fingerprint, ReloadOutcome outcome) implements Command {}

    /** Applies the rows of a changed source. */
    interface ChangeApplier {
        void apply(WatchedSource source, CatalogSnapshot rows, ActorRef<ReloadOutcome> replyTo);
    }

    /**
     * Dependencies of the actor.
     *
     * @param states receives the state of a source by its partition, whenever it changes
     * @param membership whether this node may change definitions now
     * @param blocking runs the reads
     */
    record Setup(
            BiConsumer<String, SourceState> states,
            MembershipCheck membership,
            Executor blocking,
            ChangeApplier changes) {}

    static Behavior<Command> create(WatchedSource source, Setup setup) {
        return Supervision.restarting(Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(LookDue.INSTANCE, source.interval());
            return new SourceWatchActor(context, source, setup);
        })));
    }

    private final WatchedSource source;
    private final Setup setup;
    private WatchedFingerprints memory = WatchedFingerprints.NONE;
    private SourceState state;
    private boolean busy;

    private SourceWatchActor(ActorContext<Command> context, WatchedSource source, Setup setup) {
        super(context);
        this.source = source;
        this.setup = setup;
        tell(new SourceState(source.place(), "", 0, 0, ""));
        look();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessageEquals(LookDue.INSTANCE, this::onLookDue)
                .onMessageEquals(LoadedByOther.INSTANCE, () -> {
                    memory = memory.loadedByOther();
                    return this;
                })
                .onMessage(Looked.class, this::onLooked)
                .onMessage(Applied.class, this::onApplied)
                .build();
    }

    private Behavior<Command> onLookDue() {
        if (!busy && setup.membership().isCurrent()) {
            look();
        }
        return this;
    }

    private void look() {
        busy = true;
        WatchedFingerprints known = memory;
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(() -> look(source, known), setup.blocking()),
                        (looked, failure) -> looked == null ? new Looked(null, null, failure) : looked);
    }

    private static Looked look(WatchedSource source, WatchedFingerprints known) {
        SourceContent content = content(source);
        if (!known.isDue(content)) {
            return new Looked(content, null, null);
        }
        try {
            return new Looked(content, content.rows().get(), null);
        } catch (SettingException | OtherSourceException e) {
            return new Looked(content, null, e);
        }
    }

    /** A source that cannot be read counts as a content that is refused. */
    private static SourceContent content(WatchedSource source) {
        try {
            return source.content().get();
        } catch (SettingException e) {
            return new SourceContent("not read: " + e.getMessage(), false, () -> {
                throw e;
            });
        }
    }

    private Behavior<Command> onLooked(Looked looked) {
        busy = false;
        if (looked.content() == null) {
            LOG.warn("{} cannot be watched now", source.place(), looked.failure());
            return this;
        }
        SourceContent content = looked.content();
        boolean isRestored = memory.isLoaded(content) && !state.error().isEmpty();
        memory = memory.looked(content);
        if (looked.failure() instanceof OtherSourceException) {
            isNotLoadedYet(looked.failure().getMessage());
        } else if (looked.failure() != null) {
            refuse(content, looked.failure().getMessage());
        } else if (looked.rows() != null) {
            apply(content, looked.rows());
        } else if (isRestored) {
            memory = memory.loaded(content.fingerprint());
            LOG.info("{} has the loaded destinations again", source.place());
            tell(new SourceState(state.place(), state.node(), state.appliedMs(), state.refusals(), ""));
        }
        return this;
    }

    private void apply(SourceContent content, CatalogSnapshot rows) {
        String error = rows.entries().isEmpty()
                ? "rows: none that can be used (expected: at least one; an order to reload applies an empty list)"
                : "";
        String refusal = rows.skipped().isEmpty() ? error : ReloadOutcome.refusal(rows.skipped());
        if (!refusal.isEmpty()) {
            refuse(content, refusal);
            return;
        }
        busy = true;
        ActorRef<ReloadOutcome> replyTo = getContext()
                .messageAdapter(ReloadOutcome.class, outcome -> new Applied(content.fingerprint(), outcome));
        setup.changes().apply(source, rows, replyTo);
    }

    private Behavior<Command> onApplied(Applied applied) {
        busy = false;
        String error = applied.outcome().error();
        if (error.isEmpty()) {
            boolean isKnown = memory.isUnknown() && applied.outcome().changes().isEmpty();
            memory = memory.loaded(applied.fingerprint());
            if (isKnown && state.error().isEmpty()) {
                return this;
            }
            LOG.info("{} has changed and is loaded", source.place());
            tell(new SourceState(state.place(), state.node(), System.currentTimeMillis(), state.refusals(), ""));
        } else {
            isNotLoadedYet(error);
        }
        return this;
    }

    /** It is tried again at the next look. */
    private void isNotLoadedYet(String error) {
        if (!error.equals(state.error())) {
            LOG.warn("{} has changed and is not loaded yet: {}", source.place(), error);
            tell(new SourceState(state.place(), state.node(), state.appliedMs(), state.refusals(), error));
        }
    }

    private void refuse(SourceContent content, String error) {
        memory = memory.refused(content.fingerprint());
        LOG.warn("{} has changed but is refused, and the loaded destinations stay: {}", source.place(), error);
        tell(new SourceState(state.place(), state.node(), state.appliedMs(), state.refusals() + 1, error));
    }

    private void tell(SourceState now) {
        state = now;
        setup.states().accept(source.partition(), now);
    }
}
