package org.sipdispatch.desk;

import akka.actor.typed.ActorRef;
import akka.pattern.StatusReply;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.sipdispatch.cluster.Cluster;
import org.sipdispatch.cluster.Known;
import org.sipdispatch.cluster.ReloadOutcome;
import org.sipdispatch.destination.DestinationActor;
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

    /** Gives a destination's actor an order. Who orders and then looks at this node is to see what came of it. */
    CompletionStage<Status> ordered(
            String id, Function<ActorRef<StatusReply<Status>>, DestinationActor.Command> order) {
        return defined(id)
                .thenCompose(known -> cluster().order(id, order))
                .thenCompose(status -> seen(status, known -> isOld(known, id, status), LOOKS));
    }

    private static boolean isOld(Known known, String id, Status status) {
        return known.destinations().stream()
                .filter(one -> one.definition().id().equals(id))
                .anyMatch(one -> one.status() == null
                        || status.version().isAfter(one.status().version()));
    }

    /** Definitions as they were ordered: refused if nothing was applied, and else seen when this node looks next. */
    CompletionStage<ReloadOutcome> changed(CompletionStage<ReloadOutcome> order) {
        return order.thenCompose(outcome -> {
            if (!outcome.error().isEmpty()) {
                throw new Refusal(Refusal.Kind.CONFLICT, outcome.error());
            }
            return seen(outcome, known -> known.revision() < outcome.revision(), LOOKS);
        });
    }

    /** That answer as soon as this node knows what it tells of; after a moment anyhow, since it is done. */
    private <T> CompletionStage<T> seen(T answer, Predicate<Known> old, int looks) {
        return cluster()
                .known()
                .thenCompose(known -> old.test(known) && looks > 0
                        ? CompletableFuture.supplyAsync(
                                        () -> looks - 1,
                                        CompletableFuture.delayedExecutor(BETWEEN_LOOKS_MS, TimeUnit.MILLISECONDS))
                                .thenCompose(left -> seen(answer, old, left))
                        : CompletableFuture.completedFuture(answer))
                .exceptionally(late -> answer);
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
        } else if (cause instanceof StatusReply.ErrorMessage) {
            return new Refusal(Refusal.Kind.CONFLICT, cause.getMessage());
        } else if (cause instanceof org.sipdispatch.settings.BadSetting) {
            return new Refusal(Refusal.Kind.BAD_REQUEST, cause.getMessage());
        }
        return new CompletionException(cause);
    }
}
