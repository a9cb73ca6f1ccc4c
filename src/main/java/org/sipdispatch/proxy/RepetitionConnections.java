package org.sipdispatch.proxy;

import java.net.InetAddress;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.GenerationCache;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.TransactionConnections;
import org.sipdispatch.transaction.TransactionContext;

/** The connections on which requests without a transaction were retransmitted over TCP. */
final class RepetitionConnections {
    /** The connections on which one host has retransmitted a request, and the socket of the newest. */
    record Repetitions(ListenSocket socket, InetAddress host, TransactionConnections connections) {}

    private final TransactionContext transactions;
    private final GenerationCache<Repetitions> repetitions;

    /** {@code most}: the number of requests to remember, for the time that a transaction lasts. */
    RepetitionConnections(int most, TransactionContext transactions) {
        this.transactions = transactions;
        repetitions = new GenerationCache<>(
                most,
                transactions.timers().transactionMs(),
                transactions.clock().nowMs());
    }

    /** The request with this key has arrived again. */
    void add(Flow flow, long key) {
        InetAddress host = flow.source().getAddress();
        Repetitions known = repetitions.get(key);
        TransactionConnections before =
                known == null || !known.host.equals(host) ? TransactionConnections.NONE : known.connections;
        repetitions.put(
                key,
                new Repetitions(flow.socket(), host, before.with(flow.connection())),
                transactions.clock().nowMs());
    }

    /** The connections on which the request was retransmitted; null if it was not. */
    Repetitions of(long key) {
        return repetitions.get(key);
    }
}
