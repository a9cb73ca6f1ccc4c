package org.sipdispatch.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.sip.SipUri;

class ListenSocketsTest {
    private static final ListenSocket MAIN =
            new ListenSocket(0, "main", Protocol.UDP, address("192.0.2.10:5060"), "192.0.2.10", 5060);
    private static final ListenSocket OTHER =
            new ListenSocket(1, "other", Protocol.UDP, address("198.51.100.10:5060"), "198.51.100.10", 5060);
    private static final ListenSocket STREAM =
            new ListenSocket(2, "stream", Protocol.TCP, address("192.0.2.10:5060"), "192.0.2.10", 5060);
    private static final ListenSocket SIX =
            new ListenSocket(3, "six", Protocol.UDP, address("[2001:db8::10]:5060"), "[2001:db8::10]", 5060);
    private static final ListenSocket HIDDEN =
            new ListenSocket(4, "hidden", Protocol.UDP, address("10.1.1.1:5070"), "203.0.113.7", 5080);

    private static final ListenSocket ADVERTISED =
            new ListenSocket(5, "told", Protocol.UDP, address("[2001:db8::11]:5070"), "[2001:db8::99]", 5090);

    private final ListenSockets sockets =
            new ListenSockets(List.of(MAIN, OTHER, STREAM, SIX, HIDDEN, ADVERTISED), Set.of("sip.example.net"));

