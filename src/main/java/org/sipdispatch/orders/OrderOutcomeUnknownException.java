package org.sipdispatch.orders;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** An order without an answer: it may have been executed, or may still be. */
public final class OrderOutcomeUnknownException extends TimeoutException {
    private static final long serialVersionUID = 1;

    private final transient OrderOutcome outcome;

    /** For an order whose outcome can be queried by name. */
    public OrderOutcomeUnknownException(OrderOutcome outcome) {
        super(outcome.message());
        this.outcome = outcome;
    }

    /** The order's outcome so far. */
    public OrderOutcome outcome() {
        return outcome;
    }

    /** The message for operators. */
    public static String unknownOutcome(String expected) {
        return "order: unknown outcome (expected: " + expected + ")";
    }

    /** The answer to a request; fails with {@code late} if none came in time. */
    public static <T> CompletionStage<T> orElse(Supplier<CompletionStage<T>> question, TimeoutException late) {
        CompletionStage<T> answer;
        try {
            answer = question.get();
        } catch (IllegalStateException e) {
            // There is no actor system between two sessions.
            return outside();
        }
        return answer.exceptionallyCompose(failure -> {
            Throwable cause = cause(failure);
            return CompletableFuture.failedFuture(cause instanceof TimeoutException ? late : cause);
        });
    }

    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /**
     * The failure of a request outside the cluster. Nothing is sent: the request would be queued and answered when the
     * caller no longer expects it.
     */
    public static <T> CompletionStage<T> outside() {
        return CompletableFuture.failedFuture(notInCluster());
    }

    static TimeoutException notInCluster() {
        return new TimeoutException("node: not in the cluster now (expected: a cluster member, or this node later)");
    }
}
