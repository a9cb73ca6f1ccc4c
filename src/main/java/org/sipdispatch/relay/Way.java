package org.sipdispatch.relay;

import java.util.List;
import java.util.function.BiConsumer;
import org.sipdispatch.sets.Destination;

/** Finds the first of some candidates that a message can be sent to, without sending one. */
final class Way extends Steps {
    private final Hops finder;
    private final ListenSocket in;
    private final List<Destination> candidates;
    private final BiConsumer<Hop, Integer> then;
    private int place = -1;

    /**
     * Prepares to look.
     *
     * @param in the socket that the request came in on
     * @param then is given the hop and the place of its candidate; null and how many there are if none has a hop
     */
    Way(Hops finder, ListenSocket in, List<Destination> candidates, BiConsumer<Hop, Integer> then) {
        this.finder = finder;
        this.in = in;
        this.candidates = candidates;
        this.then = then;
    }

    @Override
    void step() {
        place++;
        if (place == candidates.size()) {
            then.accept(null, place);
        } else {
            finder.toDestinationOnce(candidates.get(place), in, this::resolved);
        }
    }

    private void resolved(List<Hop> hops) {
        if (hops.isEmpty()) {
            next();
        } else {
            then.accept(hops.get(0), place);
        }
    }
}
