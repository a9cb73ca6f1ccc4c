package org.sipdispatch.history;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.function.LongFunction;

/**
 * Writes the cluster's history: what the journals tell, one node for all; and tells it to those at webhooks. Two at once
 * do no harm. Waits for no database: what it asks is asked on the history's own threads.
 */
public final class ChroniclerActor extends AbstractBehavior<ChroniclerActor.Command> {
    /** What it can be told. */
    public sealed interface Command {}

    /** Ends it; another node goes on. */
    public enum Stop implements Command {
        /** The only one. */
        INSTANCE
    }

    private enum Due implements Command {
        INSTANCE
    }

    /** What a step came to: whether there is more of each at once. */
    private record Step(boolean records, boolean old) {}

    /** A step is done. */
    private record Done(Step step, Throwable failure) implements Command {}

    private static final Duration EVERY = Duration.ofMillis(200);
    private static final Duration AWAY = Duration.ofSeconds(1);
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final long SWEEP_NANOS = Duration.ofHours(1).toNanos();

    private final TimerScheduler<Command> timers;
    private final JdbcHistory history;
    private final Projection projection;
    private final Retention retention;
    private long nextSweepNanos = System.nanoTime();
    /** Whether that was said. */
    private boolean troubled;

    /**
     * One for the whole cluster. Begins where the one before it was.
     *
     * @param names the addresses of nodes by their numbers in versions; empty for one that is not known
     */
    public static Behavior<Command> create(JdbcHistory history, HistorySettings settings, LongFunction<String> names) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new ChroniclerActor(
                context,
                timers,
                history,
                new Projection(history.ledger(), history.store().kind(), names),
                settings)));
    }

    private ChroniclerActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            JdbcHistory history,
            Projection projection,
            HistorySettings settings) {
        super(context);
        this.timers = timers;
        this.history = history;
        this.projection = projection;
        this.retention = new Retention(settings.keep());
        if (!settings.webhooks().isEmpty()) {
            HttpClient client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .build();
            settings.webhooks().forEach(hook -> context.spawnAnonymous(WebhookActor.create(hook, history, client)));
        }
        context.getSelf().tell(Due.INSTANCE);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessageEquals(Due.INSTANCE, this::onDue)
                .onMessage(Done.class, this::onDone)
                .onMessageEquals(Stop.INSTANCE, Behaviors::stopped)
                .build();
    }

    private Behavior<Command> onDue() {
        long nowNanos = System.nanoTime();
        boolean sweeps = nowNanos - nextSweepNanos >= 0;
        if (sweeps) {
            nextSweepNanos = nowNanos + SWEEP_NANOS;
        }
        getContext()
                .pipeToSelf(
                        history.chronicle(connection -> {
                            long nowMs = System.currentTimeMillis();
                            boolean more = projection.step(connection, nowMs, nowNanos);
                            return new Step(more, sweeps && retention.step(connection, nowMs));
                        }),
                        (step, failure) -> new Done(step, failure));
        return this;
    }

    private Behavior<Command> onDone(Done done) {
        if (done.failure() != null) {
            failed(done.failure());
            timers.startSingleTimer(Due.INSTANCE, AWAY);
            return this;
        }
        if (troubled) {
            troubled = false;
            getContext().getLog().info("the history is written again");
        }
        if (done.step().old()) {
            nextSweepNanos = System.nanoTime();
        }
        timers.startSingleTimer(Due.INSTANCE, done.step().records() ? Duration.ZERO : EVERY);
        return this;
    }

    private void failed(Throwable failure) {
        if (!troubled) {
            troubled = true;
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            getContext()
                    .getLog()
                    .warn("the history cannot be written, the journal waits until it can: {}", cause.getMessage());
        }
    }
}
