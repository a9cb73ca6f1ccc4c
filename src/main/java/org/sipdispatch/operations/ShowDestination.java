package org.sipdispatch.operations;

import java.util.concurrent.CompletionStage;
import org.sipdispatch.cluster.ClusterCalls;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.observation.DestinationTraffic;
import org.sipdispatch.replication.DestinationsSnapshot;

/** Shows one destination: the status of its actor, and the status that this node's traffic uses. */
public final class ShowDestination {
    private final OperationContext context;

    ShowDestination(OperationContext context) {
        this.context = context;
    }

    /**
     * The details of a destination.
     *
     * @param report the report of the destination's actor
     * @param known the destination as this node knows it
     * @param traffic this node's traffic counters of the destination; null if there was none
     * @param calls the active calls of all nodes at the destination
     */
    public record DestinationDetails(
            DestinationActor.Report report,
            DestinationsSnapshot.KnownDestination known,
            DestinationTraffic traffic,
            ClusterCalls calls) {
        /** Whether this node's traffic uses another status than that of the actor. */
        public boolean differs() {
            return report.status() == null
                    || known.status() == null
                    || !report.status().version().equals(known.status().version());
        }
    }

    public CompletionStage<DestinationDetails> answer(String id) {
        DestinationsSnapshot.KnownDestination known = context.defined(id);
        return context.cluster()
                .report(id)
                .thenCombine(
                        context.cluster().openCalls(id),
                        (report, calls) -> new DestinationDetails(report, known, traffic(id), calls));
    }

    private DestinationTraffic traffic(String id) {
        return !context.hasTraffic()
                ? null
                : context.traffic().destinations().stream()
                        .filter(one -> one.destination().id().equals(id))
                        .findFirst()
                        .orElse(null);
    }
}
