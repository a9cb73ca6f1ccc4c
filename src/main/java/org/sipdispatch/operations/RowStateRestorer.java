package org.sipdispatch.operations;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.sipdispatch.definitions.ReloadOutcome;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.Status;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.replication.DestinationsSnapshot.KnownDestination;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives destinations the states of their rows after a reload: {@code ds_reload inherit_state=n}. */
final class RowStateRestorer {
    private static final Logger LOG = LoggerFactory.getLogger(RowStateRestorer.class);
    private static final String WHY = "the state of its row, by a reload";

    private final OperationContext context;
    private final DestinationOrders orders;

    /**
     * The destinations whose states differ from their rows.
     *
     * @param changing get the states of their rows
     * @param keeping keep their states, which are newer than the rows: they changed after the reload was ordered
     */
    record Differing(List<KnownDestination> changing, List<KnownDestination> keeping) {
        /** {@code partition}: the reloaded one; empty for all. */
        static Differing of(DestinationsSnapshot before, DestinationsSnapshot now, String partition) {
            List<KnownDestination> all = now.destinations().stream()
                    .filter(one -> partition.isEmpty()
                            || one.definition().destination().partition().equals(partition))
                    .filter(RowStateRestorer::differs)
                    .toList();
            return new Differing(
                    all.stream().filter(one -> isAsBefore(before, one)).toList(),
                    all.stream().filter(one -> !isAsBefore(before, one)).toList());
        }

        private static boolean isAsBefore(DestinationsSnapshot before, KnownDestination one) {
            KnownDestination then = before.find(one.id());
            return then != null
                    && then.status() != null
                    && then.status().state() == one.status().state();
        }

        List<String> changes() {
            return changing.stream()
                    .map(one -> "~ " + one.id() + " state: " + state(one).text() + " -> "
                            + one.definition().initial().text())
                    .toList();
        }

        List<String> warnings() {
            return keeping.stream()
                    .map(one -> "destination: " + one.id() + " (expected: no change of its state during the reload);"
                            + " it stays " + state(one).text() + ", its row has "
                            + one.definition().initial().text())
                    .toList();
        }

        private static DestinationState state(KnownDestination one) {
            return one.status().state();
        }
    }

    RowStateRestorer(OperationContext context, DestinationOrders orders) {
        this.context = context;
        this.orders = orders;
    }

    /**
     * Sets the state of each destination that differs from its row.
     *
     * @param partition the reloaded partition; empty for all
     * @param before the destinations when the reload was ordered
     * @return the outcome with a line for each state that was changed, and a warning for each that differs but changed
     *     during the reload; fails if one could not be changed
     */
    CompletionStage<ReloadOutcome> apply(
            OperationCaller caller, String partition, DestinationsSnapshot before, ReloadOutcome reloaded) {
        Differing differing = Differing.of(before, context.destinations(), partition);
        differing.warnings().forEach(LOG::warn);
        CompletionStage<ExecutedOrder> all = CompletableFuture.completedFuture(null);
        for (KnownDestination one : differing.changing()) {
            CompletionStage<ExecutedOrder> order =
                    orders.setState(caller, one.id(), one.definition().initial(), WHY, OrderKey.NONE);
            all = all.thenCombine(order, (earlier, done) -> done);
        }
        return all.thenApply(done -> new ReloadOutcome(
                reloaded.revision(),
                joined(reloaded.changes(), differing.changes()),
                joined(reloaded.warnings(), differing.warnings()),
                reloaded.error()));
    }

    private static List<String> joined(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    /** A destination without a status has the state of its row. */
    private static boolean differs(KnownDestination one) {
        Status status = one.status();
        return !one.definition().temporary()
                && status != null
                && !status.removed()
                && status.state() != one.definition().initial();
    }
}
