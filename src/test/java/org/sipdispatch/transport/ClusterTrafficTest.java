package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.agents.DigestClients;
import org.sipdispatch.agents.DigestServer;
import org.sipdispatch.agents.Peer;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.destination.Observation;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.proxy.NewRequests;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipRequest;

/** A node's traffic with other nodes, over real sockets. */
@Timeout(60)
class ClusterTrafficTest extends TrafficFixture {
    private static final String SECRET = "relay.secret = \"one secret for all\"\n";

    private final UdpPeer caller = closing(new UdpPeer(HOST));
    private final Requests requests = Requests.udp(caller.address());
    private final InetSocketAddress at = Ports.freeAddress(HOST);

    private TestNode node(String more, String... destinations) {
        return closing(TestNode.start(TestNode.sockets("main", TestNode.udp(at)) + SECRET + more, destinations));
    }

    private static String uri(Peer peer) {
        return "sip:" + SipText.hostPort(peer.address());
    }

    private UdpPeer ringing() {
        return closing(new UdpPeer(new InetSocketAddress(HOST, 0), (peer, request) -> {
            if (!request.isMethod("ACK")) {
                int code = request.isMethod("INVITE") ? 180 : 200;
                peer.send(peer.lastSource(), SipText.response(request, code, "callee"));
            }
        }));
    }

    private String calls(String method) {
        String call = Requests.newCall();
        caller.send(at, requests.of(method, call));
        return call;
    }

    @Test
    void anotherNodeThatTakesTheAddressOverCancelsACall() {
        UdpPeer callee = ringing();
        UdpPeer other = ringing();
        TestNode first = node("transport.lanes = 2\n", uri(callee));
        first.traffic().carryCalls(true);
        String call = calls("INVITE");
        caller.awaitResponse(180, "INVITE", call);
        await().until(() -> !first.carried().isEmpty());
        first.close();

        TestNode second = node("transport.lanes = 3\n", uri(other));
        first.carried().forEach(second.traffic()::carry);
        second.traffic().carry(new byte[] {9, 9});
        await().until(() -> second.count(LaneCounter.CARRIED) == 3 && second.count(LaneCounter.MALFORMED_CARRIED) == 1);
        caller.send(at, requests.of("CANCEL", call));

        caller.awaitResponse(200, "CANCEL", call);
        assertThat(callee.awaitRequest("CANCEL", call).text(HeaderName.VIA).split(";r=")[0])
                .isEqualTo(
                        callee.awaitRequest("INVITE", call).text(HeaderName.VIA).split(";r=")[0]);
        assertThat(other.received()).isEmpty();
    }

    @Test
    void credentialsReachTheChallengerThroughAnyNode() {
        List<DigestServer> servers = List.of(
                closing(DigestServer.start(HOST, true)),
                closing(DigestServer.start(HOST, false)),
                closing(DigestServer.start(HOST, true)));
        String[] uris = servers.stream().map(DigestServer::uri).toArray(String[]::new);
        List<InetSocketAddress> nodes = List.of(Ports.freeAddress(HOST), Ports.freeAddress(HOST));
        String rule = SECRET + "transport.lanes = 2\nrules = [ { select { set = 1, alg = 4, flags = F } } ]\n";
        nodes.forEach(node -> closing(TestNode.start(TestNode.sockets("main", TestNode.udp(node)) + rule, uris)));
        DigestClients clients = closing(new DigestClients(60));

        assertThat(clients.begin(client -> nodes.get(client % 2))).containsOnly(401, 407);
        assertThat(clients.answer(client -> nodes.get((client + 1) % 2))).containsOnly(200);

        assertThat(servers).extracting(DigestServer::refused).containsOnly(0);
        // Credentials take no turn of the round robin: each server gets its share.
        assertThat(servers).extracting(DigestServer::accepted).allMatch(count -> count >= 15);
    }

    @Test
    void aSetsNewViewLeavesTheOtherSetsAlone() {
        UdpPeer one = closing(UdpPeer.answering(HOST, 200));
        UdpPeer two = closing(UdpPeer.answering(HOST, 200));
        TestNode node = node("relay.t1 = 4s\nrules = [ { select.set = \"2,1\" } ]\n", uri(one));
        caller.awaitResponse(200, "MESSAGE", calls("MESSAGE"));
        assertThat(one.requests("MESSAGE")).hasSize(1);

        node.traffic().update(TestNode.set(2, uri(two)));
        caller.awaitResponse(200, "MESSAGE", calls("MESSAGE"));
        assertThat(two.requests("MESSAGE")).hasSize(1);

        node.traffic().update(TestNode.set(2));
        caller.awaitResponse(200, "MESSAGE", calls("MESSAGE"));
        assertThat(one.requests("MESSAGE")).hasSize(2);
    }

