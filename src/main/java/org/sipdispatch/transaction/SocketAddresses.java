package org.sipdispatch.transaction;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.IpLiteral;
import org.sipdispatch.sip.Parameters;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.sip.Via;

/** Addresses in URIs and Via values that need no DNS query. */
public final class SocketAddresses {
    private SocketAddresses() {}

    /** {@code bytes}: 4 bytes for an IPv4 address, 16 for an IPv6 address. */
    public static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(bytes.length + " bytes are not an IP address", e);
        }
    }

    /**
     * The source that limits apply to: the first 64 bits of an IPv6 address, because one host may use every address
     * with them, or the IPv4 address.
     */
    public static long source(InetAddress address) {
        byte[] bytes = address.getAddress();
        long source = bytes.length == 4 ? 0xFFFF_FFFFL : 0;
        for (int i = 0; i < Math.min(bytes.length, Long.BYTES); i++) {
            source = source << 8 | bytes[i] & 0xFF;
        }
        return source;
    }

    /** The address of a URI whose host or maddr is an IP address; null if it is a name. */
    public static InetSocketAddress literal(SipUri uri) {
        int port = uri.port() == SipUri.NO_PORT ? uri.defaultPort() : uri.port();
        byte[] maddr = null;
        String parameter = uri.parameterText("maddr");
        if (parameter != null) {
            maddr = IpLiteral.parse(parameter);
        }
        byte[] address = maddr == null ? IpLiteral.parse(uri.bytes(), uri.hostStart(), uri.hostEnd()) : maddr;
        return address == null ? null : new InetSocketAddress(of(address), port);
    }

    /**
     * The target of responses to a request (RFC 3261 section 18.2.2, RFC 3581): the source address, with the port that
     * the Via asks for.
     */
    public static InetSocketAddress replyTo(SipRequest request, Flow flow) {
        Via via = request.topVia();
        // The source port of a TCP connection is not a listening port; the port in sent-by is (RFC 3261 section
        // 18.2.2).
        boolean reliable = flow.socket().protocol().isReliable();
        if (!reliable && via.parameter("rport") != Parameters.ABSENT) {
            return flow.source();
        }
        int port = via.port() == Via.NO_PORT ? flow.socket().protocol().defaultPort() : via.port();
        return port == flow.source().getPort()
                ? flow.source()
                : new InetSocketAddress(flow.source().getAddress(), port);
    }

    /**
     * The target of a response without a known transaction, from the Via below ours; null if the Via has no IP address.
     */
    public static InetSocketAddress replyTo(byte[] bytes, Via via, Protocol protocol) {
        long received = via.parameter("received");
        byte[] address = received == Parameters.ABSENT
                ? IpLiteral.parse(bytes, via.hostStart(), via.hostEnd())
                : IpLiteral.parse(bytes, Parameters.start(received), Parameters.end(received));
        if (address == null) {
            return null;
        }
        long rport = protocol.isReliable() ? Parameters.ABSENT : via.parameter("rport");
        long port = rport == Parameters.ABSENT
                ? -1
                : Ascii.parseNumber(bytes, Parameters.start(rport), Parameters.end(rport), 65_535);
        if (port < 0) {
            port = via.port() == Via.NO_PORT ? protocol.defaultPort() : via.port();
        }
        return new InetSocketAddress(of(address), (int) port);
    }
}
