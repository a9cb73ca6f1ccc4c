package org.sipdispatch.sets;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import org.sipdispatch.sip.IpLiteral;

/**
 * One address of a host name (RFC 3263).
 *
 * @param address must be resolved
 * @param host the host that has the address: that of an SRV record, or the name itself
 * @param priority the priority of the SRV record, smaller first; 0 without one
 * @param weight the weight of the SRV record, 0 to 65535; 0 without one
 * @param transport {@code udp}, {@code tcp} or {@code tls} if a NAPTR record has chosen another one than that of the URI;
 *     otherwise empty
 */
public record Target(InetSocketAddress address, String host, int priority, int weight, String transport) {
    private static final String TRANSPORT = ";transport=";

    /** A target with the transport of the URI. */
    public Target(InetSocketAddress address, String host, int priority, int weight) {
        this(address, host, priority, weight, "");
    }

    /** The same over another transport. */
    public Target over(String other) {
        return new Target(address, host, priority, weight, other);
    }

    /** The same order on all nodes, regardless of the order in which DNS lists the records. */
    public static final Comparator<Target> ORDER = Comparator.comparingInt(Target::priority)
            .thenComparing(target -> target.name())
            .thenComparing(Target::host)
            .thenComparingInt(Target::weight);

    /**
     * Identifies the target among those of its destination: {@code 192.0.2.1:5060}, {@code [2001:db8::1]:5060}, {@code
     * 192.0.2.1:5061;transport=tls}.
     */
    public String name() {
        return name(address, transport);
    }

    /** The name of the target with this address and transport. */
    public static String name(InetSocketAddress address, String transport) {
        byte[] bytes = address.getAddress().getAddress();
        return (bytes.length == 4 ? address.getAddress().getHostAddress() : "[" + IpLiteral.text(bytes) + "]") + ":"
                + address.getPort() + (transport.isEmpty() ? "" : TRANSPORT + transport);
    }

    /** The transport in the name of a target; empty for that of the URI. */
    public static String transport(String name) {
        int semicolon = name.indexOf(TRANSPORT);
        return semicolon < 0 ? "" : name.substring(semicolon + TRANSPORT.length());
    }

    /** The address in the name of a target; null if it is not one. */
    public static InetSocketAddress address(String name) {
        int semicolon = name.indexOf(TRANSPORT);
        String hostPort = semicolon < 0 ? name : name.substring(0, semicolon);
        int colon = hostPort.lastIndexOf(':');
        byte[] bytes = colon < 0 ? null : IpLiteral.parse(hostPort.substring(0, colon));
        String port = hostPort.substring(colon + 1);
        if (bytes == null || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
            return null;
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), Integer.parseInt(port));
        } catch (UnknownHostException e) {
            return null;
        }
    }

    boolean isIpv4() {
        return address.getAddress() instanceof Inet4Address;
    }
}
