package org.sipdispatch.transport;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sipdispatch.sip.IpLiteral;
import org.sipdispatch.tls.CertificateInUse;
import org.sipdispatch.tls.TlsContexts;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.Protocol;

/**
 * Compares the host names that TLS sockets advertise with the names of their certificates. A peer that opens a
 * connection to an advertised name, such as that of a Route, refuses a certificate without it.
 */
public final class AdvertisedNameCheck {
    private AdvertisedNameCheck() {}

    /**
     * A line for each {@code tls} socket that advertises a host name which none of its certificates has. No peer opens
     * a connection to the name that a {@code wss} socket advertises: its messages use the connections that clients have
     * opened.
     */
    public static List<String> warnings(TlsContexts contexts, ListenSockets sockets) {
        return sockets.all().stream()
                .filter(socket -> socket.protocol() == Protocol.TLS && IpLiteral.parse(socket.advertisedHost()) == null)
                .flatMap(socket -> warning(socket, contexts.presentedBy(socket.name())))
                .toList();
    }

    private static Stream<String> warning(ListenSocket socket, List<CertificateInUse> certificates) {
        if (certificates.isEmpty() || certificates.stream().anyMatch(one -> one.isFor(socket.advertisedHost()))) {
            return Stream.empty();
        }
        String names = certificates.stream()
                .flatMap(one -> one.identities().stream())
                .distinct()
                .collect(Collectors.joining(", "));
        return Stream.of("sockets." + socket.name() + ".advertise: " + socket.advertisedHost()
                + " (expected: a name of the certificate in "
                + certificates.get(0).file().setting() + ": " + (names.isEmpty() ? "it has none" : names) + ")");
    }
}
