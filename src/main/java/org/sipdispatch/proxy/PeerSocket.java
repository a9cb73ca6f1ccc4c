package org.sipdispatch.proxy;

import org.sipdispatch.transaction.Protocol;

/**
 * A socket of another node, as a target of redirected requests.
 *
 * @param name its name in that node's configuration
 * @param hostPort the advertised address, such as {@code 10.0.0.2:5060}
 */
public record PeerSocket(String name, Protocol protocol, String hostPort) {
    /** Parses {@code udp:10.0.0.2:5060}; null if this release does not support the protocol. */
    public static PeerSocket parse(String name, String literal) {
        int colon = literal.indexOf(':');
        Protocol protocol = colon < 0 ? null : Protocol.of(literal.substring(0, colon));
        return protocol == null ? null : new PeerSocket(name, protocol, literal.substring(colon + 1));
    }

    /** The URI, without a user part. */
    String uri() {
        return "sip:" + hostPort + (protocol == Protocol.UDP ? "" : ";transport=" + protocol.inUri());
    }
}
