package org.sipdispatch.history;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Delivers the history to one webhook, in order and each entry at least once. Resumes at the stored offset on any node.
 * Restarts with backoff after a failure.
 */
final class WebhookActor extends AbstractBehavior<WebhookActor.Command> {
    sealed interface Command {}

    /** Stops the actor after the request in progress is answered and the offset stored. */
    enum Finish implements Command {
        INSTANCE
    }

    /** The newest id of the history. */
    private record NewestIdChanged(long place) implements Command {}

    /** The stored offset: all entries up to it are delivered. */
    private record OffsetLoaded(long place, Throwable failure) implements Command {}

    /**
     * The next entries to deliver.
     *
     * @param position the offset stored by any node
     * @param newest the newest id of the history at the time of the query
     */
    private record NextEntries(long position, long newest, List<HistoryEntry> entries) {}

    private record NextLoaded(NextEntries next, Throwable failure) implements Command {}

    /** The webhook's response. {@code code} is 0 if there was none. */
    private record WebhookResponded(long last, int code, Throwable failure) implements Command {
        boolean isAccepted() {
            return code / 100 == 2;
        }
    }

    /** The offset is stored, or could not be. */
    private record OffsetStored() implements Command {}

    private enum RetryDue implements Command {
        INSTANCE
    }

    private static final String LAST_ID = "Sip-Dispatcher-Last-Id";
    private static final int AT_ONCE = 100;
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
    private static final double SPREAD = 0.2;
    private static final long UNKNOWN = -1;

    private final TimerScheduler<Command> timers;
    private final Webhook hook;
    private final JdbcHistory history;
    private final HttpClient client;
    private final Duration shortestPause;
    private final AutoCloseable following;
    private Duration pause;
    private long position = UNKNOWN;
    private long newest;
    /** Whether the actor waits for a result or a pause. A new id changes nothing then. */
    private boolean busy = true;
    /** Whether a request is in progress or its offset is being stored. */
    private boolean posting;

    static Behavior<Command> create(Webhook hook, JdbcHistory history, HttpClient client) {
        return create(hook, history, client, Duration.ofSeconds(1));
    }

    static Behavior<Command> create(Webhook hook, JdbcHistory history, HttpClient client, Duration shortestPause) {
        return Behaviors.supervise(Behaviors.<Command>setup(context -> Behaviors.withTimers(
                        timers -> new WebhookActor(context, timers, hook, history, client, shortestPause))))
                .onFailure(SupervisorStrategy.restartWithBackoff(shortestPause, LONGEST_PAUSE, SPREAD));
    }

