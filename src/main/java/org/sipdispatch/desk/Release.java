package org.sipdispatch.desk;

import java.util.concurrent.CompletionStage;
import org.sipdispatch.destination.DestinationActor;

/** Ends an operator's hold: what evidence says counts again. */
public final class Release {
    private final Surroundings here;

    Release(Surroundings here) {
        this.here = here;
    }

    public CompletionStage<Ordered> answer(Caller caller, String id, String why) {
        caller.mayChange();
        return here.noted(
                caller,
                "release",
                id,
                why,
                here.ordered(
                        id,
                        (ticket, replyTo) -> new DestinationActor.Release(
                                caller.text(), Surroundings.reason(why), ticket, replyTo)));
    }
}