    @ParameterizedTest
    @CsvSource({
        "main, main",
        "stream, stream",
        "udp:192.0.2.10:5060, main",
        "udp:192.0.2.10, main",
        "UDP:192.0.2.10, main",
        "tcp:192.0.2.10:5060, stream",
        "udp:[2001:db8::10]:5060, six",
        "udp:[2001:DB8:0::10], six",
        "udp:10.1.1.1:5070, hidden",
        "udp:203.0.113.7:5080, hidden",
        "udp:203.0.113.7:5070,",
        "nothing,",
        "udp:192.0.2.10:5061,",
        "tcp:198.51.100.10,"
    })
    void aSocketIsFoundByNameOrAddress(String text, String name) {
        assertThat(name(sockets.named(text))).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "sip:192.0.2.10, main",
        "sip:192.0.2.10:5060;lr, main",
        "sip:192.0.2.10;transport=tcp, stream",
        "sip:192.0.2.10;transport=udp, main",
        "sip:198.51.100.10;transport=tcp, other",
        "sip:192.0.2.10:5061,",
        "sip:[2001:db8::10], six",
        "sip:[2001:db8:0:0:0:0:0:10], six",
        "sip:[2001:DB8:0::99]:5090, told",
        "sip:[2001:db8::99]:5070,",
        "sip:203.0.113.7:5080, hidden",
        "sip:10.1.1.1:5070, hidden",
        "sip:sip.example.net, main",
        "sip:SIP.Example.NET, main",
        "sip:sip.example.net;transport=tcp, stream",
        "sip:sip.example.net:5080, hidden",
        "sip:sip.example.net:5099,",
        "sip:example.net,",
        "tel:+491,"
    })
    void anOwnUriIsKnown(String uri, String name) {
        assertThat(name(sockets.own(SipUri.parse(uri)))).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "UDP, 10.0.0.1, other, other",
        "TCP, 10.0.0.1, other, stream",
        "UDP, 10.0.0.1, stream, main",
        "UDP, 2001:db8::1, main, six",
        "UDP, 10.0.0.1, six, main",
        "TCP, 2001:db8::1, main,"
    })
    void theSocketThatTheRequestCameInOnIsTakenWhereItFits(
            Protocol protocol, String remote, String preferred, String name) {
        String literal = remote.contains(":") ? "[" + remote + "]" : remote;

        assertThat(name(sockets.toward(protocol, address(literal + ":5060").getAddress(), sockets.named(preferred))))
                .isEqualTo(name);
    }

    /** A proxy in front of an IPv4 socket has clients with IPv6 addresses. */
    @ParameterizedTest
    @CsvSource({
        // The socket that a Route names
        "TCP, 2001:db8::1, behind, main, behind",
        "TCP, 10.0.0.1, behind, main, behind",
        "UDP, 10.0.0.1, behind, main, main",
        "TCP, 2001:db8::1, stream6, main, stream6",
        "TCP, 2001:db8::1, stream, main, stream6",
        // One whose address another one advertises too
        "TLS, 2001:db8::1, secure, main, secure6",
        "TLS, 10.0.0.1, secure, main, secure",
        // No Route, and no socket of the IP version
        "WS, 2001:db8::1,, main, web",
        "TCP, 2001:db8::1,, behind, stream6",
        "WSS, 2001:db8::1,, main,",
    })
    void aPartyMayBeTheClientOfAProxy(Protocol protocol, String party, String named, String arrival, String name) {
        ListenSockets all = new ListenSockets(
                List.of(
                        MAIN,
                        STREAM,
                        proxied(2, "behind", Protocol.TCP, "192.0.2.10:5070", "192.0.2.10"),
                        new ListenSocket(
                                3, "stream6", Protocol.TCP, address("[2001:db8::10]:5060"), "[2001:db8::10]", 5060),
                        proxied(4, "secure", Protocol.TLS, "192.0.2.10:5070", "sip.example.com"),
                        proxied(5, "secure6", Protocol.TLS, "[2001:db8::10]:5070", "SIP.example.com"),
                        proxied(6, "web", Protocol.WS, "192.0.2.10:5070", "192.0.2.10")),
                Set.of());
        String literal = party.contains(":") ? "[" + party + "]" : party;

        ListenSocket socket = all.towardParty(
                protocol,
                address(literal + ":5060").getAddress(),
                named == null ? null : all.named(named),
                all.named(arrival));

        assertThat(name(socket)).isEqualTo(name);
    }

    private static ListenSocket proxied(int index, String name, Protocol protocol, String local, String host) {
        return new ListenSocket(index, name, protocol, address(local), host, 5070).behind(proxy -> true);
    }

    @ParameterizedTest
    @CsvSource({
        "main, main",
        "udp:192.0.2.10, main",
        "udp:10.9.9.1:5060, other",
        "UDP:10.9.9.1, other",
        "udp:10.9.9.1:5061, main",
        "tcp:10.9.9.1:5060, stream",
        "udp:[2001:db8::99]:5060, six",
        "udp:[2001:DB8:0:0::99], six",
        "udp:10.9.9.2:5060,",
        "nothing,"
    })
    void anotherNodesSocketIsServedByOursOfTheSameNameElseOfTheSameProtocol(String text, String name) {
        sockets.setPeerSockets(Map.of(
                "udp:10.9.9.1:5060", "other",
                "udp:10.9.9.1:5061", "unknown-here",
                "tcp:10.9.9.1:5060", "main",
                "udp:[2001:db8::99]:5060", "six",
                "no literal", "main"));

        assertThat(name(sockets.serving(text))).isEqualTo(name);
        assertThat(sockets.named("udp:10.9.9.1:5060")).isNull();
    }

    @Test
    void othersReceiveTheAddressesOfOurSockets() {
        assertThat(sockets.literals())
                .isEqualTo(Map.of(
                        "udp:192.0.2.10:5060", "main",
                        "udp:198.51.100.10:5060", "other",
                        "tcp:192.0.2.10:5060", "stream",
                        "udp:[2001:db8::10]:5060", "six",
                        "udp:[2001:db8:0:0:0:0:0:10]:5060", "six",
                        "udp:[2001:db8::99]:5090", "told",
                        "udp:[2001:db8:0:0:0:0:0:11]:5070", "told",
                        "udp:10.1.1.1:5070", "hidden",
                        "udp:203.0.113.7:5080", "hidden"));
    }

    private static String name(ListenSocket socket) {
        return socket == null ? null : socket.name();
    }

    private static InetSocketAddress address(String hostPort) {
        return SocketAddresses.literal(SipUri.parse("sip:" + hostPort));
    }
}
