package org.sipdispatch.operations;

import akka.pattern.StatusReply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.sipdispatch.cluster.Cluster;
import org.sipdispatch.definitions.ReloadOutcome;
import org.sipdispatch.destination.Status;
import org.sipdispatch.history.History;
import org.sipdispatch.history.HistoryEntry;
import org.sipdispatch.orders.OrderNotExecutedException;
import org.sipdispatch.orders.OutcomeUnknownException;
import org.sipdispatch.replication.ChangeFeed;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.transport.SipLanes;

/** What the verbs work with: the node, as far as it has started. Thread-safe. */
final class OperationContext {
    private static final int LONGEST_REASON = 200;
    /** An order that is done is answered after that time, though the lists of this node do not show it yet. */
    private static final Duration UNTIL_SHOWN = Duration.ofSeconds(2);

    private volatile Cluster cluster;
    private volatile ChangeFeed changes;
    private volatile SipLanes traffic;
    private volatile History history;
    private volatile boolean listening;

    void open(Cluster opened, ChangeFeed published, History kept) {
        history = kept;
        changes = published;
        cluster = opened;
    }

    void listens(SipLanes opened) {
        traffic = opened;
        listening = true;
    }

    void leaves() {
        listening = false;
    }

    boolean isStarted() {
        return cluster != null;
    }

    boolean isListening() {
        return listening;
    }

    Cluster cluster() {
        return started(cluster);
    }

    ChangeFeed changes() {
        return started(changes);
    }

    /** All destinations as this node knows them now. */
    DestinationsSnapshot destinations() {
        return changes().snapshot();
    }

    SipLanes traffic() {
        return started(traffic);
    }

    boolean hasTraffic() {
        return traffic != null;
    }

    History history() {
        return started(history);
    }

    private static <T> T started(T part) {
        if (part == null) {
            throw new OperationException(
                    OperationException.Kind.UNAVAILABLE, "node: starting (expected: one that has started)");
        }
        return part;
    }

    /** That destination as this node knows it; refused if it is not defined. */
    DestinationsSnapshot.Entry defined(String id) {
        DestinationsSnapshot.Entry entry = destinations().find(id);
        if (entry == null) {
            throw OperationException.unknown("destination", id, "one that is defined");
        }
        return entry;
    }

    /** An order to that destination; fails, so that the history has it, if there is no such destination. */
    <T> CompletionStage<T> ifDefined(String id, Supplier<CompletionStage<T>> order) {
        return CompletableFuture.completedFuture(id).thenApply(this::defined).thenCompose(entry -> order.get());
    }

    /** What this node knows of that destination's status; null if nothing. */
    Status statusOf(String id) {
        DestinationsSnapshot.Entry entry = destinations().find(id);
        return entry == null ? null : entry.status();
    }

    /**
     * An order to a destination's actor.
     *
     * @param what the verb, and what else is ordered
     */
    record ToActor(String id, OrderKey key, String what, Cluster.OrderMessage message) {}

    /** Gives a destination's actor an order; done is done, whether this node's view shows it in time or not. */
    CompletionStage<OrderResult> ordered(ToActor order) {
        String id = order.id();
        return ifDefined(id, () -> cluster().order(order.key().text(), id, order.what(), order.message()))
                .thenCompose(status -> shows(id, status).thenApply(shown -> new OrderResult(status, shown)));
    }

    /** Gives it, and puts it into the history. */
    CompletionStage<OrderResult> noted(Caller caller, String verb, String why, ToActor order) {
        return noted(caller, verb, order.id(), why, order.key().note(), ordered(order));
    }

    /** Whether this node's view shows that, after a moment if need be. */
    CompletionStage<Boolean> shows(String id, Status status) {
        return changes().awaitVersion(id, status.version(), UNTIL_SHOWN);
    }

    /** Definitions as they were ordered: refused if nothing was applied, and else seen when this node looks next. */
    CompletionStage<ReloadOutcome> changed(CompletionStage<ReloadOutcome> order) {
        return order.thenCompose(outcome -> {
            if (!outcome.error().isEmpty()) {
                throw new OperationException(OperationException.Kind.CONFLICT, outcome.error());
            }
            return changes().awaitRevision(outcome.revision(), UNTIL_SHOWN).thenApply(shown -> outcome);
        });
    }

    static String reason(String why) {
        return OneLine.clean(why == null ? "" : why, LONGEST_REASON);
    }

    /** An order that goes into the history with what became of it; it is answered when it is there. */
    <T> CompletionStage<T> noted(
            Caller caller, String verb, String destination, String why, CompletionStage<T> outcome) {
        return noted(caller, verb, destination, why, "", outcome);
    }

    private <T> CompletionStage<T> noted(
            Caller caller, String verb, String destination, String why, String more, CompletionStage<T> outcome) {
        return outcome.handle((value, trouble) -> {
                    String end = trouble == null ? end(value) + more : end(cause(trouble));
                    String text = reason(why).isEmpty() ? end : reason(why) + "; " + end;
                    return note(caller, verb, destination, text).thenApply(kept -> {
                        if (trouble != null) {
                            throw refusal(trouble);
                        }
                        return value;
                    });
                })
                .thenCompose(Function.identity());
    }

    private static String end(Object done) {
        if (done instanceof ReloadOutcome outcome && !outcome.warnings().isEmpty()) {
            int more = outcome.warnings().size() - 1;
            return "done; " + outcome.warnings().get(0) + (more == 0 ? "" : "; and " + more + " more warnings");
        }
        return done instanceof OrderResult ordered && !ordered.shown()
                ? "done; this node's view does not show it yet"
                : "done";
    }

    /** Who reads the history is not to take for undone what may have been done. */
    static String end(Throwable trouble) {
        RuntimeException told = refusal(trouble);
        String order = told instanceof UnknownOutcome unknown
                ? "; order " + unknown.outcome().order()
                : "";
        return (trouble instanceof OutcomeUnknownException || trouble instanceof OrderNotExecutedException
                        ? ""
                        : "refused: ")
                + told.getMessage()
                + order;
    }

    /** One line of the history; completes when it is kept, or the database took too long. */
    CompletionStage<Void> note(Caller caller, String verb, String destination, String text) {
        return history()
                .recordOrder(new HistoryEntry(
                        0,
                        System.currentTimeMillis(),
                        HistoryEntry.Kind.ORDER,
                        destination,
                        "",
                        false,
                        verb,
                        caller.text(),
                        OneLine.clean(text, 2 * LONGEST_REASON),
                        "",
                        cluster().address(),
                        false));
    }

    static Throwable cause(Throwable trouble) {
        return trouble instanceof CompletionException && trouble.getCause() != null ? trouble.getCause() : trouble;
    }

    /** The refusal that a failure amounts to. */
    static RuntimeException refusal(Throwable trouble) {
        Throwable cause = cause(trouble);
        if (cause instanceof OperationException refusal) {
            return refusal;
        } else if (cause instanceof OutcomeUnknownException unanswered && unanswered.outcome() != null) {
            return new UnknownOutcome(unanswered.outcome());
        } else if (cause instanceof TimeoutException || cause instanceof RejectedExecutionException) {
            return new OperationException(OperationException.Kind.UNAVAILABLE, cause.getMessage());
        } else if (cause instanceof StatusReply.ErrorMessage) {
            return new OperationException(OperationException.Kind.CONFLICT, cause.getMessage());
        } else if (cause instanceof org.sipdispatch.settings.SettingException) {
            return new OperationException(OperationException.Kind.BAD_REQUEST, cause.getMessage());
        }
        return new CompletionException(cause);
    }
}
