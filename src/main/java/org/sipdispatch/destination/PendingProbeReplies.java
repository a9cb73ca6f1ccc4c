package org.sipdispatch.destination;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.sipdispatch.destination.DestinationActor.Probed;

/** The pending replies to operators who ordered a ping. Not thread-safe. */
final class PendingProbeReplies {
    private final List<Consumer<Probed>> waiting = new ArrayList<>();

    void add(Consumer<Probed> reply) {
        waiting.add(reply);
    }

    /** {@code underWay}: the ping or the query of other nodes has not ended, so that the status is not its result. */
    void answer(Status status, boolean underWay) {
        waiting.forEach(reply -> reply.accept(new Probed(status, underWay)));
        waiting.clear();
    }
}
