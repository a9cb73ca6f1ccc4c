package org.sipdispatch.operations;

import java.util.concurrent.CompletionStage;
import org.sipdispatch.cluster.ClusterCalls;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.observation.DestinationTraffic;
import org.sipdispatch.replication.DestinationsSnapshot;

/** One destination: what its actor says, and beside it what this node's traffic goes by. */
public final class ShowDestination {
    private final OperationContext here;

    ShowDestination(OperationContext here) {
        this.here = here;
    }

    /**
     * The answer.
     *
     * @param report the actor's own word
     * @param known what this node knows
     * @param traffic what this node's traffic did there; null if nothing
     * @param calls the calls that go on there through all nodes
     */
    public record Shown(
            DestinationActor.Report report,
            DestinationsSnapshot.Entry known,
            DestinationTraffic traffic,
            ClusterCalls calls) {
        /** Whether this node's traffic goes by something else than what the actor says. */
        public boolean differs() {
            return report.status() == null
                    || known.status() == null
                    || !report.status().version().equals(known.status().version());
        }
    }

    public CompletionStage<Shown> answer(String id) {
        DestinationsSnapshot.Entry known = here.defined(id);
        return here.cluster()
                .report(id)
                .thenCombine(
                        here.cluster().openCalls(id), (report, calls) -> new Shown(report, known, traffic(id), calls));
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
