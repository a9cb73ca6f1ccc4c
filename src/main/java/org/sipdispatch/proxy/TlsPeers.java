package org.sipdispatch.proxy;

import java.util.Locale;
import org.sipdispatch.sets.Attrs;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.transaction.Protocol;
import org.sipdispatch.transaction.TlsPeer;

/**
 * The peer that must answer on a TLS connection to a URI: the host of the URI (RFC 5922), unless the attributes name
 * another one.
 */
final class TlsPeers {
    private TlsPeers() {}

    /** The peer to expect at the URI of a Route or a Request-URI; null if it needs no TLS. */
    static TlsPeer of(SipUri uri) {
        TlsPeer peer = of(uri, "");
        return peer == null ? null : new TlsPeer(peer.name(), null, false, false);
    }

    /**
     * The peer to expect at a destination; null if the URI needs no TLS.
     *
     * @param attrs the attributes of a destination, with {@code tls_domain} and {@code tls_name}; empty for none
     */
    static TlsPeer of(SipUri uri, String attrs) {
        if (!uri.isSip() || Protocol.of(uri.transport()) != Protocol.TLS) {
            return null;
        }
        String name = Attrs.value(attrs, "tls_name");
        String host = name == null ? uri.host().replaceAll("[\\[\\]]", "") : name;
        return new TlsPeer(host.toLowerCase(Locale.ROOT), Attrs.value(attrs, "tls_domain"), true, name != null);
    }
}
