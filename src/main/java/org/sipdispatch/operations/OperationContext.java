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
import org.sipdispatch.orders.OrderOutcomeUnknownException;
import org.sipdispatch.replication.ChangeFeed;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.transport.SipLanes;

/** What the operations use: the parts of the node that have started. Thread-safe. */
final class OperationContext {
    private static final int LONGEST_REASON = 200;
    private static final int LONGEST_ENTRY = 2 * LONGEST_REASON;
    /** The response to an executed order waits this long for the order to appear in this node's lists. */
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

    void startAccepting(SipLanes opened) {
        traffic = opened;
        listening = true;
    }

    void stopAccepting() {
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

    /** The destinations that this node knows now. */
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

    private <T> T started(T part) {
        if (part == null) {
            Cluster joining = cluster;
            throw new OperationException(
                    OperationException.RefusalReason.UNAVAILABLE,
                    "node: starting"
                            + (joining == null ? "" : ", " + String.join("; ", joining.awaited()))
                            + " (expected: one that has started)");
        }
        return part;
    }

    /** The destination as this node knows it; refused if it is not defined. */
    DestinationsSnapshot.KnownDestination defined(String id) {
        DestinationsSnapshot.KnownDestination entry = destinations().find(id);
        if (entry == null) {
            throw OperationException.unknown("destination", id, "one that is defined");
        }
        return entry;
    }

    /**
     * Runs the order if the destination is defined. Otherwise the result fails, so that the history records the
     * refusal.
     */
    <T> CompletionStage<T> ifDefined(String id, Supplier<CompletionStage<T>> order) {
        return CompletableFuture.completedFuture(id).thenApply(this::defined).thenCompose(entry -> order.get());
    }

    /** The destination's status as this node knows it; null if it is unknown. */
    Status statusOf(String id) {
        DestinationsSnapshot.KnownDestination entry = destinations().find(id);
        return entry == null ? null : entry.status();
    }

    /**
     * An order to a destination's actor.
     *
     * @param what the operation and its arguments, for the outcome
     */
    record ToActor(String id, OrderKey key, String what, Cluster.OrderMessage message) {}

    /**
     * Sends the order to the destination's actor. An executed order succeeds even if this node's view does not show it
     * in time.
     */
    CompletionStage<ExecutedOrder> sendToActor(ToActor order) {
        String id = order.id();
        return ifDefined(id, () -> cluster().order(order.key().text(), id, order.what(), order.message()))
                .thenCompose(status -> awaitShown(id, status).thenApply(shown -> new ExecutedOrder(status, shown)));
    }

    /** Sends the order and records it in the history. */
    CompletionStage<ExecutedOrder> recorded(OperationCaller caller, String verb, String why, ToActor order) {
        return recorded(caller, verb, order.id(), why, order.key(), sendToActor(order));
    }

    /** Waits until this node's view shows the status; false if that takes longer than {@link #UNTIL_SHOWN}. */
    CompletionStage<Boolean> awaitShown(String id, Status status) {
        return changes().awaitVersion(id, status.version(), UNTIL_SHOWN);
    }

    /** The outcome of a change of definitions, as soon as this node shows it. */
    CompletionStage<ReloadOutcome> whenShown(CompletionStage<ReloadOutcome> order) {
        return order.thenCompose(outcome ->
                changes().awaitRevision(outcome.revision(), UNTIL_SHOWN).thenApply(shown -> outcome));
    }

    static String reason(String why) {
        return SingleLineText.clean(why == null ? "" : why, LONGEST_REASON);
    }

    /** Records an order and its outcome in the history. The result completes when the entry is stored. */
    <T> CompletionStage<T> recorded(
            OperationCaller caller, String verb, String destination, String why, CompletionStage<T> outcome) {
        return recorded(caller, verb, destination, why, OrderKey.NONE, outcome);
    }

    private <T> CompletionStage<T> recorded(
            OperationCaller caller,
            String verb,
            String destination,
            String why,
            OrderKey key,
            CompletionStage<T> outcome) {
        return outcome.handle((value, failure) -> {
                    String text = failure == null
                            ? entryText(why, outcomeText(value), key.orderName())
                            : entryText(why, cause(failure), key);
                    return writeEntry(caller, verb, destination, text).thenApply(kept -> {
                        if (failure != null) {
                            throw refusal(failure);
                        }
                        return value;
                    });
                })
                .thenCompose(Function.identity());
    }

    private static String outcomeText(Object done) {
        if (done instanceof ReloadOutcome outcome && !outcome.warnings().isEmpty()) {
            int more = outcome.warnings().size() - 1;
            return "done; " + outcome.warnings().get(0) + (more == 0 ? "" : "; and " + more + " more warnings");
        }
        return done instanceof ExecutedOrder ordered && !ordered.shown()
                ? "done; this node's view does not show it yet"
                : "done";
    }

    /** The entry of a failed order. It must not call an order refused that may have been executed. */
    static String entryText(String why, Throwable failure, OrderKey key) {
        RuntimeException refusal = refusal(failure);
        boolean isRefused =
                !(failure instanceof OrderOutcomeUnknownException) && !(failure instanceof OrderNotExecutedException);
        return entryText(
                why,
                (isRefused ? "refused: " : "") + refusal.getMessage(),
                refusal instanceof UnknownOutcomeException unknown
                        ? unknown.outcome().order()
                        : key.orderName());
    }

    /** {@code order}: the order's name, which is never cut; empty for none. */
    private static String entryText(String why, String end, String order) {
        String text = reason(why).isEmpty() ? end : reason(why) + "; " + end;
        String suffix = order.isEmpty() ? "" : "; order " + order;
        return SingleLineText.clean(text, LONGEST_ENTRY - suffix.length()) + suffix;
    }

    /** Writes one history entry. The result completes when the entry is stored or the database has timed out. */
    CompletionStage<Void> writeEntry(OperationCaller caller, String verb, String destination, String text) {
        return history()
                .recordOrder(new HistoryEntry(
                        0,
                        System.currentTimeMillis(),
                        HistoryEntry.HistoryEntryType.ORDER,
                        destination,
                        "",
                        false,
                        verb,
                        caller.text(),
                        SingleLineText.clean(text, LONGEST_ENTRY),
                        "",
                        cluster().address(),
                        false));
    }

    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Converts a failure to the exception for the caller. */
    static RuntimeException refusal(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof OperationException refusal) {
            return refusal;
        } else if (cause instanceof OrderOutcomeUnknownException unanswered) {
            return new UnknownOutcomeException(unanswered.outcome());
        } else if (cause instanceof TimeoutException || cause instanceof RejectedExecutionException) {
            return new OperationException(OperationException.RefusalReason.UNAVAILABLE, cause.getMessage());
        } else if (cause instanceof StatusReply.ErrorMessage) {
            return new OperationException(OperationException.RefusalReason.CONFLICT, cause.getMessage());
        } else if (cause instanceof org.sipdispatch.settings.SettingException) {
            return new OperationException(OperationException.RefusalReason.BAD_REQUEST, cause.getMessage());
        }
        return new CompletionException(cause);
    }
}
