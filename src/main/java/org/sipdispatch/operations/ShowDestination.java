package org.sipdispatch.operations;

import java.util.concurrent.CompletionStage;
import org.sipdispatch.cluster.ClusterCalls;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.observation.DestinationTraffic;
import org.sipdispatch.replication.DestinationsSnapshot;

/** Shows one destination: the status of its actor, and the status that this node's traffic uses. */
public final class ShowDestination {
    private final OperationContext here;

    ShowDestination(OperationContext here) {
        this.here = here;
    }

    /**
     * The details of a destination.
     *
     * @param report the report of the destination's actor
     * @param known the destination as this node knows it
     * @param traffic this node's traffic counters of the destination; null if there was none
     * @param calls the active calls of all nodes at the destination
     */
    public record View(
            DestinationActor.Report report,
            DestinationsSnapshot.Entry known,
            DestinationTraffic traffic,
            ClusterCalls calls) {
        /** Whether this node's traffic uses another status than that of the actor. */
        public boolean differs() {
            return report.status() == null
                    || known.status() == null
                    || !report.status().version().equals(known.status().version());
        }
    }

    public CompletionStage<View> answer(String id) {
        DestinationsSnapshot.Entry known = here.defined(id);
        return here.cluster()
                .report(id)
                .thenCombine(
                        here.cluster().openCalls(id), (report, calls) -> new View(report, known, traffic(id), calls));
    }

    private DestinationTraffic traffic(String id) {
        return !here.hasTraffic()
                ? null
                : here.traffic().destinations().stream()
                        .filter(one -> one.destination().id().equals(id))
                        .findFirst()
                        .orElse(null);
    }
}
