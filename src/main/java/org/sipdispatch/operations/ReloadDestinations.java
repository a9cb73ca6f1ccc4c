package org.sipdispatch.operations;

import java.util.concurrent.CompletionStage;
import org.sipdispatch.definitions.ReloadOrder;
import org.sipdispatch.definitions.ReloadOutcome;

/** Reads the sources of the destinations again: {@code ds_reload}. */
public final class ReloadDestinations {
    private final OperationContext context;

    ReloadDestinations(OperationContext context) {
        this.context = context;
    }

    /**
     * Refused with the reason if nothing was applied. Read-only callers may request a dry run; its outcome contains the
     * reason instead.
     */
    public CompletionStage<ReloadOutcome> answer(OperationCaller caller, ReloadOrder order) {
        if (order.dryRun()) {
            return reload(caller, order);
        }
        caller.requireWrite();
        String what = (order.partition().isEmpty() ? "all partitions" : "partition " + order.partition())
                + (order.dropTemporary() ? ", without temporary destinations" : "")
                + (order.skipBadRows() ? ", without bad rows" : "");
        return context.recorded(caller, "reload", "", what, reload(caller, order));
    }

    private CompletionStage<ReloadOutcome> reload(OperationCaller caller, ReloadOrder order) {
        CompletionStage<ReloadOutcome> outcome = context.cluster().reload(order, caller.text());
        return order.dryRun() ? outcome : context.whenShown(outcome);
    }
}
