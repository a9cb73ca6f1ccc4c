package org.sipdispatch.transaction;

import org.sipdispatch.sip.IpLiteral;

/**
 * The peer that a TLS connection has to lead to (RFC 5922).
 *
 * @param name the name that its certificate must have: a host name in lower case, or an IP address without brackets. One of
 *     IPv6 takes the form of RFC 5952, as URIs and certificates write it in different ways.
 * @param domain the block of {@code tls.client_domains}; null for the default
 * @param explicit whether the name counts even if the domain has a {@code verify_name}
 */
public record TlsPeer(String name, String domain, Scope scope, boolean explicit) {
    /** For which connections to the address the peer counts. */
    public enum Scope {
        /** For all: only a connection to this peer may be used. */
        ALL,
        /** For new ones; one that exists to the address may be used. */
        NEW,
        /** For new ones, unless another peer was verified there: the party of a dialog chose the name and the address. */
        UNVERIFIED
    }

    public TlsPeer {
        byte[] v6 = name.indexOf(':') < 0 ? null : IpLiteral.parse(name);
        name = v6 == null ? name : IpLiteral.text(v6);
    }

    /** A peer whose name is that of a URI; only a connection to it may be used. */
    public TlsPeer(String name, String domain) {
        this(name, domain, Scope.ALL, false);
    }

    public TlsPeer with(Scope other) {
        return new TlsPeer(name, domain, other, explicit);
    }
}
