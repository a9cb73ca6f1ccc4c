package org.sipdispatch.desk;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.sipdispatch.destination.Status;
import org.sipdispatch.replication.Known;

/** What this node's lists show. Who orders and then looks is to see it: waits for a moment until it is there. */
final class OwnView {
    private static final int LOOKS = 50;
    private static final int BETWEEN_LOOKS_MS = 20;
    private static final int LONGEST_MS = 2000;

    private final Supplier<CompletionStage<Known>> view;

    OwnView(Supplier<CompletionStage<Known>> view) {
        this.view = view;
    }

    /** Whether it shows that status, or a newer one. Never fails: what was ordered is done whether this is seen or not. */
    CompletionStage<Boolean> shows(String id, Status status) {
        return shows(known -> known.destinations().stream()
                .filter(one -> one.definition().id().equals(id))
                .allMatch(one -> one.status() != null
                        && !status.version().isAfter(one.status().version())));
    }

    /** Whether it shows these definitions, or newer ones; likewise. */
    CompletionStage<Boolean> shows(long revision) {
        return shows(known -> known.revision() >= revision);
    }

    private CompletionStage<Boolean> shows(Predicate<Known> what) {
        return CompletableFuture.completedFuture(LOOKS)
                .thenCompose(looks -> shows(what, looks))
                .exceptionally(trouble -> false)
                .completeOnTimeout(false, LONGEST_MS, TimeUnit.MILLISECONDS);
    }

    private CompletionStage<Boolean> shows(Predicate<Known> what, int looks) {
        return view.get()
                .thenCompose(known -> looks > 0 && !what.test(known)
                        ? CompletableFuture.supplyAsync(
                                        () -> looks - 1,
                                        CompletableFuture.delayedExecutor(BETWEEN_LOOKS_MS, TimeUnit.MILLISECONDS))
                                .thenCompose(left -> shows(what, left))
                        : CompletableFuture.completedFuture(what.test(known)));
    }
}
