package org.sipdispatch.relay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.sip.SipRequest;

/** All requests of a lane that are relayed with memory, by their transaction keys. */
final class StatefulRelay {
    /** About what a transaction takes beside its messages: context, timers, entries in tables. */
    private static final int CONTEXT_BYTES = 700;

    private final Lane lane;
    private final Dialogs dialogs;
    private final LongMap<ResponseContext> contexts = new LongMap<>(1024);
    private final Deque<ResponseContext> settled = new ArrayDeque<>();
    private final Map<Hop, Set<ClientTransaction>> waiting = new HashMap<>();
    private long bytes;

    StatefulRelay(Lane lane, Dialogs dialogs) {
        this.lane = lane;
        this.dialogs = dialogs;
    }

    /** The context of that transaction; null if there is none. */
    ResponseContext find(long key) {
        return contexts.get(key);
    }

    int size() {
        return contexts.size();
    }

    /** Begins a transaction; null if there is no room for it, even after the settled ones were let go. */
    ResponseContext begin(Arrival arrival, Rule rule) {
        int weight = weight(arrival);
        while (isTooMuch(weight)) {
            ResponseContext oldest = settled.poll();
            if (oldest == null) {
                return null;
            }
            forget(oldest);
        }
        ResponseContext context = new ResponseContext(lane, this, arrival, rule);
        context.weighs(weight);
        bytes += weight;
        contexts.put(arrival.key(), context);
        lane.counters.addPending(1);
        return context;
    }

    private static int weight(Arrival arrival) {
        return CONTEXT_BYTES + arrival.request().end() - arrival.request().start();
    }

    private boolean isTooMuch(int weight) {
        return contexts.size() >= lane.settings.maxTransactions() || bytes + weight > lane.settings.transactionMemory();
    }

    /** Whether {@link #begin} would find room, or settled transactions to let go for it. */
    boolean hasRoomFor(Arrival arrival) {
        return !isTooMuch(weight(arrival)) || !settled.isEmpty();
    }

    /** The context keeps more than it did. */
    void grow(ResponseContext context, int more) {
        context.weighs(context.weight() + more);
        bytes += more;
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
        if (released) {
            bytes -= context.weight() - CONTEXT_BYTES;
            context.weighs(CONTEXT_BYTES);
        }
        while (!settled.isEmpty() && settled.peek().isForgotten()) {
            settled.poll();
        }
        settled.add(context);
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
            bytes -= context.weight();
            contexts.remove(context.key());
        }
    }

    /** The CANCEL of an INVITE that is relayed here; false if there is none. */
    boolean cancel(SipRequest request, Flow flow, long key) {
        ResponseContext context = contexts.get(key);
        if (context == null || !context.server().isInvite()) {
            return false;
        }
        context.server().cameBy(flow);
        lane.answer(request, flow, key, 200, "canceling", "");
        context.cancel();
        return true;
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
