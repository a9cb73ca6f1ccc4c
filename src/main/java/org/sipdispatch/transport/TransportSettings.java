package org.sipdispatch.transport;

import java.time.Duration;
import org.sipdispatch.sets.IpVersionPreference;
import org.sipdispatch.settings.Section;

/**
 * The settings of the block {@code transport}.
 *
 * @param lanes the number of traffic threads, each with its own sockets
 * @param maxMessageSize the largest message that a TCP peer may send, in bytes
 * @param maxConnections the most inbound TCP connections of a lane
 * @param maxOutbound the most outbound TCP connections of a lane
 * @param idleTimeout how long a TCP connection may carry no bytes before it is closed
 * @param messageTimeout how long a TCP peer may take to send one message
 * @param connectTimeout how long opening a TCP connection may take
 * @param maxUnsent the most bytes that may wait for a slow TCP peer
 * @param maxBuffered the most bytes that all TCP connections of a lane may hold together
 * @param maxIcmpSockets the most UDP hops of a lane that are watched for ICMP errors
 * @param icmp whether ICMP errors are used to detect unreachable UDP hosts
 * @param ipVersions which addresses of a name are used, unless the destination says otherwise
 * @param dnsTtl the longest time for which a name's addresses are cached
 * @param dnsMaxStale how much longer the last addresses are used while the name servers do not answer
 * @param tls the limits of TLS handshakes
 * @param proxyProtocol the limits of PROXY protocol headers
 * @param webSocket what applies to WebSocket listeners
 */
public record TransportSettings(
        int lanes,
        int maxMessageSize,
        int maxConnections,
        int maxOutbound,
        Duration idleTimeout,
        Duration messageTimeout,
        Duration connectTimeout,
        int maxUnsent,
        int maxBuffered,
        int maxIcmpSockets,
        boolean icmp,
        IpVersionPreference ipVersions,
        Duration dnsTtl,
        Duration dnsMaxStale,
        TlsLimitSettings tls,
        ProxyProtocolSettings proxyProtocol,
        WebSocketSettings webSocket) {

    private static final int MOST_ICMP_SOCKETS = 4096;
    private static final Duration SECOND = Duration.ofSeconds(1);

    public static TransportSettings from(Section transport) {
        Section tcp = transport.section("tcp");
        TransportSettings settings = new TransportSettings(
                transport.integer("lanes", 1, 63),
                tcp.bytes("max-message-size", 1024, 16 << 20),
                tcp.integer("max-connections", 1, 1_000_000),
                tcp.integer("max-outbound", 1, 1_000_000),
                tcp.duration("idle-timeout", SECOND, Duration.ofDays(1)),
                tcp.duration("message-timeout", SECOND, Duration.ofHours(1)),
                tcp.duration("connect-timeout", Duration.ofMillis(100), Duration.ofMinutes(1)),
                tcp.bytes("max-unsent", 65536, 64 << 20),
                tcp.bytes("max-buffered", 1 << 20, Integer.MAX_VALUE),
                MOST_ICMP_SOCKETS,
                transport.flag("icmp-unreachable"),
                ipVersions(transport),
                transport.duration("dns-ttl", SECOND, Duration.ofDays(1)),
                transport.duration("dns-max-stale", Duration.ZERO, Duration.ofDays(7)),
                TlsLimitSettings.from(transport.section("tls")),
                ProxyProtocolSettings.from(transport.section("proxy-protocol")),
                WebSocketSettings.from(transport.section("websocket")));
        tcp.refuseUnknown();
        transport.refuseUnknown();
        return settings;
    }

    private static IpVersionPreference ipVersions(Section transport) {
        String text = transport.text("ip-versions");
        IpVersionPreference versions = IpVersionPreference.of(text);
        if (versions == null) {
            transport.refuse("ip-versions", text, IpVersionPreference.EXPECTED);
        }
        return versions == null ? IpVersionPreference.ANY : versions;
    }

    /** A copy with these limits for connections and sockets. */
    public TransportSettings withPlaces(int connections, int outbound, int icmpSockets) {
        return with(connections, outbound, icmpSockets, maxBuffered);
    }

    /** A copy with this limit, in bytes, for all connections of a lane. */
    public TransportSettings withMaxBuffered(int bytes) {
        return with(maxConnections, maxOutbound, maxIcmpSockets, bytes);
    }

    private TransportSettings with(int connections, int outbound, int icmpSockets, int buffered) {
        return new TransportSettings(
                lanes,
                maxMessageSize,
                connections,
                outbound,
                idleTimeout,
                messageTimeout,
                connectTimeout,
                maxUnsent,
                buffered,
                icmpSockets,
                icmp,
                ipVersions,
                dnsTtl,
                dnsMaxStale,
                tls,
                proxyProtocol,
                webSocket);
    }
}
