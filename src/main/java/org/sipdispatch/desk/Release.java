package org.sipdispatch.desk;

import java.util.concurrent.CompletionStage;
import org.sipdispatch.destination.DestinationActor;

/** Ends an operator's hold: what evidence says counts again. */
public final class Release {
    private final Surroundings here;

    Release(Surroundings here) {
        this.here = here;
    }

    /** {@code key}: of the client, for an order that it may give again. */
    public CompletionStage<Ordered> answer(Caller caller, String id, String why, OrderKey key) {
        caller.mayChange();
        return here.noted(
                caller,
                "release",
                why,
                new Surroundings.ToActor(
                        id,
                        key,
                        "release",
                        (ticket, replyTo) -> new DestinationActor.Release(
                                caller.text(), Surroundings.reason(why), ticket, replyTo)));
    }
}
