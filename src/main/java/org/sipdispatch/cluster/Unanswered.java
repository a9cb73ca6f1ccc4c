package org.sipdispatch.cluster;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/** An order of which no answer came: it may have been carried out, or may be still. */
public final class Unanswered extends TimeoutException {
    private static final long serialVersionUID = 1;
    private static final String START = "order: not known whether it was done";

    public Unanswered(String message) {
        super(message);
    }

    /** Says so to operators. */
    static String told(String expected) {
        return START + " (expected: " + expected + ")";
    }

    /** Whether that error says so. */
    static boolean isTold(String error) {
        return error.startsWith(START);
    }

    /** An order's answer; if none came in that time this is what it fails with. */
    static <T> CompletionStage<T> unlessAnswered(CompletionStage<T> answer, Duration patience) {
        return orElse(answer, new Unanswered(told("an answer within " + patience.toSeconds() + "s")));
    }

    /** A question's answer, which fails with that if none came. */
    static <T> CompletionStage<T> orElse(CompletionStage<T> answer, TimeoutException late) {
        return answer.exceptionallyCompose(trouble -> {
            Throwable cause =
                    trouble instanceof CompletionException && trouble.getCause() != null ? trouble.getCause() : trouble;
            return CompletableFuture.failedFuture(cause instanceof TimeoutException ? late : cause);
        });
    }
}
