package org.sipdispatch.proxy;

import java.util.List;
import java.util.function.Consumer;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.LimitReporter;
import org.sipdispatch.sip.ByteWriter;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.GenerationCache;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.Protocol;
import org.sipdispatch.transaction.TransactionConnections;

/**
 * Lets calls survive this node: tells other nodes where each INVITE went, and remembers what they reported about their
 * calls. Does nothing while there are no other nodes.
 */
final class PeerTransactions {
    /** Longer than a call rings with the default configuration. */
    private static final long REMEMBERED_MS = 240_000;

    private static final int MOST_BATCH_BYTES = 60_000;

    private final LaneSetup setup;
    private final ExpectedTlsPeers tlsPeers;
    private final LaneCounters counters;
    private final EventClock clock;
    private final LimitReporter limits;
    private final Consumer<byte[]> receiver;
    private final ByteWriter batch = new ByteWriter(4096);
    private boolean enabled;
    private boolean written;
    private GenerationCache<PeerTransaction> peerCalls;

    PeerTransactions(
            LaneSetup setup,
            ExpectedTlsPeers tlsPeers,
            LaneCounters counters,
            EventClock clock,
            LimitReporter limits,
            Consumer<byte[]> receiver) {
        this.setup = setup;
        this.tlsPeers = tlsPeers;
        this.counters = counters;
        this.clock = clock;
        this.limits = limits;
        this.receiver = receiver;
    }

    /** {@code whether}: whether there are other nodes to tell. */
    void setEnabled(boolean whether) {
        flush();
        enabled = whether;
    }

    /**
     * An INVITE was sent to a destination; {@code domain} as in {@link ForwardedMessageWriter.Changes}. Other methods
     * are ignored. {@code large}: whether it went over TCP because of its size. {@code atOnce}: whether it went to other
     * destinations at the same time.
     */
    void sent(
            IncomingRequest arrival,
            NextHop hop,
            int attempt,
            SipUri domain,
            boolean recordRoute,
            boolean large,
            boolean atOnce) {
        if (enabled && arrival.request().isMethod("INVITE")) {
            sent(arrival.key(), hop, attempt, domain, recordRoute, large, atOnce);
        }
    }

    /** The INVITE with this key, or a message that follows it, was sent to a destination; otherwise the same. */
    void sent(long key, NextHop hop, int attempt, SipUri domain, boolean recordRoute, boolean large, boolean atOnce) {
        PeerTransaction call = new PeerTransaction(
                key,
                setup.lane(),
                attempt,
                hop.socket().name(),
                hop.socket().protocol(),
                hop.remote(),
                domain,
                recordRoute,
                large,
                atOnce,
                null);
        if (enabled && call.isWritable()) {
            write(call);
        }
    }

    private void write(PeerTransaction call) {
        if (!written) {
            written = true;
            PeerTransaction.begin(batch, setup.lanes(), setup.lane());
        }
        call.writeTo(batch);
        if (batch.length() >= MOST_BATCH_BYTES) {
            flush();
        }
    }

    boolean isFlushed() {
        return !written;
    }

    /** Sends the calls that were written since the last flush. Call this at every tick. */
    void flush() {
        if (written) {
            written = false;
            receiver.accept(batch.copy());
        }
    }

    /** Receives a batch of another node's calls. */
    void receive(byte[] bytes) {
        List<PeerTransaction> calls = PeerTransaction.read(bytes);
        if (calls == null) {
            counters.add(LaneCounter.MALFORMED_CARRIED);
            return;
        }
        if (peerCalls == null) {
            int most = setup.settings().carriedMemory();
            peerCalls = new GenerationCache<>(
                    most, REMEMBERED_MS, clock.nowMs(), limits.earlyEviction(Limit.CARRIED_MEMORY, most));
        }
        for (PeerTransaction call : calls) {
            PeerTransaction known = peerCalls.get(call.key());
            PeerTransaction now = known == null ? call : known.with(call);
            if (now != known) {
                peerCalls.put(call.key(), now, clock.nowMs());
            }
        }
        counters.add(LaneCounter.CARRIED, calls.size());
    }

    /** The transaction as another node reported it; null if none did. */
    PeerTransaction find(long key) {
        return peerCalls == null ? null : peerCalls.get(key);
    }

    /**
     * The hop to which the call's INVITE went, with a socket of this node; null if no socket can reach it. It has the
     * protocol of the INVITE: what went over TLS must not go out in clear.
     */
    NextHop hop(PeerTransaction call) {
        ListenSocket socket = socket(call);
        if (socket == null) {
            return null;
        }
        return socket.protocol() == Protocol.TLS
                ? new NextHop(
                        socket,
                        call.remote(),
                        TransactionConnections.to(tlsPeers.ofDestination(call.remote(), call.domain())))
                : new NextHop(socket, call.remote());
    }

    private ListenSocket socket(PeerTransaction call) {
        ListenSocket named = setup.sockets().named(call.socket());
        Protocol protocol = call.protocol();
        boolean isSame = named != null && (protocol == null || named.protocol() == protocol);
        return isSame || protocol == null
                ? named
                : setup.sockets().toward(protocol, call.remote().getAddress(), null);
    }
}
