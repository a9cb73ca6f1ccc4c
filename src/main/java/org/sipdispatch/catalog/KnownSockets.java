package org.sipdispatch.catalog;

import java.util.List;
import java.util.Locale;
import org.sipdispatch.sip.SipUri;

/** The local sockets that a destination may name. */
@FunctionalInterface
public interface KnownSockets {
    /** The protocols of sockets. */
    List<String> PROTOCOLS = List.of("udp", "tcp", "tls");

    /** Whether the text, a name or {@code proto:address[:port]}, is one of our sockets. */
    boolean isKnown(String socket);

    /** Whether the text is a socket of this node, not only one that another node may have. */
    default boolean isOwn(String socket) {
        return isKnown(socket);
    }

    /**
     * The sockets of a cluster: those of this node by name or address, and any {@code proto:address[:port]}, which may
     * be another node's socket. The address may be a host name that the other node advertises.
     */
    static KnownSockets cluster(KnownSockets own) {
        return new KnownSockets() {
            @Override
            public boolean isKnown(String socket) {
                return own.isKnown(socket) || isLiteral(socket);
            }

            @Override
            public boolean isOwn(String socket) {
                return own.isKnown(socket);
            }
        };
    }

    private static boolean isLiteral(String socket) {
        String[] parts = socket.toLowerCase(Locale.ROOT).split(":", 2);
        if (parts.length < 2 || !PROTOCOLS.contains(parts[0])) {
            return false;
        }
        String uri = "sip:" + parts[1];
        if (UriCheck.complaint(uri) != null) {
            return false;
        }
        SipUri parsed = SipUri.parse(uri);
        return parsed.user().isEmpty() && parsed.hostPortEnd() == parsed.end();
    }
}
