package org.sipdispatch.history;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.LongFunction;
import org.sipdispatch.settings.LogReminder;

/**
 * Projects the journals of all nodes into the cluster's history and delivers the history to webhooks. A cluster
 * singleton; two instances at the same time do no harm. All database access runs on the history's own threads, so the
 * actor never blocks.
 */
public final class HistoryProjectionActor extends AbstractBehavior<HistoryProjectionActor.Command> {
    public sealed interface Command {}

    /** Stops the actor; another node takes over. */
    public enum Stop implements Command {
        /** The only value. */
        INSTANCE
    }

    private enum ProjectionDue implements Command {
        INSTANCE
    }

    /** This node has learned of a change, on any node, that the journal records. */
    private enum ChangeLearned implements Command {
        INSTANCE
    }

    private enum RetentionDue implements Command {
        INSTANCE
    }

    private enum FinishTimeout implements Command {
        INSTANCE
    }

    /**
     * A projection step ended.
     *
     * @param more whether there may be more records to take in at once; null if the step failed
     */
    private record ProjectionDone(Boolean more, Throwable failure) implements Command {}

    /** A retention step ended; the parameters are those of {@link ProjectionDone}. */
    private record RetentionDone(Boolean more, Throwable failure) implements Command {}

    private record Finished(ActorRef<WebhookActor.Command> hook) implements Command {}

    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration RETENTION_INTERVAL = Duration.ofHours(1);
    private static final Duration RETENTION_RETRY_DELAY = Duration.ofMinutes(1);
    /**
     * The longest wait for webhook requests in progress. A request that is not answered by then is delivered again by
     * the next instance.
     */
    private static final Duration FINISH_TIMEOUT = Duration.ofSeconds(5);

    private final TimerScheduler<Command> timers;
    private final JdbcHistory history;
    private final JournalProjection projection;
    private final Retention retention;
    private final ProjectionPace pace = new ProjectionPace(System.nanoTime());
    private final Set<ActorRef<WebhookActor.Command>> hooks = new HashSet<>();
    /** Limits the warnings about a history that cannot be written. */
    private final LogReminder reminder = new LogReminder();

    private final Runnable changeListener;
    private boolean retentionFailing;

    /**
     * Creates the singleton, which resumes at the offset stored in the database.
     *
     * @param names maps the node number in a version to the node's address; empty if the node is unknown
     */
    public static Behavior<Command> create(JdbcHistory history, HistorySettings settings, LongFunction<String> names) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new HistoryProjectionActor(
                context,
                timers,
                history,
                new JournalProjection(history.sequence(), history.store().product(), names),
                settings)));
    }

    private HistoryProjectionActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            JdbcHistory history,
            JournalProjection projection,
            HistorySettings settings) {
        super(context);
        // The logger name is otherwise taken from the first caller, and Akka's own log names only that.
        context.setLoggerName(HistoryProjectionActor.class);
        this.timers = timers;
        this.history = history;
        this.projection = projection;
        this.retention = new Retention(settings.keep());
        if (!settings.webhooks().isEmpty()) {
            HttpClient client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .build();
            settings.webhooks()
                    .forEach(hook -> hooks.add(context.spawnAnonymous(WebhookActor.create(hook, history, client))));
        }
        ActorRef<Command> self = context.getSelf();
        changeListener = () -> self.tell(ChangeLearned.INSTANCE);
        history.setChangeListener(changeListener);
        context.getSelf().tell(ProjectionDue.INSTANCE);
        context.getSelf().tell(RetentionDue.INSTANCE);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessageEquals(ProjectionDue.INSTANCE, this::onProjectionDue)
                .onMessage(ProjectionDone.class, this::onProjectionDone)
                .onMessageEquals(ChangeLearned.INSTANCE, this::onChangeLearned)
                .onMessageEquals(RetentionDue.INSTANCE, this::onRetentionDue)
                .onMessage(RetentionDone.class, this::onRetentionDone)
                .onMessageEquals(Stop.INSTANCE, this::onStop)
                .onSignal(PostStop.class, stopped -> onStopped())
                .build();
    }

    private Behavior<Command> onProjectionDue() {
        getContext()
                .pipeToSelf(
                        history.runForProjection(connection ->
                                projection.step(connection, System.currentTimeMillis(), System.nanoTime())),
                        ProjectionDone::new);
        return this;
    }

    private Behavior<Command> onProjectionDone(ProjectionDone done) {
        if (done.failure() != null) {
            failed(done.failure());
            // The records that wait until the database is back.
            pace.changed(System.nanoTime());
            timers.startSingleTimer(ProjectionDue.INSTANCE, RETRY_DELAY);
            return this;
        }
        if (reminder.ends()) {
            getContext().getLog().info("the history can be written again");
        }
        timers.startSingleTimer(ProjectionDue.INSTANCE, done.more() ? Duration.ZERO : pace.pause(System.nanoTime()));
        return this;
    }

    private Behavior<Command> onChangeLearned() {
        if (pace.changed(System.nanoTime()) && timers.isTimerActive(ProjectionDue.INSTANCE)) {
            timers.startSingleTimer(ProjectionDue.INSTANCE, ProjectionPace.OFTEN);
        }
        return this;
    }

    private Behavior<Command> onStopped() {
        history.removeChangeListener(changeListener);
        return this;
    }

    private Behavior<Command> onRetentionDue() {
        getContext()
                .pipeToSelf(
                        history.runForProjection(connection -> retention.step(
                                connection,
                                System.currentTimeMillis(),
                                history.sequence().nowMs(connection))),
                        RetentionDone::new);
        return this;
    }

    private Behavior<Command> onRetentionDone(RetentionDone swept) {
        boolean failed = swept.failure() != null;
        if (failed && !retentionFailing) {
            getContext()
                    .getLog()
                    .warn(
                            "old entries cannot be deleted from the history, next attempt in a minute: {}",
                            cause(swept.failure()));
        }
        retentionFailing = failed;
        timers.startSingleTimer(RetentionDue.INSTANCE, untilNextRetention(failed, !failed && swept.more()));
        return this;
    }

    static Duration untilNextRetention(boolean failed, boolean more) {
        if (failed) {
            return RETENTION_RETRY_DELAY;
        }
        return more ? Duration.ZERO : RETENTION_INTERVAL;
    }

    /**
     * Waits for the webhooks to finish, so that the next instance does not repeat a delivery that was just accepted.
     */
    private Behavior<Command> onStop() {
        if (hooks.isEmpty()) {
            return Behaviors.stopped();
        }
        for (ActorRef<WebhookActor.Command> hook : hooks) {
            getContext().watchWith(hook, new Finished(hook));
            hook.tell(WebhookActor.Finish.INSTANCE);
        }
        timers.startSingleTimer(FinishTimeout.INSTANCE, FINISH_TIMEOUT);
        return newReceiveBuilder()
                .onMessage(Finished.class, this::onFinished)
                .onMessageEquals(FinishTimeout.INSTANCE, Behaviors::stopped)
                .onSignal(PostStop.class, stopped -> onStopped())
                .onAnyMessage(ignored -> Behaviors.same())
                .build();
    }

    private Behavior<Command> onFinished(Finished finished) {
        hooks.remove(finished.hook());
        return hooks.isEmpty() ? Behaviors.stopped() : Behaviors.same();
    }

    private void failed(Throwable failure) {
        if (reminder.isDue(String.valueOf(cause(failure)), System.nanoTime())) {
            getContext()
                    .getLog()
                    .warn(
                            "the history cannot be written, the journal keeps the records until it can: {}",
                            cause(failure));
        }
    }

    private static String cause(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause.getMessage();
    }
}
