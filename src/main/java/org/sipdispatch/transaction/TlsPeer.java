package org.sipdispatch.transaction;

import org.sipdispatch.sip.IpLiteral;

/**
 * The peer that a TLS connection has to lead to (RFC 5922).
 *
 * @param name the name that its certificate must have: a host name in lower case, or an IP address without brackets. One of
 *     IPv6 takes the form of RFC 5952, as URIs and certificates write it in different ways.
 * @param domain the block of {@code tls.client_domains}; null for the default
 * @param exact whether only a connection to this peer may be used; otherwise also one that exists to the address, since
 *     the party of a dialog chooses the name and the address
 * @param explicit whether the name counts even if the domain has a {@code verify_name}
 */
public record TlsPeer(String name, String domain, boolean exact, boolean explicit) {
    public TlsPeer {
        byte[] v6 = name.indexOf(':') < 0 ? null : IpLiteral.parse(name);
        name = v6 == null ? name : IpLiteral.text(v6);
    }

    public TlsPeer(String name, String domain) {
        this(name, domain, true, false);
    }
}
