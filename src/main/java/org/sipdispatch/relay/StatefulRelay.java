package org.sipdispatch.relay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.sip.SipRequest;

/** All requests of a lane that are relayed with memory, by their transaction keys. */
final class StatefulRelay {
    private final Lane lane;
    private final Dialogs dialogs;
    private final LongMap<ResponseContext> contexts = new LongMap<>(1024);
    private final TransactionRoom room;
    private final Map<Hop, Set<ClientTransaction>> waiting = new HashMap<>();

    StatefulRelay(Lane lane, Dialogs dialogs) {
        this.lane = lane;
        this.dialogs = dialogs;
        room = new TransactionRoom(lane, this::forget);
    }

    /** The context of that transaction; null if there is none. */
    ResponseContext find(long key) {
        return contexts.get(key);
    }

    int size() {
        return contexts.size();
    }

    /** Begins a transaction; only where {@link #reached} names no limit. */
    ResponseContext begin(Arrival arrival, Rule rule) {
        ResponseContext context = new ResponseContext(lane, this, arrival, rule);
        room.enters(context, arrival);
        contexts.put(arrival.key(), context);
        lane.counters.addPending(1);
        return context;
    }

    /** The limit that leaves no room for a transaction; null if there is room. */
    Limit reached(Arrival arrival) {
        return room.reached(arrival);
    }

    /** Counts a request that is refused for that limit. */
    void refused(Arrival arrival, Limit limit) {
        room.refused(arrival, limit);
    }

    /** An attempt of the context sends a message of so many bytes. */
    void tries(ResponseContext context, Arrival arrival, boolean first, int length) {
        room.tries(context, arrival, first, length);
    }

    /** Whether its source may have another attempt of it. */
    boolean mayTryAgain(ResponseContext context, Arrival arrival) {
        return room.mayTryAgain(context, arrival);
    }

    /** The context keeps more than it did. */
    void grow(ResponseContext context, int more) {
        room.grows(context, more);
    }

    /** A destination has taken that call. */
    void taken(long call, Hop hop) {
        dialogs.taken(call, hop);
    }

    /**
     * The context waits only for repetitions now and may be let go when room is needed.
     *
     * @param released whether it has let go of its messages
     */
    void settled(ResponseContext context, boolean released) {
        noLongerPending(context);
        room.settles(context, released);
    }

    private void noLongerPending(ResponseContext context) {
        if (context.isPending()) {
            context.endsPending();
            lane.counters.addPending(-1);
        }
    }

    void forget(ResponseContext context) {
        if (!context.isForgotten()) {
            noLongerPending(context);
            context.stop();
            room.leaves(context);
            contexts.remove(context.key());
        }
    }

    /** The CANCEL of an INVITE that is relayed here. */
    void cancel(SipRequest request, Flow flow, long key) {
        ResponseContext context = contexts.get(key);
        context.server().cameBy(flow);
        lane.answer(request, flow, key, 200, "canceling", "");
        context.cancel();
    }

    /** Notes who waits for a first answer, so that word of an unreachable host finds them. */
    void waitFor(ClientTransaction client) {
        waiting.computeIfAbsent(client.hop(), unused -> new LinkedHashSet<>()).add(client);
    }

    void answered(ClientTransaction client) {
        Set<ClientTransaction> clients = waiting.get(client.hop());
        if (clients != null && clients.remove(client) && clients.isEmpty()) {
            waiting.remove(client.hop());
        }
    }

    /** Nothing will come from there any more for those that wait. */
    void lost(Hop hop, SendFailure why) {
        Set<ClientTransaction> clients = waiting.remove(hop);
        List<ClientTransaction> all = clients == null ? List.of() : new ArrayList<>(clients);
        for (ClientTransaction client : all) {
            client.lost(why);
        }
    }
}
