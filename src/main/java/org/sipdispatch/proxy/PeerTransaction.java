package org.sipdispatch.proxy;

import java.net.InetSocketAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.ByteWriter;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.transaction.Protocol;
import org.sipdispatch.transaction.SocketAddresses;

/**
 * An INVITE transaction of another node: what this node needs to send the call's retransmissions, CANCEL and ACK to the
 * same hop with the same branch.
 *
 * @param key the transaction's key
 * @param lane the lane in the branch
 * @param attempt the attempt in the branch
 * @param socket the name of the socket that sent the INVITE
 * @param protocol the protocol of that socket; null if the other node did not report it
 * @param domain the URI that was written into the Request-URI; null if it was not changed
 * @param large whether the INVITE went over TCP because of its size, see {@link LargeRequests}
 * @param atOnce whether the INVITE went to other destinations at the same time
 * @param earlier the same for another of these destinations, of which this node knew before; null for none
 */
record PeerTransaction(
        long key,
        int lane,
        int attempt,
        String socket,
        Protocol protocol,
        InetSocketAddress remote,
        SipUri domain,
        boolean recordRoute,
        boolean large,
        boolean atOnce,
        PeerTransaction earlier) {
    private static final int VERSION = 1;
    private static final int HEADER = 3;
    private static final int RECORD_ROUTE = 1;
    private static final int LARGE = 2;
    /** The protocol is in the bits of the flags from here on, as one more than its index here; 0 for none. */
    private static final int PROTOCOL_SHIFT = 2;

    private static final int PROTOCOL_MASK = 7;
    private static final int AT_ONCE = 32;
    private static final List<Protocol> PROTOCOLS = List.of(Protocol.UDP, Protocol.TCP, Protocol.TLS);
    private static final int MOST_TEXT = 255;

    /**
     * Starts a batch. It contains the version of this encoding, the number of lanes of the node, the number of the
     * writing lane, and then calls until the end.
     */
    static void begin(ByteWriter batch, int lanes, int lane) {
        batch.clear().put((char) VERSION).put((char) lanes).put((char) lane);
    }

    /** Whether the fields fit into this encoding. */
    boolean isWritable() {
        return socket.length() <= MOST_TEXT && (domain == null || domain.end() - domain.start() <= MOST_TEXT);
    }

    void writeTo(ByteWriter batch) {
        putLong(batch, key);
        putShort(batch, attempt);
        int flags = (recordRoute ? RECORD_ROUTE : 0)
                | (large ? LARGE : 0)
                | (atOnce ? AT_ONCE : 0)
                | PROTOCOLS.indexOf(protocol) + 1 << PROTOCOL_SHIFT;
        batch.put((char) flags).put((char) socket.length());
        batch.put(socket);
        byte[] address = remote.getAddress().getAddress();
        batch.put((char) address.length).put(address);
        putShort(batch, remote.getPort());
        if (domain == null) {
            batch.put((char) 0);
        } else {
            batch.put((char) (domain.end() - domain.start())).put(domain.bytes(), domain.start(), domain.end());
        }
    }

    private static void putLong(ByteWriter batch, long value) {
        for (int shift = 48; shift >= 0; shift -= 16) {
            putShort(batch, (int) (value >>> shift));
        }
    }

    private static void putShort(ByteWriter batch, int value) {
        batch.put((char) (value >> 8 & 0xff)).put((char) (value & 0xff));
    }

    /**
     * The lane that must process a batch: the lane with the writer's number if both nodes have the same number of
     * lanes, else -1, because any lane may receive the calls. An unreadable batch goes to lane 0, which counts it as
     * malformed.
     */
    static int owner(byte[] batch, int lanes) {
        boolean readable = batch.length >= HEADER && batch[0] == VERSION && batch[2] >= 0 && batch[2] < batch[1];
        if (!readable) {
            return 0;
        }
        return batch[1] == lanes ? batch[2] : -1;
    }

    /** The calls in a batch; null if it is malformed. */
    static List<PeerTransaction> read(byte[] batch) {
        ByteBuffer in = ByteBuffer.wrap(batch);
        List<PeerTransaction> calls = new ArrayList<>();
        try {
            int version = in.get();
            int lanes = in.get();
            int lane = in.get();
            if (version != VERSION || lane < 0 || lane >= lanes || lanes > 64) {
                return null;
            }
            while (in.hasRemaining()) {
                PeerTransaction call = read(in, lane);
                if (call == null) {
                    return null;
                }
                calls.add(call);
            }
            return calls;
        } catch (BufferUnderflowException e) {
            return null;
        }
    }

    private static PeerTransaction read(ByteBuffer in, int lane) {
        long key = in.getLong();
        int attempt = in.getShort() & 0xffff;
        int flags = in.get();
        byte[] socket = bytes(in);
        byte[] address = bytes(in);
        int port = in.getShort() & 0xffff;
        byte[] domain = bytes(in);
        SipUri uri = SipUri.parse(domain, 0, domain.length);
        if (attempt >= LanePings.ATTEMPT
                || address.length != 4 && address.length != 16
                || port == 0
                || domain.length > 0 && (uri == null || !uri.isSip())) {
            return null;
        }
        InetSocketAddress remote = new InetSocketAddress(SocketAddresses.of(address), port);
        String name = Ascii.text(socket, 0, socket.length);
        return new PeerTransaction(
                key,
                lane,
                attempt,
                name,
                protocol(flags),
                remote,
                domain.length == 0 ? null : uri,
                (flags & RECORD_ROUTE) != 0,
                (flags & LARGE) != 0,
                (flags & AT_ONCE) != 0,
                null);
    }

    /** What is known of the transaction after another report about it; this object if that says nothing new. */
    PeerTransaction with(PeerTransaction other) {
        if (!other.atOnce) {
            return attempt <= other.attempt ? other : this;
        }
        for (PeerTransaction each = this; each != null; each = each.earlier) {
            if (each.attempt == other.attempt) {
                return this;
            }
        }
        return other.after(this);
    }

    private PeerTransaction after(PeerTransaction known) {
        return new PeerTransaction(
                key, lane, attempt, socket, protocol, remote, domain, recordRoute, large, atOnce, known);
    }

    private static Protocol protocol(int flags) {
        int index = (flags >> PROTOCOL_SHIFT & PROTOCOL_MASK) - 1;
        return index < 0 || index >= PROTOCOLS.size() ? null : PROTOCOLS.get(index);
    }

    private static byte[] bytes(ByteBuffer in) {
        byte[] bytes = new byte[in.get() & 0xff];
        in.get(bytes);
        return bytes;
    }
}
