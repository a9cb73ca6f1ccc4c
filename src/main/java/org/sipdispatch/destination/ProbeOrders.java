package org.sipdispatch.destination;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.sipdispatch.destination.DestinationActor.Probed;

/** Operators who ordered a ping and wait for its end, or for word that it is still under way. Not thread-safe. */
final class ProbeOrders {
    private final List<Consumer<Probed>> waiting = new ArrayList<>();

    void add(Consumer<Probed> reply) {
        waiting.add(reply);
    }

    /** {@code underWay}: whether the ping, or the question to other nodes, has not ended, so that this is not what it found. */
    void answer(Status status, boolean underWay) {
        waiting.forEach(reply -> reply.accept(new Probed(status, underWay)));
        waiting.clear();
    }
}
