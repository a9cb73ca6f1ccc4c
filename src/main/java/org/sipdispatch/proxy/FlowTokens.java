package org.sipdispatch.proxy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.ByteWriter;
import org.sipdispatch.sip.Parameters;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.Protocol;
import org.sipdispatch.transaction.SocketAddresses;
import org.sipdispatch.transaction.TransactionConnections;

/**
 * The flow tokens in our Path URIs (RFC 3327), parameter {@code f}: the address from which a REGISTER came and the
 * socket that received it, so that later requests reach a client behind a NAT (RFC 5626 section 5.1). The keyed hash at
 * the end shows that a node with the same secret wrote the token, so that no token leads to an address from which no
 * REGISTER came. Our Record-Routes have it too, and the token of the flow of a caller over WebSocket, parameter {@code
 * c}. Not thread-safe.
 */
final class FlowTokens {
    /**
     * A valid token.
     *
     * @param hop the hop to the client; null if no socket of this node leads to such a client
     * @param recordRoute whether this proxy stays in the path of the dialogs that begin on this way
     * @param text the token as it is written, without its proof
     * @param proof the proof of the token in the Path
     */
    record FlowToken(NextHop hop, boolean recordRoute, String text, long proof) {}

    /** Registrations end earlier, so that a registrar always has a newer token. */
    private static final long LONGEST_SECONDS = 30L * 24 * 60 * 60;

    private static final int IPV6 = 1;
    private static final int TCP = 2;
    private static final int RECORD_ROUTE = 4;
    /** Set together with TCP. */
    private static final int TLS = 8;
    /** Set together with TCP, and with TLS for WSS. */
    private static final int WEB_SOCKET = 16;

    private static final int TRANSPORT = TCP | TLS | WEB_SOCKET;
    private static final Protocol[] PROTOCOLS = Protocol.values();

    /** The parameter with the flow to the party that is called. */
    static final String TO_CALLEE = "f";
    /** The parameter with the flow to the party that started the dialog. */
    static final String TO_CALLER = "c";

    /** The first digits: the kind, the socket, the port and the time. */
    private static final int SOCKET = 1;

    private static final int PORT = 2;
    private static final int MADE = 5;
    private static final int ADDRESS = 11;

    /** The number of a connection comes after the address. */
    private static final int CONNECTION = 9;

    private static final int WORD_BYTES = 4;
    private static final int WORD_DIGITS = 6;

    private final TransactionKey keys;
    private final ListenSockets sockets;
    private final LongSupplier epochSeconds;

    FlowTokens(TransactionKey keys, ListenSockets sockets, LongSupplier epochSeconds) {
        this.keys = keys;
        this.sockets = sockets;
        this.epochSeconds = epochSeconds;
    }

    /**
     * Writes the token of the flow on which a REGISTER arrived. Over UDP it leads where the response goes, over TCP to
     * the connection.
     */
    void writeTo(ByteWriter out, SipRequest register, Flow flow, boolean recordRoute) {
        FlowToken token = of(register, flow, recordRoute);
        out.put(token.text()).putBase64(token.proof(), KeyedHash.DIGITS);
    }

    /** The token of the flow on which a request arrived. */
    FlowToken of(SipRequest request, Flow flow, boolean recordRoute) {
        boolean tcp = flow.socket().protocol().isReliable();
        InetSocketAddress client = tcp ? flow.source() : SocketAddresses.replyTo(request, flow);
        byte[] address = client.getAddress().getAddress();
        int kind = (address.length > WORD_BYTES ? IPV6 : 0)
                | transport(flow.socket().protocol())
                | (recordRoute ? RECORD_ROUTE : 0);
        int socket = flow.socket().index();
        long madeAt = epochSeconds.getAsLong();
        long connection = tcp ? flow.connection() : Flow.NO_CONNECTION;
        ByteWriter out = new ByteWriter(ADDRESS + address.length / WORD_BYTES * WORD_DIGITS + CONNECTION);
        out.putBase64(kind, SOCKET)
                .putBase64(socket, PORT - SOCKET)
                .putBase64(client.getPort(), MADE - PORT)
                .putBase64(madeAt, ADDRESS - MADE);
        ByteBuffer words = ByteBuffer.wrap(address);
        while (words.hasRemaining()) {
            out.putBase64(words.getInt(), WORD_DIGITS);
        }
        if (tcp) {
            out.putBase64(connection, CONNECTION);
        }
        long proof = keys.flowProof(kind, socket, address, client.getPort(), madeAt, connection);
        return new FlowToken(hop(kind, socket, client, connection), recordRoute, out.toString(), proof);
    }

