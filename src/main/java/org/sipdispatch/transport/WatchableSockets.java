package org.sipdispatch.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.Protocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listening UDP sockets whose hops can be watched for ICMP errors without losing datagrams. Immutable. */
final class WatchableSockets {
    private static final Logger LOG = LoggerFactory.getLogger(WatchableSockets.class);

    private final Set<ListenSocket> sockets;

    private WatchableSockets(Set<ListenSocket> sockets) {
        this.sockets = sockets;
    }

    /** Tests each socket, and logs those for which it is not possible. */
    static WatchableSockets of(ListenSockets all, boolean enabled) {
        return enabled ? of(all, ConnectedUdpCheck::unsupportedReason) : new WatchableSockets(Set.of());
    }

    /** {@code trial}: why no socket can share this IPv4 address with a listener; null if one can. */
    static WatchableSockets of(ListenSockets all, Function<InetAddress, String> trial) {
        return new WatchableSockets(all.all().stream()
                .filter(socket -> socket.protocol() == Protocol.UDP)
                .filter(socket -> isWatched(socket, trial))
                .collect(Collectors.toUnmodifiableSet()));
    }

    private static boolean isWatched(ListenSocket socket, Function<InetAddress, String> trial) {
        String reason = unsupportedReason(socket.local().getAddress(), trial);
        if (reason != null) {
            LOG.info(
                    "transport.icmp-unreachable: none for socket {}, because {}; unreachable destinations are"
                            + " detected by fr_timeout",
                    socket.name(),
                    reason);
        }
        return reason == null;
    }

    private static String unsupportedReason(InetAddress address, Function<InetAddress, String> trial) {
        if (address instanceof Inet6Address) {
            return "its address is IPv6 (expected: IPv4)";
        }
        return address.isAnyLocalAddress()
                ? "it has a wildcard address (expected: one address instead of 0.0.0.0)"
                : trial.apply(address);
    }

    boolean contains(ListenSocket socket) {
        return sockets.contains(socket);
    }

    boolean any() {
        return !sockets.isEmpty();
    }
}
