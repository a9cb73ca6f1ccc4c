package org.sipdispatch.catalog;

import java.util.Locale;
import org.sipdispatch.sip.SipUri;

/** Which local sockets there are; a destination may ask to be reached from one of them. */
@FunctionalInterface
public interface KnownSockets {
    /** Whether that text, a name or {@code proto:address[:port]}, names a socket of ours. */
    boolean isKnown(String socket);

    /**
     * The sockets of a cluster: those of this node by name or address, and whatever reads as {@code proto:address[:port]},
     * since it may be another node's; that address may be a host name that the other one advertises.
     */
    static KnownSockets cluster(KnownSockets own) {
        return socket -> own.isKnown(socket) || isLiteral(socket);
    }

    private static boolean isLiteral(String socket) {
        String[] parts = socket.toLowerCase(Locale.ROOT).split(":", 2);
        if (parts.length < 2 || !parts[0].equals("udp") && !parts[0].equals("tcp")) {
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
