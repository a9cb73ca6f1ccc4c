package org.sipdispatch.transaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The client transactions that wait for a first response, by next hop, so that transport errors can be reported to
 * them. Each transaction holds its own links, so that the removal of one costs no search.
 */
public final class ClientTransactionsByHop {
    private final Map<NextHop, Group> waiting = new HashMap<>();

    /** The transactions that wait for one hop, in the order in which they were added. */
    static final class Group {
        private final NextHop hop;
        private ClientTransaction<?> first;
        private ClientTransaction<?> last;

        private Group(NextHop hop) {
            this.hop = hop;
        }
    }

    /** Adds a transaction, which must not be registered already. */
    public void add(ClientTransaction<?> client) {
        Group group = waiting.computeIfAbsent(client.hop(), Group::new);
        client.group = group;
        client.previous = group.last;
        if (group.last == null) {
            group.first = client;
        } else {
            group.last.next = client;
        }
        group.last = client;
    }

    /** Removes a transaction that no longer waits for a first response. Does nothing if it is not registered. */
    public void remove(ClientTransaction<?> client) {
        Group group = client.group;
        if (group == null) {
            return;
        }
        if (client.previous == null) {
            group.first = client.next;
        } else {
            client.previous.next = client.next;
        }
        if (client.next == null) {
            group.last = client.previous;
        } else {
            client.next.previous = client.previous;
        }
        client.group = null;
        client.previous = null;
        client.next = null;
        if (group.first == null) {
            waiting.remove(group.hop);
        }
    }

    /**
     * No response can arrive from this hop any more: reports the error to all transactions that wait for one.
     *
     * @param affected selects among the hops with this socket and address, which may have several connections
     */
    public void transportError(NextHop hop, Predicate<NextHop> affected, SendFailure why) {
        Group group = waiting.get(hop);
        List<ClientTransaction<?>> all = new ArrayList<>();
        for (ClientTransaction<?> each = group == null ? null : group.first; each != null; each = each.next) {
            if (affected.test(each.hop())) {
                all.add(each);
            }
        }
        all.forEach(this::remove);
        for (ClientTransaction<?> client : all) {
            client.transportError(why);
        }
    }
}
