package org.sipdispatch.desk;

import java.util.concurrent.CompletionStage;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.Status;

/** Pings at once; answered when the ping has ended. */
public final class ProbeNow {
    private final Surroundings here;

    ProbeNow(Surroundings here) {
        this.here = here;
    }

    public CompletionStage<Status> answer(Caller caller, String id) {
        caller.mayChange();
        return here.noted(
                caller,
                "probe",
                id,
                "",
                here.ordered(id, replyTo -> new DestinationActor.ProbeNow(caller.text(), replyTo)));
    }
}
