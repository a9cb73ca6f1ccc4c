package org.sipdispatch.app;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.sipdispatch.sip.IpLiteral;

/**
 * Tells the TCP ports of this host at which operators and the other nodes reach this one: no caller may have a request
 * sent there. Thread-safe.
 */
final class GuardedPorts implements Predicate<InetSocketAddress> {
    private final List<IntSupplier> ports;
    private final List<byte[]> names;

    /**
     * Begins to guard.
     *
     * @param ports 0 for none
     * @param hosts what else means this host beside the addresses of its interfaces; those that are no IP address are
     *     passed over
     */
    GuardedPorts(List<IntSupplier> ports, Stream<String> hosts) {
        this.ports = List.copyOf(ports);
        names = hosts.map(IpLiteral::parse).filter(Objects::nonNull).toList();
    }

    @Override
    public boolean test(InetSocketAddress remote) {
        for (IntSupplier port : ports) {
            if (port.getAsInt() == remote.getPort()) {
                return isThisHost(remote.getAddress());
            }
        }
        return false;
    }

    /** Asked of few, since it is the system that knows. */
    private boolean isThisHost(InetAddress address) {
        try {
            return address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(plain(address)) != null
                    || names.stream().anyMatch(name -> Arrays.equals(name, address.getAddress()));
        } catch (SocketException | UnknownHostException e) {
            return true;
        }
    }

    /** Without a scope, which would have to be the right one. */
    private static InetAddress plain(InetAddress address) throws UnknownHostException {
        return InetAddress.getByAddress(address.getAddress());
    }
}
