package org.sipdispatch.relay;

import java.util.ArrayList;
import java.util.List;

/** The transactions with the destinations that were tried for one request, in their order. */
final class ClientTransactions {
    private final List<ClientTransaction> all = new ArrayList<>(2);

    void add(ClientTransaction client) {
        all.add(client);
    }

    int size() {
        return all.size();
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** The one of that attempt; null if there was none. */
    ClientTransaction at(int attempt) {
        return attempt < all.size() ? all.get(attempt) : null;
    }

    /** Whether it is the one that is being tried. */
    boolean isLast(ClientTransaction client) {
        return client == all.get(all.size() - 1);
    }

    /** Calls off the one that is being tried, if any is. */
    void cancelLast() {
        if (!all.isEmpty()) {
            all.get(all.size() - 1).cancel();
        }
    }

    /** Gives up and calls off all but that one, which has won. */
    void cancelAllBut(ClientTransaction winner) {
        for (ClientTransaction other : all) {
            if (other != winner) {
                other.giveUp();
                other.cancel();
            }
        }
    }

    /** Stops all; to be called when they are forgotten. */
    void stop(StatefulRelay relay) {
        for (ClientTransaction client : all) {
            relay.answered(client);
            client.stop();
        }
    }
}
