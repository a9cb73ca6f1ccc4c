package org.sipdispatch.app;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.Protocol;
import org.sipdispatch.transaction.SocketAddresses;

/** The addresses of a demonstration. All of them belong to this host only, so that no real gateway gets a call. */
final class DemoAddresses {
    private static final String PURPOSE =
            "; -c names a configuration for the demonstration, run starts a node with any";

    private DemoAddresses() {}

    /**
     * Where the caller sends its requests.
     *
     * @throws SettingException if no UDP socket receives on a loopback address
     */
    static InetSocketAddress ofNode(Collection<ListenSocket> sockets) {
        for (ListenSocket socket : sockets) {
            InetAddress address = socket.local().getAddress();
            if (socket.protocol() == Protocol.UDP && address.isLoopbackAddress()) {
                return socket.local();
            } else if (socket.protocol() == Protocol.UDP && address.isAnyLocalAddress()) {
                return new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), socket.local().getPort());
            }
        }
        throw new SettingException(
                "sockets",
                sockets.stream().map(ListenSocket::toString).collect(Collectors.joining(", ")),
                "a UDP socket on a loopback address such as udp:127.0.0.1:5060" + PURPOSE);
    }

    /**
     * Where the user agents answer: the addresses of all destinations.
     *
     * @throws SettingException if a destination is elsewhere, or there is none
     */
    static List<InetSocketAddress> ofGateways(Collection<Destination> destinations) {
        if (destinations.isEmpty()) {
            throw new SettingException("demo", "no destination", "one that is " + local());
        }
        return destinations.stream()
                .map(DemoAddresses::ofGateway)
                .distinct()
                .sorted(Comparator.comparing(
                                (InetSocketAddress one) -> one.getAddress().getHostAddress())
                        .thenComparing(InetSocketAddress::getPort))
                .toList();
    }

    private static InetSocketAddress ofGateway(Destination destination) {
        SipUri uri = destination.trafficUri();
        InetSocketAddress literal = SocketAddresses.literal(uri);
        if (literal == null
                || !literal.getAddress().isLoopbackAddress()
                || Protocol.of(uri.transport()) != Protocol.UDP) {
            throw new SettingException("demo", destination.id(), "only destinations that are " + local());
        }
        return literal;
    }

    private static String local() {
        return "on a loopback address and UDP such as sip:127.0.0.1:5080, where demo opens user agents" + PURPOSE;
    }
}