    private WebhookActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Webhook hook,
            JdbcHistory history,
            HttpClient client,
            Duration shortestPause) {
        super(context);
        context.setLoggerName(WebhookActor.class);
        this.timers = timers;
        this.hook = hook;
        this.history = history;
        this.client = client;
        this.shortestPause = shortestPause;
        this.pause = shortestPause;
        this.following = history.subscribe(place -> context.getSelf().tell(new NewestIdChanged(place)));
        loadOffset();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(NewestIdChanged.class, this::onNewestIdChanged)
                .onMessage(OffsetLoaded.class, this::onOffsetLoaded)
                .onMessage(NextLoaded.class, this::onNextLoaded)
                .onMessage(WebhookResponded.class, this::onWebhookResponded)
                .onMessage(OffsetStored.class, this::onOffsetStored)
                .onMessageEquals(RetryDue.INSTANCE, this::onRetryDue)
                .onMessageEquals(Finish.INSTANCE, this::onFinish)
                .onSignal(PreRestart.class, signal -> closeSubscription())
                .onSignal(PostStop.class, signal -> closeSubscription())
                .build();
    }

    private Behavior<Command> onNewestIdChanged(NewestIdChanged now) {
        newest = now.place();
        if (!busy) {
            next();
        }
        return this;
    }

    /** A new webhook starts after the newest entry. */
    private void loadOffset() {
        CompletionStage<Long> place = history.runForProjection(connection -> {
            HistorySequence sequence = history.sequence();
            long last = Math.max(0, sequence.position(connection, HistorySequence.HISTORY));
            sequence.ensureRow(connection, hook.offsetName(), last);
            return sequence.position(connection, hook.offsetName());
        });
        getContext()
                .pipeToSelf(place, (found, failure) -> new OffsetLoaded(failure == null ? found : UNKNOWN, failure));
    }

    private Behavior<Command> onOffsetLoaded(OffsetLoaded began) {
        if (began.failure() != null) {
            return retryAfter(shortestPause);
        }
        position = began.place();
        next();
        return this;
    }

    /** Reads the next entries if there are any. */
    private void next() {
        busy = newest > position;
        if (busy) {
            long from = position;
            CompletionStage<NextEntries> next = history.readNext(connection -> {
                HistorySequence sequence = history.sequence();
                // Another node may have delivered more meanwhile. The newest id is read before the entries.
                long kept = Math.max(from, sequence.position(connection, hook.offsetName()));
                long last = sequence.position(connection, HistorySequence.HISTORY);
                return new NextEntries(kept, last, HistoryTable.read(connection, HistoryQuery.after(kept, AT_ONCE)));
            });
            getContext().pipeToSelf(next, NextLoaded::new);
        }
    }

    private Behavior<Command> onNextLoaded(NextLoaded found) {
        if (found.failure() != null) {
            return retryAfter(shortestPause);
        }
        NextEntries next = found.next();
        position = next.position();
        if (next.entries().isEmpty()) {
            // Delivered by another node or deleted meanwhile, up to the newest id of that query.
            position = Math.max(position, next.newest());
            next();
            return this;
        }
        post(next.entries());
        return this;
    }

    private void post(List<HistoryEntry> entries) {
        long last = entries.get(entries.size() - 1).id();
        HttpRequest.Builder request = HttpRequest.newBuilder(hook.target())
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .header(LAST_ID, String.valueOf(last))
                .POST(HttpRequest.BodyPublishers.ofString(HistoryEntryJson.text(entries)));
        if (hook.authorization() != null) {
            request.header("Authorization", hook.authorization());
        }
        // The request timeout covers the response header, and ends the exchange if there is none.
        CompletionStage<Integer> code = client.sendAsync(request.build(), DiscardingBodySubscriber.within(ANSWER))
                .thenApply(HttpResponse::statusCode);
        posting = true;
        getContext()
                .pipeToSelf(
                        code, (answer, failure) -> new WebhookResponded(last, failure == null ? answer : 0, failure));
    }

    private Behavior<Command> onWebhookResponded(WebhookResponded answered) {
        if (!answered.isAccepted()) {
            posting = false;
            refused(answered);
            Duration now = pause;
            pause = longer(pause);
            return retryAfter(now);
        }
        if (!pause.equals(shortestPause)) {
            getContext().getLog().info("webhook {} accepts events again", hook);
            pause = shortestPause;
        }
        position = answered.last();
        storeOffset(position);
        return this;
    }

    private void storeOffset(long place) {
        CompletionStage<Void> kept = history.runForProjection(connection -> {
            history.sequence().advance(connection, hook.offsetName(), place);
            return null;
        });
        // If the offset cannot be stored, the next instance delivers the same entries again.
        getContext().pipeToSelf(kept, (nothing, failure) -> new OffsetStored());
    }

    private void refused(WebhookResponded answered) {
        if (pause.equals(shortestPause)) {
            Throwable failure = answered.failure();
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            getContext()
                    .getLog()
                    .warn(
                            "webhook {} accepts no events, they are sent again later: {}",
                            hook,
                            cause == null
                                    ? "response " + answered.code()
                                    : cause.getMessage() == null ? "no connection" : cause.getMessage());
        }
    }

    private Behavior<Command> onOffsetStored(OffsetStored kept) {
        posting = false;
        next();
        return this;
    }

    static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    private Behavior<Command> retryAfter(Duration after) {
        timers.startSingleTimer(RetryDue.INSTANCE, after);
        return this;
    }

    private Behavior<Command> onRetryDue() {
        if (position == UNKNOWN) {
            loadOffset();
        } else {
            next();
        }
        return this;
    }

    private Behavior<Command> onFinish() {
        if (!posting) {
            return Behaviors.stopped();
        }
        return newReceiveBuilder()
                .onMessage(WebhookResponded.class, this::onLastAnswer)
                .onMessage(OffsetStored.class, kept -> Behaviors.stopped())
                .onAnyMessage(ignored -> Behaviors.same())
                .onSignal(PreRestart.class, signal -> closeSubscription())
                .onSignal(PostStop.class, signal -> closeSubscription())
                .build();
    }

    private Behavior<Command> onLastAnswer(WebhookResponded answered) {
        if (!answered.isAccepted()) {
            return Behaviors.stopped();
        }
        storeOffset(answered.last());
        return Behaviors.same();
    }

    private Behavior<Command> closeSubscription() throws Exception {
        following.close();
        return this;
    }
}