    private static int transport(Protocol protocol) {
        return (protocol.isReliable() ? TCP : 0)
                | (protocol.isOverTls() ? TLS : 0)
                | (protocol.isWebSocket() ? WEB_SOCKET : 0);
    }

    /**
     * Writes the token for the later requests of a dialog. It is valid only beside the dialog's route token, so that it leads no
     * other request to the client.
     */
    void writeTo(ByteWriter out, FlowToken flow, long routeToken) {
        out.put(flow.text()).putBase64(keys.dialogFlowProof(flow.proof(), routeToken), KeyedHash.DIGITS);
    }

    /** Whether a URI has a token, valid or not. */
    static boolean isIn(SipUri uri, String parameter) {
        return uri.parameter(parameter) != Parameters.ABSENT;
    }

    /**
     * Reads the token in a Route value of this proxy; null if there is no valid one.
     *
     * @param parameter {@link #TO_CALLEE} or {@link #TO_CALLER}
     * @param routeToken the hash of the valid route token beside it; {@link RouteTokens#NONE} if it has none, as in a Path
     */
    FlowToken read(SipUri uri, String parameter, long routeToken) {
        long range = uri.parameter(parameter);
        return range == Parameters.ABSENT
                ? null
                : read(uri.bytes(), Parameters.start(range), Parameters.end(range), routeToken);
    }

    private FlowToken read(byte[] bytes, int start, int end, long routeToken) {
        int proof = end - KeyedHash.DIGITS;
        int kind = proof < start + ADDRESS ? -1 : (int) ByteWriter.readBase64(bytes, start, SOCKET);
        int words = (kind & IPV6) == 0 ? 1 : 4;
        int addressEnd = start + ADDRESS + words * WORD_DIGITS;
        if (kind < 0 || proof != addressEnd + ((kind & TCP) == 0 ? 0 : CONNECTION)) {
            return null;
        }
        int socket = (int) ByteWriter.readBase64(bytes, start + SOCKET, PORT - SOCKET);
        int port = (int) ByteWriter.readBase64(bytes, start + PORT, MADE - PORT) & 0xffff;
        long madeAt = ByteWriter.readBase64(bytes, start + MADE, ADDRESS - MADE);
        ByteBuffer address = ByteBuffer.allocate(words * WORD_BYTES);
        for (int at = start + ADDRESS; at < addressEnd; at += WORD_DIGITS) {
            address.putInt((int) ByteWriter.readBase64(bytes, at, WORD_DIGITS));
        }
        long connection =
                addressEnd == proof ? Flow.NO_CONNECTION : ByteWriter.readBase64(bytes, addressEnd, CONNECTION);
        long ofPath = keys.flowProof(kind, socket, address.array(), port, madeAt, connection);
        long expected = routeToken == RouteTokens.NONE ? ofPath : keys.dialogFlowProof(ofPath, routeToken);
        boolean valid = KeyedHash.is(bytes, proof, end, expected);
        // A time in the future comes from a node whose clock is ahead.
        if (!valid || epochSeconds.getAsLong() - madeAt > LONGEST_SECONDS) {
            return null;
        }
        InetSocketAddress client = new InetSocketAddress(SocketAddresses.of(address.array()), port);
        return new FlowToken(
                hop(kind, socket, client, connection),
                (kind & RECORD_ROUTE) != 0,
                Ascii.text(bytes, start, proof),
                ofPath);
    }

    private NextHop hop(int kind, int index, InetSocketAddress client, long connection) {
        Protocol protocol = protocol(kind & TRANSPORT);
        ListenSocket socket =
                protocol == null ? null : sockets.towardClient(protocol, client.getAddress(), sockets.at(index));
        TransactionConnections connections =
                (kind & TCP) != 0 ? TransactionConnections.only(connection) : TransactionConnections.NONE;
        return socket == null ? null : new NextHop(socket, client, connections);
    }

    /** Null for a combination that a later release may write. */
    private static Protocol protocol(int transport) {
        for (Protocol protocol : PROTOCOLS) {
            if (transport(protocol) == transport) {
                return protocol;
            }
        }
        return null;
    }
}
