package org.sipdispatch.transaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The client transactions that wait for a first response, by next hop, so that transport errors can be reported to
 * them.
 */
public final class ClientTransactionsByHop {
    private final Map<NextHop, Set<ClientTransaction<?>>> waiting = new HashMap<>();

    public void add(ClientTransaction<?> client) {
        waiting.computeIfAbsent(client.hop(), unused -> new LinkedHashSet<>()).add(client);
    }

    /** Removes a transaction that no longer waits for a first response. Does nothing if it is not registered. */
    public void remove(ClientTransaction<?> client) {
        Set<ClientTransaction<?>> clients = waiting.get(client.hop());
        if (clients != null && clients.remove(client) && clients.isEmpty()) {
            waiting.remove(client.hop());
        }
    }

    /** No response can arrive from this hop any more: reports the error to all transactions that wait for one. */
    public void transportError(NextHop hop, SendFailure why) {
        Set<ClientTransaction<?>> clients = waiting.remove(hop);
        List<ClientTransaction<?>> all = clients == null ? List.of() : new ArrayList<>(clients);
        for (ClientTransaction<?> client : all) {
            client.transportError(why);
        }
    }
}
