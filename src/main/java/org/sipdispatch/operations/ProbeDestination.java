package org.sipdispatch.operations;

import java.util.concurrent.CompletionStage;
import org.sipdispatch.destination.DestinationActor;

/**
 * Pings a destination immediately. The result completes when the probe has ended, or after some seconds with the status
 * at that time.
 */
public final class ProbeDestination {
    private final OperationContext context;

    ProbeDestination(OperationContext context) {
        this.context = context;
    }

    public CompletionStage<DestinationActor.Probed> answer(OperationCaller caller, String id) {
        caller.requireWrite();
        return context.recorded(
                caller,
                "probe",
                id,
                "",
                context.ifDefined(id, () -> context.cluster().probe(id, caller.text()))
                        .thenCompose(probed ->
                                context.awaitShown(id, probed.status()).thenApply(shown -> probed)));
    }
}
