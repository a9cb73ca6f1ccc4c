package org.sipdispatch.desk;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.sipdispatch.cluster.Cluster;
import org.sipdispatch.cluster.Known;
import org.sipdispatch.destination.Status;
import org.sipdispatch.history.History;
import org.sipdispatch.history.HistoryEntry;
import org.sipdispatch.transport.Traffic;

/** What the verbs work with: the node, as far as it has started. Thread-safe. */
final class Surroundings {
    private static final int LONGEST_REASON = 200;
    private static final int LOOKS = 50;
    private static final int BETWEEN_LOOKS_MS = 20;

    private volatile Cluster cluster;
    private volatile Traffic traffic;
    private volatile History history;
    private volatile boolean listening;

    void open(Cluster opened, History kept) {
        history = kept;
        cluster = opened;
    }

    void listens(Traffic opened) {
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

    Traffic traffic() {
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
            throw new Refusal(Refusal.Kind.UNAVAILABLE, "node: starting (expected: one that has started)");
        }
        return part;
    }

    /** That destination as this node knows it. */
    CompletionStage<Known.OfDestination> defined(String id) {
        return cluster()
                .known()
                .thenApply(known -> known.destinations().stream()
                        .filter(one -> one.definition().id().equals(id))
                        .findFirst()
                        .orElseThrow(() -> Refusal.unknown("destination", id, "one that is defined")));
    }

    /** Who orders and then looks is to see it: waits for a moment until this node knows too. */
    CompletionStage<Status> seen(String id, Status status) {
        return seen(id, status, LOOKS);
    }

    private CompletionStage<Status> seen(String id, Status status, int looks) {
        return cluster().known().thenCompose(known -> {
            boolean old = known.destinations().stream()
                    .filter(one -> one.definition().id().equals(id))
                    .anyMatch(one -> one.status() == null
                            || status.version().isAfter(one.status().version()));
            return old && looks > 0
                    ? CompletableFuture.supplyAsync(
                                    () -> looks - 1,
                                    CompletableFuture.delayedExecutor(BETWEEN_LOOKS_MS, TimeUnit.MILLISECONDS))
                            .thenCompose(left -> seen(id, status, left))
                    : CompletableFuture.completedFuture(status);
        });
    }

    static String reason(String why) {
        return Lines.clean(why == null ? "" : why, LONGEST_REASON);
    }

    /** An order that goes into the history with what became of it; it is answered when it is there. */
    <T> CompletionStage<T> noted(
            Caller caller, String verb, String destination, String why, CompletionStage<T> outcome) {
        return outcome.handle((value, trouble) -> {
                    String end = trouble == null
                            ? "done"
                            : "refused: " + cause(trouble).getMessage();
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

    /** One line of the history; completes when it is kept, or the database took too long. */
    CompletionStage<Void> note(Caller caller, String verb, String destination, String text) {
        return history()
                .note(new HistoryEntry(
                        0,
                        System.currentTimeMillis(),
                        HistoryEntry.Kind.ORDER,
                        destination,
                        "",
                        false,
                        verb,
                        caller.text(),
                        Lines.clean(text, 2 * LONGEST_REASON),
                        "",
                        cluster().address()));
    }

    static Throwable cause(Throwable trouble) {
        return trouble instanceof CompletionException && trouble.getCause() != null ? trouble.getCause() : trouble;
    }

    /** The refusal that a failure amounts to. */
    static RuntimeException refusal(Throwable trouble) {
        Throwable cause = cause(trouble);
        if (cause instanceof Refusal refusal) {
            return refusal;
        } else if (cause instanceof TimeoutException) {
            return new Refusal(Refusal.Kind.UNAVAILABLE, String.valueOf(cause.getMessage()));
        } else if (cause instanceof akka.pattern.StatusReply.ErrorMessage) {
            return new Refusal(Refusal.Kind.CONFLICT, cause.getMessage());
        } else if (cause instanceof org.sipdispatch.settings.BadSetting) {
            return new Refusal(Refusal.Kind.BAD_REQUEST, cause.getMessage());
        }
        return new CompletionException(cause);
    }
}
