package org.sipdispatch.operations;

import java.util.concurrent.CompletionStage;
import org.sipdispatch.destination.DestinationActor;

/**
 * Pings a destination immediately. The result completes when the probe has ended, or after some seconds with the status
 * at that time.
 */
public final class ProbeNow {
    private final OperationContext here;

    ProbeNow(OperationContext here) {
        this.here = here;
    }

    public CompletionStage<DestinationActor.Probed> answer(Caller caller, String id) {
        caller.requireWrite();
        return here.recorded(
                caller,
                "probe",
                id,
                "",
                here.ifDefined(id, () -> here.cluster().probe(id, caller.text()))
                        .thenCompose(
                                probed -> here.awaitShown(id, probed.status()).thenApply(shown -> probed)));
    }
}
