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
 * Matches the management and cluster ports of this node, to which no caller may have a request sent. Thread-safe.
 */
final class ProtectedPorts implements Predicate<InetSocketAddress> {
    private final List<IntSupplier> ports;
    private final List<byte[]> names;

    /**
     * Creates a guard.
     *
     * @param ports suppliers of the TCP ports; 0 means none
     * @param hosts IP addresses of this host besides those of its interfaces; names are ignored
     */
    ProtectedPorts(List<IntSupplier> ports, Stream<String> hosts) {
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

    /** Called for guarded ports only, since it queries the operating system. */
    private boolean isThisHost(InetAddress address) {
        try {
            return address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(plain(address)) != null
                    || names.stream().anyMatch(name -> Arrays.equals(name, address.getAddress()));
        } catch (SocketException | UnknownHostException e) {
            return true;
        }
    }

    /** Removes the IPv6 scope, which would have to match. */
    private static InetAddress plain(InetAddress address) throws UnknownHostException {
        return InetAddress.getByAddress(address.getAddress());
    }
}
