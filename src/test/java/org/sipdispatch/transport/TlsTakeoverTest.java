package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.OpenSslPeer;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;

/** Calls over TLS that another process continues: it has not verified the destination yet. */
@Timeout(120)
class TlsTakeoverTest extends TlsFixture {
    private static final String ATTRS = "tls_domain=fs;tls_name=wrong.example.com";
    private static final String UNCHECKED = "tls_domain=lab";

    private final UdpPeer caller = closing(new UdpPeer(HOST));
    private final Requests requests = Requests.udp(caller.address());
    private final String call = Requests.newCall();

    /** The certificates of destinations are no good in the default domain. */
    private TestNode start(int lanes, String... sockets) {
        String rule = "rules = [ { select { set = 1, alg = 8 } } ]\n";
        node = closing(TestNode.start(TestNode.sockets((Object[]) sockets) + rule
                + "relay.secret = \"one secret for all\"\ntransport.lanes = " + lanes
                + "\ntls { server_domains.default { " + pair("node") + " }, client_domains { default.ca_list = \""
                + file("other.pem") + "\", fs.ca_list = \"" + file("ca.pem") + "\", lab.verify_cert = off } }"));
        return node;
    }

    private String udp() {
        return TestNode.udp(udpSocket);
    }

    private String tls() {
        return "tls:" + SipText.hostPort(tlsSocket);
    }

    /** A server that answers an INVITE with this code, and everything else with 200. */
    private OpenSslPeer server(String certificate, int code) {
        return closing(OpenSslPeer.listening(
                Ports.freeAddress(HOST),
                (peer, request) -> {
                    if (!request.isMethod("ACK")) {
                        peer.send(SipText.response(
                                request,
                                request.isMethod("INVITE") ? code : 200,
                                "callee",
                                "Contact: <" + uri(peer) + ">"));
                    }
                },
                "-cert",
                file(certificate + ".pem"),
                "-key",
                file(certificate + ".key")));
    }

    private static String uri(OpenSslPeer peer) {
        return "sip:" + SipText.hostPort(peer.address()) + ";transport=tls";
    }

    /** Set 1 with this destination once for each of the attributes; the first one gets the requests. */
    private void destination(OpenSslPeer peer, String... attrs) {
        List<SetView.SetMember> members = new ArrayList<>();
        for (String one : attrs) {
            Destination destination = new Destination("default", 1, uri(peer), null, 1, 0, one, "row " + one);
            members.add(new SetView.SetMember(destination, true));
        }
        node.replaceAll(List.of(SetView.of(new SetId("default", 1), members)));
    }

    private SipResponse sends(String method, int code) {
        caller.send(udpSocket, requests.of(method, call));
        return caller.awaitResponse(code, method, call);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aRequestInTheDialogReachesTheDestinationAfterARestart(int lanes) {
        OpenSslPeer callee = server("wrong", 200);
        start(lanes, "u", udp(), "t", tls());
        destination(callee, ATTRS);
        SipResponse answer = sends("INVITE", 200);
        node.close();

        start(lanes, "u", udp(), "t", tls());
        destination(callee, ATTRS);
        caller.send(udpSocket, requests.inDialog("BYE", answer));

        assertThat(caller.awaitResponse(200, "BYE", call)).isNotNull();
        assertThat(callee.requests("BYE")).hasSize(1);
    }

    /** Nobody knows for which of the destinations it is: the one that is checked counts, whose name this server cannot show. */
    @Test
    void aRequestInTheDialogDoesNotUseAnUncheckedConnectionToTheAddressOfACheckedDestination() {
        OpenSslPeer callee = server("stranger", 200);
        start(1, "u", udp(), "t", tls());
        destination(callee, UNCHECKED, ATTRS);
        SipResponse answer = sends("INVITE", 200);

        caller.send(udpSocket, requests.inDialog("BYE", answer));

        assertThat(caller.awaitResponse(500, "BYE", call)).isNotNull();
        assertThat(callee.requests("BYE")).isEmpty();
    }

    @Test
    void aRequestInTheDialogReachesADestinationThatIsNotCheckedAfterARestart() {
        OpenSslPeer callee = server("stranger", 200);
        start(1, "u", udp(), "t", tls());
        destination(callee, UNCHECKED);
        SipResponse answer = sends("INVITE", 200);
        node.close();

        start(1, "u", udp(), "t", tls());
        destination(callee, UNCHECKED);
        caller.send(udpSocket, requests.inDialog("BYE", answer));

        assertThat(caller.awaitResponse(200, "BYE", call)).isNotNull();
    }

    /** Rings at a destination, and lets another node take the call over. */
    private void ringsAndIsTakenOver(OpenSslPeer callee, String... sockets) {
        TestNode first = start(1, "u", udp(), "t", tls());
        destination(callee, ATTRS);
        first.traffic().carryCalls(true);
        sends("INVITE", 180);
        await(() -> !first.carried().isEmpty());
        first.close();
        TestNode second = start(1, sockets);
        first.carried().forEach(second.traffic()::carry);
        await(() -> second.count(LaneCounter.CARRIED) == 1);
    }

    @Test
    void aCancelGoesToTheDestinationOverTlsThroughASocketOfAnotherName() {
        OpenSslPeer callee = server("wrong", 180);
        ringsAndIsTakenOver(callee, "u", udp(), "carriers", tls());
        destination(callee, ATTRS);

        assertThat(sends("CANCEL", 200)).isNotNull();
        SipRequest cancel = callee.awaitRequest("CANCEL", call);

        assertThat(SipText.values(cancel, HeaderName.VIA).get(0))
                .startsWith("SIP/2.0/TLS " + SipText.hostPort(tlsSocket));
    }

    /** Over UDP it would go out in clear: {@code t} is a UDP socket there. */
    @ParameterizedTest
    @ValueSource(strings = {"t", "other"})
    void aCancelOfACallOverTlsGoesNowhereWithoutATlsSocket(String name) {
        OpenSslPeer callee = server("wrong", 180);
        UdpPeer inClear = closing(UdpPeer.answering(callee.address(), 200));
        InetSocketAddress another = Ports.freeAddress(HOST);
        ringsAndIsTakenOver(callee, "a", udp(), name, TestNode.udp(another));
        destination(callee, ATTRS);

        caller.send(udpSocket, requests.of("CANCEL", call));

        assertThat(caller.awaitResponse(0, "CANCEL", call).status()).isGreaterThanOrEqualTo(400);
        assertThat(inClear.received()).isEmpty();
        assertThat(callee.requests("CANCEL")).isEmpty();
    }
}
