package org.sipdispatch.transport;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.sipdispatch.routing.Cidr;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.sip.IpLiteral;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.Protocol;

/**
 * Reads the block {@code sockets}: named listening sockets, {@code udp:10.0.0.1:5060}, and their advertised addresses.
 */
public final class SocketSettings {
    private static final String FORM =
            "udp:, tcp:, tls:, ws: or wss: with an IP address of this host, as in udp:address[:port]";
    private static final String PROXY_PROTOCOL = "proxy_protocol";
    private static final int MOST_SOCKETS = 64;

    private SocketSettings() {}

    /** Reads the block {@code sockets} and the list {@code aliases}. */
    public static ListenSockets from(Section root) {
        Section sockets = root.section("sockets");
        List<ListenSocket> all = new ArrayList<>();
        for (String name : sockets.keys()) {
            int index = all.size();
            ListenSocket socket = sockets.attempt(unusable(name, index), () -> socket(sockets, name, index));
            for (ListenSocket other : all) {
                boolean samePorts =
                        other.protocol().isReliable() == socket.protocol().isReliable();
                if (samePorts && other.local().equals(socket.local())) {
                    sockets.refuse(name, socket, "an address that no other socket has");
                }
            }
            all.add(socket);
        }
        if (all.isEmpty() || all.size() > MOST_SOCKETS) {
            root.refuse("sockets", all.size() + " sockets", "1 to " + MOST_SOCKETS);
        }
        List<String> aliases = root.texts("aliases");
        aliases.stream()
                .filter(alias -> !isHost(alias))
                .forEach(alias -> root.refuse("aliases", alias, "a host name or an IP address, without a port"));
        return new ListenSockets(
                all,
                aliases.stream().map(alias -> alias.toLowerCase(Locale.ROOT)).collect(Collectors.toSet()));
    }

    private static boolean isHost(String alias) {
        SipUri uri = SipUri.parse("sip:" + alias);
        return uri != null && uri.host().equalsIgnoreCase(alias);
    }

    /** Stands for a socket that cannot be read, so that other settings may still name it. */
    private static ListenSocket unusable(String name, int index) {
        InetAddress unused = inet(new byte[] {127, (byte) 254, 0, (byte) index});
        return new ListenSocket(index, name, Protocol.UDP, new InetSocketAddress(unused, 5060), name, 5060);
    }

    private static ListenSocket socket(Section sockets, String name, int index) {
        if (!name.matches("[A-Za-z][A-Za-z0-9_-]*")) {
            throw new SettingException(sockets.path(name), name, "a name of letters, digits, - and _");
        }
        if (!sockets.isBlock(name)) {
            return socket(index, name, sockets.path(name), sockets.text(name), null, null);
        }
        Section socket = sockets.section(name);
        String listen = socket.text("listen");
        String advertise = socket.has("advertise") ? socket.text("advertise") : null;
        Section proxies = socket.sectionOrEmpty(PROXY_PROTOCOL);
        boolean isBehindProxies = socket.has(PROXY_PROTOCOL);
        socket.refuseUnknown();
        ListenSocket plain = socket(index, name, socket.path("listen"), listen, socket.path("advertise"), advertise);
        return isBehindProxies ? behind(proxies, plain) : plain;
    }

    private static ListenSocket behind(Section proxies, ListenSocket socket) {
        List<Cidr> from = Cidr.list(proxies, "from");
        proxies.refuseUnknown();
        if (!socket.protocol().isReliable()) {
            proxies.refuse("from", socket, "a tcp, tls, ws or wss socket");
        } else if (from.isEmpty() && !proxies.isInvalid("from")) {
            proxies.refuse("from", "nothing", "the addresses of the proxies, such as [\"10.0.0.0/8\"]");
        }
        return socket.behind(address -> from.stream().anyMatch(block -> block.contains(address)));
    }

    private static ListenSocket socket(
            int index, String name, String listenKey, String listen, String advertiseKey, String advertise) {
        String[] parts = listen.strip().split(":", 2);
        Protocol protocol = Protocol.of(parts[0].toLowerCase(Locale.ROOT));
        SipUri uri = parts.length < 2 ? null : SipUri.parse("sip:" + parts[1]);
        byte[] address = uri == null ? null : IpLiteral.parse(uri.host());
        if (protocol == null
                || address == null
                || uri.port() == 0
                || uri.hostPortEnd() != uri.end()
                || !uri.user().isEmpty()) {
            throw new SettingException(listenKey, listen, FORM);
        }
        InetSocketAddress local = new InetSocketAddress(inet(address), portOf(uri, protocol));
        SipUri advertised = advertise == null ? uri : SipUri.parse("sip:" + advertise);
        if (advertised == null
                || advertised.port() == 0
                || advertised.hostPortEnd() != advertised.end()
                || !advertised.user().isEmpty()) {
            throw new SettingException(advertiseKey, advertise, "host or host:port");
        }
        if (advertise == null && local.getAddress().isAnyLocalAddress()) {
            throw new SettingException(
                    listenKey,
                    listen,
                    "an address, or a block with listen and advertise, because peers need an address to send to");
        }
        int port = advertise != null && advertised.port() == SipUri.NO_PORT
                ? local.getPort()
                : portOf(advertised, protocol);
        return new ListenSocket(index, name, protocol, local, advertised.host(), port);
    }

    /** The sockets whose address is not one of this host; opens a socket at each address for a moment. */
    public static List<SettingException> foreignAddresses(Section root, ListenSockets sockets) {
        List<SettingException> foreign = new ArrayList<>();
        Section block = root.section("sockets");
        for (ListenSocket socket : sockets.all()) {
            try {
                new DatagramSocket(new InetSocketAddress(socket.local().getAddress(), 0)).close();
            } catch (SocketException e) {
                String key = block.path(socket.name()) + (block.isBlock(socket.name()) ? ".listen" : "");
                foreign.add(new SettingException(key, socket, "an IP address of this host; " + e.getMessage()));
            }
        }
        return foreign;
    }

    private static int portOf(SipUri uri, Protocol protocol) {
        return uri.port() == SipUri.NO_PORT ? protocol.defaultPort() : uri.port();
    }

    private static InetAddress inet(byte[] address) {
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
