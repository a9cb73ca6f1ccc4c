package org.sipdispatch.transaction;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.function.Predicate;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.IpLiteral;

/** A socket on which this node receives and sends, with its advertised address. Immutable. */
public final class ListenSocket {
    private final int index;
    private final String name;
    private final Protocol protocol;
    private final InetSocketAddress local;
    private final String advertisedHost;
    private final int advertisedPort;
    private final byte[] advertisedAddress;
    private final byte[] viaStart;
    private final String recordRouteStart;
    private final String secureRecordRouteStart;
    private final String pathStart;
    private final String contact;
    /** The addresses of the proxies in front of it; null for none. */
    private final Predicate<InetAddress> proxies;

    /**
     * Creates a description; opens nothing.
     *
     * @param index the index among all sockets of this node, 0 to 63
     * @param name its name in the configuration
     * @param advertisedHost the host for Via and Record-Route; an IPv6 address is in brackets
     */
    public ListenSocket(
            int index,
            String name,
            Protocol protocol,
            InetSocketAddress local,
            String advertisedHost,
            int advertisedPort) {
        this.index = index;
        this.name = name;
        this.protocol = protocol;
        this.local = local;
        this.advertisedHost = advertisedHost;
        this.advertisedPort = advertisedPort;
        advertisedAddress = IpLiteral.parse(advertisedHost);
        String hostPort = advertisedHost + ":" + advertisedPort;
        viaStart = Ascii.bytes("Via: SIP/2.0/" + protocol.inVia() + " " + hostPort + ";branch=");
        String uri = "<sip:" + hostPort + (protocol == Protocol.UDP ? "" : ";transport=" + protocol.inUri()) + ";lr;";
        recordRouteStart = uri + "k=";
        secureRecordRouteStart = protocol.isOverTls()
                ? "<sips:" + hostPort + (protocol.isWebSocket() ? ";transport=ws" : "") + ";lr;k="
                : recordRouteStart;
        pathStart = uri + "f=";
        contact = uri.replace(";lr;", ">");
        proxies = null;
    }

    private ListenSocket(ListenSocket other, Predicate<InetAddress> proxies) {
        index = other.index;
        name = other.name;
        protocol = other.protocol;
        local = other.local;
        advertisedHost = other.advertisedHost;
        advertisedPort = other.advertisedPort;
        advertisedAddress = other.advertisedAddress;
        viaStart = other.viaStart;
        recordRouteStart = other.recordRouteStart;
        secureRecordRouteStart = other.secureRecordRouteStart;
        pathStart = other.pathStart;
        contact = other.contact;
        this.proxies = proxies;
    }

    /** The same socket behind proxies with these addresses, whose connections begin with a PROXY protocol header. */
    public ListenSocket behind(Predicate<InetAddress> addresses) {
        return new ListenSocket(this, addresses);
    }

    public int index() {
        return index;
    }

    public String name() {
        return name;
    }

    public Protocol protocol() {
        return protocol;
    }

    public InetSocketAddress local() {
        return local;
    }

    public String advertisedHost() {
        return advertisedHost;
    }

    public int advertisedPort() {
        return advertisedPort;
    }

    /** Whether there are proxies in front of the socket. */
    public boolean isBehindProxies() {
        return proxies != null;
    }

    /** Whether a connection from this address is one of a proxy in front of the socket. */
    public boolean isProxy(InetAddress address) {
        return proxies != null && proxies.test(address);
    }

    /** Whether the socket is bound to this address and port, or advertises them. */
    boolean isAt(byte[] address, int port) {
        return local.getPort() == port && Arrays.equals(local.getAddress().getAddress(), address)
                || advertisedPort == port && Arrays.equals(advertisedAddress, address);
    }

    boolean isIpv6() {
        return local.getAddress() instanceof java.net.Inet6Address;
    }

    /** The start of a Via line, up to the branch value. */
    public byte[] viaStart() {
        return viaStart;
    }

    /**
     * The start of a Record-Route URI, up to the seal.
     *
     * @param secure whether a TLS socket writes a {@code sips} URI (RFC 3261 section 16.6 step 4)
     */
    public String recordRouteStart(boolean secure) {
        return secure ? secureRecordRouteStart : recordRouteStart;
    }

    /** The start of a Path URI, up to the flow token. */
    public String pathStart() {
        return pathStart;
    }

    /** The value of a Contact of this node. */
    public String contact() {
        return contact;
    }

    /** The address that the socket is bound to, and the advertised one if it differs. */
    public String description() {
        String host = local.getAddress().getHostAddress();
        String bound = protocol.text() + ":" + (isIpv6() ? "[" + host + "]" : host) + ":" + local.getPort();
        boolean same = local.getPort() == advertisedPort
                && Arrays.equals(local.getAddress().getAddress(), advertisedAddress);
        return same ? toString() : bound + " (advertised as " + advertisedHost + ":" + advertisedPort + ")";
    }

    @Override
    public String toString() {
        return protocol.text() + ":" + advertisedHost + ":" + advertisedPort;
    }
}