    @Test
    void aCallThatFailsDoesNotGoOnToWhomWasTakenOutMeanwhile() {
        UdpPeer first = ringing();
        UdpPeer second = ringing();
        UdpPeer third = closing(UdpPeer.answering(HOST, 200));
        String[] all = {uri(first), uri(second), uri(third)};
        TestNode node = node("relay.t1 = 4s\ntransport.lanes = 1\n", all);
        String call = calls("INVITE");
        SipRequest invite = first.awaitRequest("INVITE", call);

        node.traffic().update(TestNode.set(1, List.of(all[0], all[1]), all));
        await().until(() -> {
            caller.awaitResponse(200, "MESSAGE", calls("MESSAGE"));
            return !third.requests("MESSAGE").isEmpty();
        });
        first.send(first.lastSource(), SipText.response(invite, 503, "callee"));

        caller.awaitResponse(200, "INVITE", call);
        assertThat(third.requests("INVITE")).hasSize(1);
        assertThat(second.requests("INVITE")).isEmpty();
        assertThat(node.count(LaneCounter.FAILOVERS)).isEqualTo(1);
    }

    @Test
    void failuresOfAllDestinationsAtOnceAreBlamedOnThisNode() {
        String dead = "sip:" + SipText.hostPort(Ports.freeAddress(HOST));
        String deadToo = "sip:" + SipText.hostPort(Ports.freeAddress(HOST));
        TestNode node = node(
                "relay-defaults { mark = probing, fr_timeout = 200ms }\n"
                        + "rules = [ { select { set = 1, alg = 8, flags = F } } ]\n",
                dead,
                deadToo);

        caller.awaitResponse(0, "MESSAGE", calls("MESSAGE"));
        await().until(() -> node.traffic().suspects().contains(new SetId("default", 1)));

        assertThat(node.count(LaneCounter.SUSPECTED)).isEqualTo(2);
        assertThat(node.observations())
                .hasSize(2)
                .extracting(Observation::strikes)
                .containsOnly(0);
    }

    @Test
    void failuresOfOneDestinationAreItsOwn() {
        UdpPeer alive = closing(UdpPeer.answering(HOST, 200));
        String dead = "sip:" + SipText.hostPort(Ports.freeAddress(HOST));
        TestNode node = node(
                "relay-defaults { mark = probing, fr_timeout = 5s }\n"
                        + "rules = [ { select { set = 1, alg = 8, flags = F } } ]\n",
                dead,
                uri(alive));

        caller.awaitResponse(200, "MESSAGE", calls("MESSAGE"));

        await().until(() -> node.observations().size() == 2);
        assertThat(node.observations()).extracting(Observation::strikes).containsExactlyInAnyOrder(0, 1);
        assertThat(node.traffic().suspects()).isEmpty();
    }

    /** Nobody tells the lanes after they have opened their sockets. */
    @Test
    void aNodeThatStartsInMaintenanceDispatchesNothingFromTheFirstRequestOn() {
        UdpPeer callee = closing(UdpPeer.answering(HOST, 200));
        closing(TestNode.start(
                NewRequests.inMaintenance(Duration.ofSeconds(10), List.of()),
                TestNode.sockets("main", TestNode.udp(at)) + "transport.lanes = 3\n",
                uri(callee)));

        for (int i = 0; i < 12; i++) {
            assertThat(caller.awaitResponse(503, "INVITE", calls("INVITE"))).isNotNull();
        }

        assertThat(callee.received()).isEmpty();
    }

    @Test
    void aNodeThatStopsBeginsNothingAndEndsWhatItBegan() {
        UdpPeer callee = ringing();
        TestNode node = node("", uri(callee));
        String call = calls("INVITE");
        caller.awaitResponse(180, "INVITE", call);

        node.traffic().setNewRequests(NewRequests.REFUSED_AT_STOP);
        caller.awaitResponse(503, "INVITE", calls("INVITE"));
        assertThat(node.traffic().pending()).isEqualTo(1);
        callee.send(at, SipText.response(callee.awaitRequest("INVITE", call), 486, "callee"));

        caller.awaitResponse(486, "INVITE", call);
        await().until(() -> node.traffic().pending() == 0);
    }

    @Test
    void aSocketOfAnotherNodeBecomesOursWhenItIsKnown() {
        InetSocketAddress public1 = Ports.freeAddress(HOST);
        UdpPeer callee = closing(UdpPeer.answering(HOST, 200));
        TestNode node = closing(TestNode.start(
                TestNode.sockets("a", TestNode.udp(at), "public", TestNode.udp(public1)),
                uri(callee) + "@udp:192.0.2.77:5060"));
        caller.awaitResponse(200, "MESSAGE", calls("MESSAGE"));
        assertThat(callee.lastSource()).isEqualTo(at);

        node.traffic().learnSockets(Map.of("udp:192.0.2.77:5060", "public"));
        caller.awaitResponse(200, "MESSAGE", calls("MESSAGE"));

        assertThat(callee.lastSource()).isEqualTo(public1);
    }
}
