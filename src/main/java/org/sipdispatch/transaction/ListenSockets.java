package org.sipdispatch.transaction;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.IpLiteral;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.sip.Via;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All sockets of this node. Selects the sending socket and recognises this node's addresses. Thread-safe; immutable
 * except for the sockets of other nodes, see {@link #setPeerSockets}.
 */
public final class ListenSockets {
    private static final Logger LOG = LoggerFactory.getLogger(ListenSockets.class);
    private static final int MOST_WARNINGS = 1_000;

    private final List<ListenSocket> sockets;
    private final Set<String> aliases;
    private volatile Map<String, String> peerSockets = Map.of();
    private final Set<String> warned = new HashSet<>();

    /** {@code aliases}: additional host names of this node, in lower case. */
    public ListenSockets(List<ListenSocket> sockets, Set<String> aliases) {
        this.sockets = List.copyOf(sockets);
        this.aliases = Set.copyOf(aliases);
    }

    public List<ListenSocket> all() {
        return sockets;
    }

    public ListenSocket at(int index) {
        return index < sockets.size() ? sockets.get(index) : null;
    }

    /** The socket with this name or {@code proto:address[:port]}; null if there is none. */
    public ListenSocket named(String text) {
        for (ListenSocket socket : sockets) {
            if (socket.name().equals(text) || isLiteral(socket, text)) {
                return socket;
            }
        }
        return null;
    }

    /**
     * The socket to use for the socket column of a table row. If the text names a socket of this node, it is that
     * socket. If it is the address of another node's socket, it is this node's socket with the same name, else this
     * node's first socket with the same protocol.
     *
     * @return null if no node has such a socket, or this node has none with the protocol
     */
    public ListenSocket serving(String text) {
        ListenSocket own = named(text);
        String literal = own == null ? literal(text) : null;
        String name = literal == null ? null : peerSockets.get(literal);
        if (name == null) {
            return own;
        }
        Protocol protocol = Protocol.of(literal.substring(0, literal.indexOf(':')));
        ListenSocket first = null;
        for (ListenSocket socket : sockets) {
            if (socket.protocol() == protocol) {
                if (socket.name().equals(name)) {
                    return socket;
                }
                first = first == null ? socket : first;
            }
        }
        warnOnce(text, name, first);
        return first;
    }

    private synchronized void warnOnce(String text, String name, ListenSocket instead) {
        if (warned.size() < MOST_WARNINGS && warned.add(text)) {
            LOG.warn(
                    "{} is the socket {} of another node, which this node does not have; using {} instead",
                    text,
                    name,
                    instead == null ? "any" : instead.name());
        }
    }

    /** Sets the sockets of all other nodes, from their {@link #literals}. Replaces the previous ones. */
    public void setPeerSockets(Map<String, String> literals) {
        Map<String, String> known = new HashMap<>();
        literals.forEach((text, name) -> {
            String literal = literal(text);
            if (literal != null) {
                known.put(literal, name);
            }
        });
        peerSockets = Map.copyOf(known);
    }

    /**
     * The addresses of this node's sockets as {@code proto:address:port}, with the socket names; sent to other nodes.
     */
    public Map<String, String> literals() {
        Map<String, String> literals = new TreeMap<>();
        for (ListenSocket socket : sockets) {
            literals.putIfAbsent(socket.toString(), socket.name());
            if (!socket.local().getAddress().isAnyLocalAddress()) {
                String address = socket.local().getAddress().getHostAddress();
                String host = socket.isIpv6() ? "[" + address + "]" : address;
                literals.putIfAbsent(
                        socket.protocol().text() + ":" + host + ":"
                                + socket.local().getPort(),
                        socket.name());
            }
        }
        return literals;
    }

    /** The normalised form of {@code proto:address[:port]}; null if the text is malformed. */
    private static String literal(String text) {
        String[] parts = text.toLowerCase(Locale.ROOT).split(":", 2);
        SipUri uri = parts.length < 2 || Protocol.of(parts[0]) == null ? null : SipUri.parse("sip:" + parts[1]);
        if (uri == null) {
            return null;
        }
        byte[] address = IpLiteral.parse(uri.host());
        String host = address == null ? uri.host() : SocketAddresses.of(address).getHostAddress();
        int port = uri.port() == SipUri.NO_PORT ? Protocol.of(parts[0]).defaultPort() : uri.port();
        return parts[0] + ":" + host + ":" + port;
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
        int port = uri.port() == SipUri.NO_PORT ? socket.protocol().defaultPort() : uri.port();
        return isAddress(socket, uri.host(), port);
    }

    private static boolean isAddress(ListenSocket socket, String host, int port) {
        if (socket.advertisedPort() == port && socket.advertisedHost().equalsIgnoreCase(host)) {
            return true;
        }
        byte[] address = IpLiteral.parse(host);
        return address != null && socket.isAt(address, port);
    }

    /**
     * The socket to send from: the preferred one if it has the protocol and address family, else the first one that
     * has.
     *
     * @return null if no socket has that protocol and address family
     */
    public ListenSocket toward(Protocol protocol, InetAddress remote, ListenSocket preferred) {
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

    /**
     * The socket to a client whose connection came to this one, or to the same one of another node. A proxy in front of the
     * socket has clients of both IP versions; otherwise as {@link #toward}.
     */
    public ListenSocket towardClient(Protocol protocol, InetAddress client, ListenSocket socket) {
        boolean isProxied = socket != null && socket.protocol() == protocol && socket.isBehindProxies();
        return isProxied ? socket : toward(protocol, client, socket);
    }

    /**
     * The socket to a party of a dialog, which may be the client of a proxy in front of one of the sockets.
     *
     * @param named the socket that our Route names: requests of the party come to it, or it sends to the party; null if
     *     there is no such Route
     * @param arrival the socket that the request came to
     * @return null if no socket leads to such an address
     */
    public ListenSocket towardParty(Protocol protocol, InetAddress party, ListenSocket named, ListenSocket arrival) {
        ListenSocket socket = named == null || hasDuplicate(named)
                ? toward(protocol, party, named == null ? arrival : named)
                : towardClient(protocol, party, named);
        if (socket != null) {
            return socket;
        }
        for (ListenSocket other : sockets) {
            if (other.protocol() == protocol && other.isBehindProxies()) {
                return other;
            }
        }
        return null;
    }

    /** Whether a Route that names the socket may mean another one, such as that of the other IP version. */
    private boolean hasDuplicate(ListenSocket socket) {
        for (ListenSocket other : sockets) {
            if (other != socket
                    && other.protocol() == socket.protocol()
                    && other.advertisedPort() == socket.advertisedPort()
                    && other.advertisedHost().equalsIgnoreCase(socket.advertisedHost())) {
                return true;
            }
        }
        return false;
    }

    /** The socket that a URI names; null if the URI does not name this node. An alias matches any socket. */
    public ListenSocket own(SipUri uri) {
        if (uri == null || !uri.isSip()) {
            return null;
        }
        int port = uri.port() == SipUri.NO_PORT ? uri.defaultPort() : uri.port();
        Protocol protocol = Protocol.of(uri.transport());
        ListenSocket match = null;
        for (ListenSocket socket : sockets) {
            if (isAddress(socket, uri.host(), port)
                    || aliases.contains(uri.host().toLowerCase(Locale.ROOT))
                            && (uri.port() == SipUri.NO_PORT || socket.advertisedPort() == port)) {
                if (socket.protocol() == protocol) {
                    return socket;
                }
                match = match == null ? socket : match;
            }
        }
        return match;
    }

    /** Whether this node wrote the Via. */
    public boolean isOwn(byte[] bytes, Via via) {
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
