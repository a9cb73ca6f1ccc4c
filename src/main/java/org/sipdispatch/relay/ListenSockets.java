package org.sipdispatch.relay;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.IpLiteral;
import org.sipdispatch.sip.Parameters;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.sip.Via;

/** All sockets of this node: which one sends what, and which addresses are ours. Immutable. */
public final class ListenSockets {
    private final List<ListenSocket> sockets;
    private final Set<String> aliases;

    /** {@code aliases}: host names, in lower case, that mean this node beside its own addresses. */
    public ListenSockets(List<ListenSocket> sockets, Set<String> aliases) {
        this.sockets = List.copyOf(sockets);
        this.aliases = Set.copyOf(aliases);
    }

    public List<ListenSocket> all() {
        return sockets;
    }

    ListenSocket at(int index) {
        return index < sockets.size() ? sockets.get(index) : null;
    }

    /** The socket with that name or that {@code proto:address[:port]}; null if there is none. */
    public ListenSocket named(String text) {
        for (ListenSocket socket : sockets) {
            if (socket.name().equals(text) || isLiteral(socket, text)) {
                return socket;
            }
        }
        return null;
    }

    private static boolean isLiteral(ListenSocket socket, String text) {
        String[] parts = text.toLowerCase(Locale.ROOT).split(":", 2);
        if (parts.length < 2 || !parts[0].equals(socket.protocol().text())) {
            return false;
        }
        SipUri uri = SipUri.parse("sip:" + parts[1]);
        if (uri == null) {
            return false;
        }
        int port = uri.port() == SipUri.NO_PORT ? 5060 : uri.port();
        return isAddress(socket, uri.host(), port);
    }

    private static boolean isAddress(ListenSocket socket, String host, int port) {
        if (socket.advertisedPort() == port && socket.advertisedHost().equalsIgnoreCase(host)) {
            return true;
        }
        byte[] address = IpLiteral.parse(host);
        return address != null
                && socket.local().getPort() == port
                && java.util.Arrays.equals(socket.local().getAddress().getAddress(), address);
    }

    /**
     * The socket to send from: the one the request came in on where it fits, else the first that does.
     *
     * @return null if no socket has that protocol and address family
     */
    ListenSocket toward(Protocol protocol, InetAddress remote, ListenSocket preferred) {
        boolean ipv6 = remote instanceof Inet6Address;
        if (preferred != null && preferred.protocol() == protocol && preferred.isIpv6() == ipv6) {
            return preferred;
        }
        for (ListenSocket socket : sockets) {
            if (socket.protocol() == protocol && socket.isIpv6() == ipv6) {
                return socket;
            }
        }
        return null;
    }

    /** The socket that a URI names; null if the URI is not ours. A URI by an alias is taken for any socket's. */
    ListenSocket own(SipUri uri) {
        if (uri == null || !uri.isSip()) {
            return null;
        }
        int port = uri.port() == SipUri.NO_PORT ? uri.defaultPort() : uri.port();
        boolean tcp = uri.parameter("transport") != Parameters.ABSENT
                && uri.transport().equals("tcp");
        ListenSocket match = null;
        for (ListenSocket socket : sockets) {
            if (isAddress(socket, uri.host(), port)
                    || aliases.contains(uri.host().toLowerCase(Locale.ROOT))
                            && (uri.port() == SipUri.NO_PORT || socket.advertisedPort() == port)) {
                if (tcp == (socket.protocol() == Protocol.TCP)) {
                    return socket;
                }
                match = match == null ? socket : match;
            }
        }
        return match;
    }

    /** Whether a Via is one that this node writes. */
    boolean isOwn(byte[] bytes, Via via) {
        for (ListenSocket socket : sockets) {
            if (via.port() == socket.advertisedPort()
                    && Ascii.equalsIgnoreCase(
                            bytes,
                            via.hostStart(),
                            via.hostEnd(),
                            socket.advertisedHost().toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }
}
