package org.sipdispatch.operations;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.sipdispatch.definitions.ReloadOutcome;
import org.sipdispatch.destination.Status;
import org.sipdispatch.replication.DestinationsSnapshot.KnownDestination;

/** Gives destinations the states of their rows after a reload: {@code ds_reload inherit_state=n}. */
final class RowStates {
    private static final String WHY = "the state of its row, by a reload";

    private final OperationContext context;
    private final DestinationOrders orders;

    RowStates(OperationContext context, DestinationOrders orders) {
        this.context = context;
        this.orders = orders;
    }

    /**
     * Sets the state of each destination that differs from its row.
     *
     * @param partition the reloaded partition; empty for all
     * @return the outcome with a line for each state that was changed; fails if one could not be changed
     */
    CompletionStage<ReloadOutcome> apply(OperationCaller caller, String partition, ReloadOutcome reloaded) {
        List<KnownDestination> differing = context.destinations().destinations().stream()
                .filter(one -> partition.isEmpty()
                        || one.definition().destination().partition().equals(partition))
                .filter(RowStates::differs)
                .toList();
        CompletionStage<OrderResult> all = CompletableFuture.completedFuture(null);
        for (KnownDestination one : differing) {
            CompletionStage<OrderResult> order =
                    orders.setState(caller, one.id(), one.definition().initial(), WHY, OrderKey.NONE);
            all = all.thenCombine(order, (before, done) -> done);
        }
        List<String> changes = Stream.concat(
                        reloaded.changes().stream(), differing.stream().map(RowStates::line))
                .toList();
        return all.thenApply(
                done -> new ReloadOutcome(reloaded.revision(), changes, reloaded.warnings(), reloaded.error()));
    }

    /** A destination without a status has the state of its row. */
    private static boolean differs(KnownDestination one) {
        Status status = one.status();
        return !one.definition().temporary()
                && status != null
                && !status.removed()
                && status.state() != one.definition().initial();
    }

    private static String line(KnownDestination one) {
        return "~ " + one.id() + " state: " + one.status().state().text() + " -> "
                + one.definition().initial().text();
    }
}
