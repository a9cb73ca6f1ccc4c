package org.sipdispatch.proxy;

import org.sipdispatch.sip.ByteWriter;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.transaction.GenerationCache;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.TransactionContext;

/**
 * The hops of large stateless requests, see {@link LargeRequests}. Their retransmissions, CANCEL and ACK follow them,
 * although a CANCEL and an ACK are small. Not thread-safe.
 */
final class LargeRequestHops {
    private static final int MOST = 65_536;
    /** The transport reports by then that no TCP connection was established, after a time that is shorter than 64*T1. */
    private static final long LATE_REPORT_MS = 2_000;

    /**
     * The hops of a request that went over TCP instead of UDP.
     *
     * @param returned whether it was sent over UDP again, because TCP was refused
     */
    record Hops(NextHop udp, NextHop tcp, boolean returned) {
        /** The one to use now. */
        NextHop current() {
            return returned ? udp : tcp;
        }

        private Hops overUdp() {
            return returned ? this : new Hops(udp, tcp, true);
        }
    }

    private final TransactionContext transactions;
    private final GenerationCache<Hops> hops;
    private final UdpFallbackWriter writer = new UdpFallbackWriter();

    LargeRequestHops(TransactionContext transactions) {
        this.transactions = transactions;
        long keptMs = transactions.timers().transactionMs() + LATE_REPORT_MS;
        hops = new GenerationCache<>(MOST, keptMs, transactions.clock().nowMs());
    }

    /**
     * The hops of a request, if it went over TCP to the address of this hop; otherwise null.
     *
     * @param tcp where another node has sent the request, over TCP because of its size; null for nowhere
     */
    Hops find(long key, NextHop hop, NextHop tcp) {
        Hops known = hops.get(key);
        if (known == null && tcp != null) {
            known = new Hops(hop, tcp, false);
            put(key, known);
        }
        return known != null && known.udp.remote().equals(hop.remote()) ? known : null;
    }

    /** The request went over TCP. */
    void remember(long key, NextHop udp, NextHop tcp) {
        put(key, new Hops(udp, tcp, false));
    }

    /** A message of the request was refused over TCP: the request uses UDP from now on. */
    void refused(long key, Hops known) {
        put(key, known.overUdp());
    }

    private void put(long key, Hops known) {
        hops.put(key, known, transactions.clock().nowMs());
    }

    /** The hops of a request that went over TCP because of its size; null for another one. */
    Hops get(long key) {
        return hops.get(key);
    }

    /**
     * Sends a request over UDP that went over TCP because of its size, or followed one that did, and could not be sent.
     * Returns whether it was sent. Each message that waited for the connection is reported: the request, its
     * retransmissions, and its CANCEL or ACK.
     */
    boolean sendsOverUdp(SipRequest sent, Hops known) {
        ByteWriter message = writer.write(sent, known.tcp.socket(), known.udp.socket());
        return transactions.send(known.udp, message) == null;
    }
}
