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

/** The addresses that URIs and Via values name without a look-up in DNS. */
public final class SocketAddresses {
    private static final int DEFAULT_PORT = 5060;

    private SocketAddresses() {}

    /** {@code bytes}: 4 of an IPv4 address, 16 of an IPv6 address. */
    public static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(bytes.length + " bytes are no address", e);
        }
    }

    /** The address of a URI whose host, or maddr, is an IP address; null if it is a name. */
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

    /** Where replies to a request go (RFC 3261 section 18.2.2, RFC 3581): its source, on the port it asks for. */
    public static InetSocketAddress replyTo(SipRequest request, Flow flow) {
        Via via = request.topVia();
        // A connection's far port is no port that anybody listens on; sent-by's is (RFC 3261 section 18.2.2).
        boolean reliable = flow.socket().protocol().isReliable();
        if (!reliable && via.parameter("rport") != Parameters.ABSENT) {
            return flow.source();
        }
        int port = via.port() == Via.NO_PORT ? DEFAULT_PORT : via.port();
        return port == flow.source().getPort()
                ? flow.source()
                : new InetSocketAddress(flow.source().getAddress(), port);
    }

    /** Where a response goes whose transaction we do not know, from the Via below ours; null if it does not say. */
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
            port = via.port() == Via.NO_PORT ? DEFAULT_PORT : via.port();
        }
        return new InetSocketAddress(of(address), (int) port);
    }
}
