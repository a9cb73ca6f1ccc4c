package org.sipdispatch.definitions;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.sipdispatch.catalog.CatalogSnapshot;
import org.sipdispatch.catalog.DefinitionStore;
import org.sipdispatch.catalog.UnwrittenStates;
import org.sipdispatch.destination.Status;
import org.sipdispatch.settings.SettingException;

/** Reads the source of the definitions for the catalog actor, after what an order writes into it first. */
final class CatalogReader {
    private static final Duration LONGEST_WRITE = Duration.ofSeconds(20);

    private final ActorSystem<?> system;
    private final DefinitionStore source;
    private final Supplier<CompletionStage<Map<String, Status>>> newestStatuses;
    private final ActorRef<WriteBackActor.Command> writeBack;
    private final Executor blocking;

    /** What an order needs of the source. */
    interface ReadOrder {
        /** The partition to read; empty for all. */
        String partition();

        /** Whether the states that are not in the table yet are written into it before it is read. */
        default boolean needsWrittenStates() {
            return false;
        }

        /**
         * Changes the source before its rows are read, and returns whether it does so. Blocks; a
         * {@code SettingException} if that is not possible.
         */
        default boolean write(DefinitionStore source) {
            return false;
        }
    }

    /**
     * What was read.
     *
     * @param rows null if the source could not be read
     * @param failure why it could not be read; null if it could
     * @param written whether the order has changed the source, in either case
     */
    record CatalogReadResult(CatalogSnapshot rows, Throwable failure, boolean written) {}

    /**
     * Creates the reader.
     *
     * @param newestStatuses reads the statuses of all destinations from a majority of the nodes; fails if none answers
     * @param blocking runs the blocking database queries
     */
    CatalogReader(
            ActorSystem<?> system,
            DefinitionStore source,
            Supplier<CompletionStage<Map<String, Status>>> newestStatuses,
            ActorRef<WriteBackActor.Command> writeBack,
            Executor blocking) {
        this.system = system;
        this.source = source;
        this.newestStatuses = newestStatuses;
        this.writeBack = writeBack;
        this.blocking = blocking;
    }

    /**
     * Reads what the order needs. Never fails.
     *
     * @param order null for the first load
     * @param isFirst whether no rows were loaded before
     */
    CompletionStage<CatalogReadResult> read(ReadOrder order, boolean isFirst) {
        CompletionStage<Void> before = order != null && order.needsWrittenStates()
                ? statesWritten(order.partition())
                : CompletableFuture.completedFuture(null);
        return before.thenApplyAsync(done -> load(order, isFirst), blocking)
                .exceptionally(failure -> new CatalogReadResult(null, failure, false));
    }

    /** The first load reads all partitions, but an order for an unknown partition still fails. */
    private CatalogReadResult load(ReadOrder order, boolean isFirst) {
        boolean written = order != null && order.write(source);
        String partition = order == null ? "" : order.partition();
        try {
            boolean isKnown = partition.isEmpty() || source.partitions().contains(partition);
            CatalogSnapshot rows = isFirst && isKnown ? source.loadFirst() : source.load(partition);
            return new CatalogReadResult(rows, null, written);
        } catch (RuntimeException e) {
            return new CatalogReadResult(null, e, written);
        }
    }

    /**
     * Writes the newest states into the table, so that an older state there is not taken for a change by an operator. A
     * majority is asked for them: an order may be confirmed before this node knows its result. Fails if a state of the
     * partition could not be written.
     */
    private CompletionStage<Void> statesWritten(String partition) {
        return newestStatuses
                .get()
                .thenCompose(newest -> AskPattern.<WriteBackActor.Command, UnwrittenStates>ask(
                        writeBack,
                        replyTo -> new WriteBackActor.WriteNow(newest, replyTo),
                        LONGEST_WRITE,
                        system.scheduler()))
                .handle((unwritten, failure) -> {
                    String reason = failure == null ? reason(unwritten, partition) : reason(failure);
                    if (!reason.isEmpty()) {
                        throw new CompletionException(new SettingException(
                                "states",
                                "not all of them are in the table",
                                "a table that takes the newest ones, which the reload would undo otherwise; "
                                        + reason));
                    }
                    return null;
                });
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof TimeoutException
                ? "no answer of a majority of the nodes, or none of the table within " + LONGEST_WRITE.toSeconds() + "s"
                : cause.toString();
    }

    /** Why states of the partition are not written; empty if all are. */
    private static String reason(UnwrittenStates unwritten, String partition) {
        long count = unwritten.states().stream()
                .filter(write ->
                        partition.isEmpty() || write.destination().partition().equals(partition))
                .count();
        return count == 0 ? "" : count + " are not written: " + String.join("; ", unwritten.reasons());
    }
}
