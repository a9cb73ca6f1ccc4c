package org.sipdispatch.desk;

import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.destination.Status;

/** Takes a destination out and tells how many calls still go on there: they are not touched. */
public final class Drain {
    private final Surroundings here;
    private final Hold hold;

    Drain(Surroundings here, Hold hold) {
        this.here = here;
        this.hold = hold;
    }

    /**
     * How far it is.
     *
     * @param openCalls the calls that go on there through each node
     */
    public record Progress(Status status, Map<String, Integer> openCalls) {
        /** The calls of all nodes. */
        public int open() {
            return openCalls.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    public CompletionStage<Progress> answer(Caller caller, String id, String why) {
        String reason = why == null || why.isBlank() ? "drain" : "drain: " + why;
        return hold.answer(caller, id, reason)
                .thenCompose(
                        status -> here.cluster().openCalls(id).thenApply(openCalls -> new Progress(status, openCalls)));
    }

    /** How far it is now. */
    public CompletionStage<Progress> progress(String id) {
        return here.defined(id)
                .thenCompose(known ->
                        here.cluster().openCalls(id).thenApply(openCalls -> new Progress(known.status(), openCalls)));
    }
}
