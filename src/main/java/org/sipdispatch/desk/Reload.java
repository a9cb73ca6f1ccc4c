package org.sipdispatch.desk;

import java.util.concurrent.CompletionStage;
import org.sipdispatch.cluster.ReloadOutcome;

/** Reads again where destinations are written down: {@code ds_reload}. */
public final class Reload {
    private final Surroundings here;

    Reload(Surroundings here) {
        this.here = here;
    }

    /**
     * What to do.
     *
     * @param partition empty for all
     * @param dryRun only tells what would change; this one may be asked by whoever may look
     * @param dropTemporary also lets go of the destinations that are written down nowhere
     */
    public record Order(String partition, boolean dryRun, boolean dropTemporary) {}

    /** Refused with the reason if nothing was applied. */
    public CompletionStage<ReloadOutcome> answer(Caller caller, Order order) {
        if (order.dryRun()) {
            return reload(caller, order);
        }
        caller.mayChange();
        String what = (order.partition().isEmpty() ? "all partitions" : "partition " + order.partition())
                + (order.dropTemporary() ? ", without temporary destinations" : "");
        return here.noted(caller, "reload", "", what, reload(caller, order));
    }

    private CompletionStage<ReloadOutcome> reload(Caller caller, Order order) {
        return here.cluster()
                .reload(order.partition(), order.dryRun(), order.dropTemporary(), caller.text())
                .thenApply(Reload::checked);
    }

    static ReloadOutcome checked(ReloadOutcome outcome) {
        if (!outcome.error().isEmpty()) {
            throw new Refusal(Refusal.Kind.CONFLICT, outcome.error());
        }
        return outcome;
    }
}
