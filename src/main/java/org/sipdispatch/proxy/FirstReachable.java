package org.sipdispatch.proxy;

import java.util.List;
import java.util.function.BiConsumer;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.routing.RelayPolicy;
import org.sipdispatch.routing.RelayPolicy.Mode;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;

/** Finds the first candidate that this node could send to, without sending anything. */
final class FirstReachable extends Trampoline {
    private final NextHopResolver finder;
    private final ListenSocket in;
    private final List<Destination> candidates;
    private final RelayPolicy policy;
    private final BiConsumer<NextHop, FirstReachable> then;
    private final BestResponse best = new BestResponse();
    private final PassedOver passed = new PassedOver();
    private SendFailure last;
    private int place = -1;

    /**
     * Creates the search.
     *
     * @param in the socket that received the request
     * @param then receives the hop, or null if no candidate has one, and this object
     */
    FirstReachable(
            NextHopResolver finder,
            ListenSocket in,
            List<Destination> candidates,
            RelayPolicy policy,
            BiConsumer<NextHop, FirstReachable> then) {
        this.policy = policy;
        this.finder = finder;
        this.in = in;
        this.candidates = candidates;
        this.then = then;
    }

    @Override
    void step() {
        place++;
        if (place == candidates.size()) {
            then.accept(null, this);
        } else {
            finder.toDestinationUncached(candidates.get(place), in, policy.blacklists(), this::resolved);
        }
    }

    private void resolved(List<NextHop> hops) {
        if (hops.isEmpty()) {
            last = NoNextHop.why(hops);
            best.add(last);
            passed.add(candidates.get(place), last.description());
            next();
        } else {
            then.accept(hops.get(0), this);
        }
    }

    /** The index of the candidate that has the hop; the number of candidates if none has one. */
    int place() {
        return place;
    }

    /** The candidates before it, which have no hop. */
    PassedOver passed() {
        return passed;
    }

    /** The response if no candidate has a hop. It is the same that the relay of this mode sends. */
    LocalReply reply(Mode mode, LocalReply unusable) {
        if (mode == Mode.STATELESS) {
            return last == null || last.isDestinationFault() ? unusable : FailureReplies.of(last);
        }
        return best.own(unusable, policy);
    }
}
