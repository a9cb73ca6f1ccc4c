package org.sipdispatch.cluster;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** What actors are asked, whose silence is told to people: not by whose name, but that nobody knows now. */
final class Asked {
    private Asked() {}

    /** Between two lives of a node nobody is there to be asked, and asking fails at once. */
    static <T> CompletionStage<T> of(Supplier<CompletionStage<T>> question) {
        try {
            return question.get().exceptionally(trouble -> {
                Throwable cause = trouble instanceof CompletionException ? trouble.getCause() : trouble;
                throw new CompletionException(cause instanceof TimeoutException ? silence() : cause);
            });
        } catch (IllegalStateException e) {
            return CompletableFuture.failedFuture(silence());
        }
    }

    /** Where nobody is to be asked, since it would be answered later, when nobody expects it any longer. */
    static <T> CompletionStage<T> outside() {
        return CompletableFuture.failedFuture(
                new TimeoutException("node: not in the cluster now (expected: one that is, or this one later)"));
    }

    private static TimeoutException silence() {
        return new TimeoutException("node: does not know now (expected: an answer; ask again, or another node)");
    }
}
