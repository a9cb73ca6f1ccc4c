package org.sipdispatch.orders;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** An order of which no answer came: it may have been carried out, or may be still. */
public final class OutcomeUnknownException extends TimeoutException {
    private static final long serialVersionUID = 1;

    /** Null where the order has no name by which it can be asked for. */
    private final transient OrderOutcome outcome;

    public OutcomeUnknownException(String message) {
        super(message);
        outcome = null;
    }

    /** Of an order that can be asked for. */
    public OutcomeUnknownException(OrderOutcome outcome) {
        super(outcome.message());
        this.outcome = outcome;
    }

    /** What is known of it; null where the order has no name by which it can be asked for. */
    public OrderOutcome outcome() {
        return outcome;
    }

    /** Says so to operators. */
    public static String told(String expected) {
        return "order: not known whether it was done (expected: " + expected + ")";
    }

    /** An order's answer; if none came in that time this is what it fails with. */
    static <T> CompletionStage<T> unlessAnswered(Supplier<CompletionStage<T>> order, Duration patience) {
        return orElse(order, new OutcomeUnknownException(told("an answer within " + patience.toSeconds() + "s")));
    }

    /** A question's answer, which fails with that if none came. */
    public static <T> CompletionStage<T> orElse(Supplier<CompletionStage<T>> question, TimeoutException late) {
        CompletionStage<T> answer;
        try {
            answer = question.get();
        } catch (IllegalStateException e) {
            // Between two lives of a node nobody is there to be asked.
            return outside();
        }
        return answer.exceptionallyCompose(trouble -> {
            Throwable cause = cause(trouble);
            return CompletableFuture.failedFuture(cause instanceof TimeoutException ? late : cause);
        });
    }

    static Throwable cause(Throwable trouble) {
        return trouble instanceof CompletionException && trouble.getCause() != null ? trouble.getCause() : trouble;
    }

    /** Where nothing is asked, since it would be answered later, when nobody expects it any longer. */
    public static <T> CompletionStage<T> outside() {
        return CompletableFuture.failedFuture(nobodyIsAsked());
    }

    static TimeoutException nobodyIsAsked() {
        return new TimeoutException("node: not in the cluster now (expected: one that is, or this one later)");
    }
}
