package org.sipdispatch.transaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The client transactions that await a first response, by next hop, so that a transport error reaches them. */
public final class ClientTransactionsByHop {
    private final Map<NextHop, Set<ClientTransaction<?>>> waiting = new HashMap<>();

    public void add(ClientTransaction<?> client) {
        waiting.computeIfAbsent(client.hop(), unused -> new LinkedHashSet<>()).add(client);
    }

    /** The transaction awaits no first response any longer; nothing happens if it did not. */
    public void remove(ClientTransaction<?> client) {
        Set<ClientTransaction<?>> clients = waiting.get(client.hop());
        if (clients != null && clients.remove(client) && clients.isEmpty()) {
            waiting.remove(client.hop());
        }
    }

    /** Nothing more will arrive from that next hop. */
    public void lost(NextHop hop, SendFailure why) {
        Set<ClientTransaction<?>> clients = waiting.remove(hop);
        List<ClientTransaction<?>> all = clients == null ? List.of() : new ArrayList<>(clients);
        for (ClientTransaction<?> client : all) {
            client.lost(why);
        }
    }
}
