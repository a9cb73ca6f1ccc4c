package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.CallingAgent;
import org.sipdispatch.agents.Peer;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.TcpPeer;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.observation.DestinationTraffic;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;

@Timeout(60)
class SipLanesTest extends TrafficFixture {
    private static final String IPV4 = HOST;

    private TestNode node(String text, String... destinations) {
        return closing(TestNode.start(text, destinations));
    }

    /** A node with one UDP and one TCP socket on the same port. */
    private TestNode bothProtocols(String host, String more, String... destinations) {
        InetSocketAddress at = Ports.freeAddress(host);
        return node(TestNode.sockets("u", TestNode.udp(at), "t", TestNode.tcp(at)) + more, destinations);
    }

    private static String uri(Peer peer) {
        return "sip:" + SipText.hostPort(peer.address()) + (peer instanceof TcpPeer ? ";transport=tcp" : "");
    }

    /** A caller over UDP or TCP. */
    private interface Caller {
        void send(String message);

        Peer peer();

        Requests requests();
    }

    private Caller caller(boolean tcp, String host, TestNode node) {
        return tcp ? tcpCaller(host, node.socket("t")) : udpCaller(host, node.socket("u"));
    }

    private Caller udpCaller(String host, InetSocketAddress node) {
        UdpPeer peer = closing(new UdpPeer(host));
        return new Caller() {
            @Override
            public void send(String message) {
                peer.send(node, message);
            }

            @Override
            public Peer peer() {
                return peer;
            }

            @Override
            public Requests requests() {
                return Requests.udp(peer.address());
            }
        };
    }

    private Caller tcpCaller(String host, InetSocketAddress node) {
        TcpPeer peer = closing(new TcpPeer(host));
        TcpPeer.Connection connection = peer.connect(node);
        return new Caller() {
            @Override
            public void send(String message) {
                connection.send(message);
            }

            @Override
            public Peer peer() {
                return peer;
            }

            @Override
            public Requests requests() {
                return Requests.tcp(peer.address());
            }
        };
    }

    private static void assumeAddress(String host) {
        boolean there = true;
        try {
            new DatagramSocket(new InetSocketAddress(host, 0)).close();
        } catch (IOException e) {
            there = false;
        }
        assumeTrue(there, "this machine has no " + host);
    }

    private static SipResponse call(Caller caller) {
        String call = Requests.newCall();
        caller.send(caller.requests().of("INVITE", call));
        SipResponse answer = caller.peer().awaitResponse(200, "INVITE", call);
        caller.send(caller.requests().inDialog("ACK", answer));
        caller.send(caller.requests().inDialog("BYE", answer));
        caller.peer().awaitResponse(200, "BYE", call);
        return answer;
    }

    @ParameterizedTest(name = "{0}, caller by TCP: {1}, destination by TCP: {2}")
    @CsvSource({
        "127.0.0.1, false, false",
        "127.0.0.1, false, true",
        "127.0.0.1, true, false",
        "127.0.0.1, true, true",
        "::1, false, false",
        "::1, false, true",
        "::1, true, false",
        "::1, true, true",
    })
    void aWholeCallGoesThroughAndTheCalleeCanHangUpToo(String host, boolean tcpIn, boolean tcpOut) {
        assumeAddress(host);
        Peer callee = closing(tcpOut ? TcpPeer.answering(host, 200) : UdpPeer.answering(host, 200));
        TestNode node = bothProtocols(host, "", uri(callee));
        Caller caller = caller(tcpIn, host, node);

        SipResponse answer = call(caller);

        String call = SipText.callId(answer);
        assertThat(callee.awaitRequest("ACK", call)).isNotNull();
        SipRequest invite = callee.awaitRequest("INVITE", call);
        assertThat(SipText.values(invite, HeaderName.VIA).get(0))
                .startsWith("SIP/2.0/" + (tcpOut ? "TCP" : "UDP") + " " + SipText.hostPort(node.socket("u")));
        assertThat(SipText.values(invite, HeaderName.RECORD_ROUTE)).hasSize(tcpIn == tcpOut ? 1 : 2);

        String bye = calleeBye(invite, answer, callee);
        if (callee instanceof UdpPeer udp) {
            udp.send(node.socket("u"), bye);
        } else {
            ((TcpPeer) callee).taken().get(0).send(bye);
        }
        SipRequest received = caller.peer().awaitRequest("BYE", call);
        assertThat(received.text(HeaderName.ROUTE)).isNull();
    }

    private static String calleeBye(SipRequest invite, SipResponse answer, Peer callee) {
        StringBuilder routes = new StringBuilder();
        SipText.values(invite, HeaderName.RECORD_ROUTE)
                .forEach(value -> routes.append("Route: ").append(value).append("\r\n"));
        String contact = invite.text(HeaderName.CONTACT).replaceAll("[<>]", "");
        return "BYE " + contact + " SIP/2.0\r\nVia: SIP/2.0/" + (callee instanceof TcpPeer ? "TCP " : "UDP ")
                + SipText.hostPort(callee.address()) + ";branch=z9hG4bKbye\r\n" + routes + "From: "
                + answer.text(HeaderName.TO) + "\r\nTo: " + answer.text(HeaderName.FROM) + "\r\nCall-ID: "
                + SipText.callId(invite) + "\r\nCSeq: 7 BYE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
    }

    @Test
    void algorithm9SelectsTheDestinationWithTheFewestCallsInFlight() {
        UdpPeer first = closing(UdpPeer.answering(IPV4, 200));
        UdpPeer second = closing(UdpPeer.answering(IPV4, 200));
        TestNode node = bothProtocols(IPV4, """
                transport.lanes = 2
                rules = [ { select { set = 1, alg = 9, pvar_algo_pattern = "$stat(in_flight:%u)" } } ]
                """, uri(first), uri(second));
        Caller caller = caller(false, IPV4, node);

        SipResponse early = answered(caller, first);
        answered(caller, second);
        answered(caller, first);
        answered(caller, second);

        caller.send(caller.requests().inDialog("BYE", early));
        caller.peer().awaitResponse(200, "BYE", SipText.callId(early));
        answered(caller, first);
    }

    /** A call that stays open at this destination. */
    private static SipResponse answered(Caller caller, Peer destination) {
        String call = Requests.newCall();
        caller.send(caller.requests().of("INVITE", call));
        SipResponse answer = caller.peer().awaitResponse(200, "INVITE", call);
        caller.send(caller.requests().inDialog("ACK", answer));
        destination.awaitRequest("ACK", call);
        return answer;
    }

    @Test
    void oneConnectionCarriesManyRequestsEvenIfTheyComeAtOnce() {
        TcpPeer callee = closing(TcpPeer.answering(IPV4, 200));
        TestNode node = bothProtocols(IPV4, "", uri(callee));
        Caller caller = caller(false, IPV4, node);

        List<String> calls = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            calls.add(Requests.newCall());
            caller.send(caller.requests().of("OPTIONS", calls.get(i)));
        }

        calls.forEach(call -> caller.peer().awaitResponse(200, "OPTIONS", call));
        assertThat(callee.taken()).hasSize(1);
    }

    @Test
    void answersComeOnTheConnectionOfTheRequest() {
        UdpPeer callee = closing(UdpPeer.answering(IPV4, 200));
        TestNode node = bothProtocols(IPV4, "", uri(callee));
        TcpPeer caller = closing(new TcpPeer(IPV4));
        TcpPeer.Connection connection = caller.connect(node.socket("t"));
        String call = Requests.newCall();

        connection.send(Requests.tcp(caller.address()).withoutRport().of("OPTIONS", call));

        caller.awaitResponse(200, "OPTIONS", call);
        assertThat(caller.taken()).isEmpty();
    }

    @ParameterizedTest(name = "rport: {0}, stateless: {1}")
    @CsvSource({"true, false", "false, false", "true, true", "false, true"})
    void whenTheConnectionIsGoneTheAnswerGoesToANewOneToSentBy(boolean rport, boolean stateless) {
        UdpPeer callee = closing(new UdpPeer(IPV4));
        String mode = stateless ? "rules = [{ select { set = 1 }, relay { mode = stateless } }]" : "";
        TestNode node = bothProtocols(IPV4, mode, uri(callee));
        TcpPeer caller = closing(new TcpPeer(IPV4));
        TcpPeer.Connection connection = caller.connect(node.socket("t"));
        Requests requests = Requests.tcp(caller.address());
        String call = Requests.newCall();
        connection.send((rport ? requests : requests.withoutRport()).of("OPTIONS", call));
        SipRequest request = callee.awaitRequest("OPTIONS", call);

        connection.close();
        // A response sent while the connection closes is lost; a later one finds it closed.
        await().until(() -> {
            callee.send(node.socket("u"), SipText.response(request, 183, "callee"));
            return !caller.taken().isEmpty();
        });
        callee.send(node.socket("u"), SipText.response(request, 200, "callee"));

        caller.awaitResponse(200, "OPTIONS", call);
        assertThat(caller.taken()).hasSize(1);
    }

    @Test
    void aDestinationChoosesTheSocketToSendFrom() {
        UdpPeer callee = closing(UdpPeer.answering(IPV4, 200));
        InetSocketAddress one = Ports.freeAddress(IPV4);
        InetSocketAddress two = Ports.freeAddress(IPV4);
        String sockets = TestNode.sockets("u", TestNode.udp(one), "v", TestNode.udp(two));
        TestNode node = node(sockets, uri(callee) + "@v");

        SipResponse answer = call(caller(false, IPV4, node));

        assertThat(callee.lastSource()).isEqualTo(two);
        assertThat(SipText.values(answer, HeaderName.RECORD_ROUTE)).hasSize(2);
    }

    @Test
    void theAdvertisedAddressIsWrittenAndRecognised() {
        UdpPeer callee = closing(UdpPeer.answering(IPV4, 200));
        InetSocketAddress at = Ports.freeAddress(IPV4);
        TestNode node = node(
                "sockets { u { listen = \"udp:0.0.0.0:" + at.getPort() + "\", advertise = \"sip.example.com:5099\" } }",
                uri(callee));
        Caller caller = udpCaller(IPV4, at);

        SipResponse answer = call(caller);

        SipRequest invite = callee.awaitRequest("INVITE", SipText.callId(answer));
        assertThat(SipText.values(invite, HeaderName.VIA).get(0)).startsWith("SIP/2.0/UDP sip.example.com:5099;");
        assertThat(invite.text(HeaderName.RECORD_ROUTE)).startsWith("<sip:sip.example.com:5099;lr;");
        assertThat(callee.awaitRequest("BYE", SipText.callId(answer)).text(HeaderName.ROUTE))
                .isNull();
        assertThat(node.count(LaneCounter.OWN_REPLIES)).isOne();
    }

    @ParameterizedTest(name = "{0} lanes")
    @ValueSource(ints = {1, 2, 4})
    void aPortWhereNobodyListensIsFoundOutBeforeTheTimer(int lanes) {
        UdpPeer callee = closing(UdpPeer.answering(IPV4, 200));
        InetSocketAddress dead = Ports.freeAddress(IPV4);
        TestNode node = bothProtocols(IPV4, "transport.lanes = " + lanes, "sip:" + SipText.hostPort(dead), uri(callee));
        Caller caller = caller(false, IPV4, node);

        for (int i = 0; i < 6; i++) {
            String call = Requests.newCall();
            caller.send(caller.requests().of("INVITE", call));
            caller.peer().awaitResponse(200, "INVITE", call);
        }

        assertThat(node.count(LaneCounter.UNREACHABLE)).isEqualTo(6);
        assertThat(node.count(LaneCounter.TIMEOUTS)).isZero();
    }

    @Test
    void aRefusedConnectionIsFoundOutBeforeTheTimer() {
        UdpPeer callee = closing(UdpPeer.answering(IPV4, 200));
        InetSocketAddress dead = Ports.freeAddress(IPV4);
        TestNode node = bothProtocols(IPV4, "", "sip:" + SipText.hostPort(dead) + ";transport=tcp", uri(callee));
        Caller caller = caller(false, IPV4, node);
        String call = Requests.newCall();

        caller.send(caller.requests().of("INVITE", call));

        caller.peer().awaitResponse(200, "INVITE", call);
        assertThat(node.count(LaneCounter.UNREACHABLE)).isOne();
        assertThat(node.count(LaneCounter.TIMEOUTS)).isZero();
    }

    @Test
    void aConnectionThatBreaksBeforeAnAnswerIsFoundOutBeforeTheTimer() {
        UdpPeer callee = closing(UdpPeer.answering(IPV4, 200));
        TcpPeer dying =
                closing(new TcpPeer(new InetSocketAddress(IPV4, 0), (connection, request) -> connection.close()));
        TestNode node = bothProtocols(IPV4, "", uri(dying), uri(callee));
        Caller caller = caller(false, IPV4, node);
        String call = Requests.newCall();

        caller.send(caller.requests().of("INVITE", call));

        caller.peer().awaitResponse(200, "INVITE", call);
        assertThat(node.count(LaneCounter.UNREACHABLE)).isOne();
        assertThat(node.count(LaneCounter.TIMEOUTS)).isZero();
    }

    @ParameterizedTest(name = "{0} lanes, caller by TCP: {1}, destination by TCP: {2}")
    @CsvSource({"2, false, false", "4, false, true", "2, true, true", "4, true, false"})
    void itDoesNotMatterWhichLaneAMessageMeets(int lanes, boolean tcpIn, boolean tcpOut) {
        Peer callee = closing(tcpOut ? TcpPeer.answering(IPV4, 200) : UdpPeer.answering(IPV4, 200));
        TestNode node = bothProtocols(IPV4, "transport.lanes = " + lanes, uri(callee));

        for (int i = 0; i < 8; i++) {
            Caller caller = caller(tcpIn, IPV4, node);
            for (int j = 0; j < 4; j++) {
                call(caller);
            }
        }

        assertThat(node.count(LaneCounter.FOREIGN_RESPONSES)).isZero();
        assertThat(node.count(LaneCounter.FAULTS)).isZero();
        DestinationTraffic seen = node.traffic().destinations().get(0);
        assertThat(seen.requests()).isEqualTo(32);
        assertThat(seen.replies()).containsExactly(0L, 32L, 0L, 0L, 0L, 0L);
        assertThat(seen.latency().stream().mapToLong(Long::longValue).sum()).isEqualTo(32);
        assertThat(node.traffic().openCalls(seen.destination().id())).isZero();
    }

    @ParameterizedTest(name = "{0} lanes, destination by TCP: {1}")
    @CsvSource({"1, false", "1, true", "2, true", "4, false", "4, true"})
    void aCancelFindsItsCallOnAnyLane(int lanes, boolean tcpOut) {
        Peer callee = closing(tcpOut ? ringingTcp() : ringingUdp());
        TestNode node = bothProtocols(IPV4, "transport.lanes = " + lanes, uri(callee));

        for (int i = 0; i < 8; i++) {
            Caller caller = caller(i % 2 == 0, IPV4, node);
            String call = Requests.newCall();
            caller.send(caller.requests().of("INVITE", call));
            caller.peer().awaitResponse(180, "INVITE", call);
            caller.send(caller.requests().of("CANCEL", call));
            caller.peer().awaitResponse(200, "CANCEL", call);
            caller.peer().awaitResponse(487, "INVITE", call);
        }
    }

    private static UdpPeer ringingUdp() {
        List<SipRequest> ringing = new ArrayList<>();
        return new UdpPeer(
                new InetSocketAddress(IPV4, 0),
                (peer, request) -> ring(ringing, request).forEach(answer -> peer.send(peer.lastSource(), answer)));
    }

    private static TcpPeer ringingTcp() {
        List<SipRequest> ringing = new ArrayList<>();
        return new TcpPeer(new InetSocketAddress(IPV4, 0), (connection, request) -> {
            synchronized (ringing) {
                ring(ringing, request).forEach(connection::send);
            }
        });
    }

    private static List<String> ring(List<SipRequest> ringing, SipRequest request) {
        if (request.isMethod("INVITE")) {
            ringing.add(request);
            return List.of(SipText.response(request, 180, "callee"));
        }
        if (!request.isMethod("CANCEL")) {
            return List.of();
        }
        SipRequest invite = ringing.stream()
                .filter(one -> SipText.callId(one).equals(SipText.callId(request)))
                .findFirst()
                .orElseThrow();
        return List.of(SipText.response(request, 200, "callee"), SipText.response(invite, 487, "callee"));
    }

    @Test
    void definitionsMayBeReplacedUnderTraffic() throws Exception {
        UdpPeer one = closing(UdpPeer.answering(IPV4, 200));
        UdpPeer two = closing(UdpPeer.answering(IPV4, 200));
        TestNode node = bothProtocols(IPV4, "transport.lanes = 2", uri(one));
        CallingAgent caller = closing(CallingAgent.start(IPV4, node.socket("u"), 400));

        for (int i = 1; i <= 20; i++) {
            int calls = i * 20;
            await().until(() -> caller.placed() > calls);
            node.replace(i % 2 == 0 ? new String[] {uri(one)} : new String[] {uri(two), uri(one)});
        }
        caller.finish();

        assertThat(caller.failures()).isEmpty();
        assertThat(caller.completed()).isEqualTo(caller.placed());
        assertThat(two.requests("INVITE")).isNotEmpty();
    }

    @Test
    void whileASetIsTakenAwayEveryRequestIsAnswered() {
        UdpPeer callee = closing(UdpPeer.answering(IPV4, 200));
        TestNode node = bothProtocols(IPV4, "", uri(callee));
        Caller caller = caller(false, IPV4, node);

        List<String> calls = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            calls.add(Requests.newCall());
            caller.send(caller.requests().of("OPTIONS", calls.get(i)));
            if (i % 100 == 50) {
                node.replace(i % 200 == 50 ? new String[0] : new String[] {uri(callee)});
            }
        }

        await().atMost(Duration.ofSeconds(60))
                .until(() -> caller.peer().answered("OPTIONS").containsAll(calls));
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void aPortThatIsInUseIsRefused(String protocol) {
        InetSocketAddress at = Ports.freeAddress(IPV4);
        String socket = protocol + ":" + SipText.hostPort(at);
        node(TestNode.sockets("main", socket));

        assertThatThrownBy(() -> TestNode.start(TestNode.sockets("main", socket)))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("sockets.main: " + socket
                        + " (expected: an address of this host with a port that is free; Address already in use");
    }

    @Test
    void anAddressOfAnotherHostIsRefused() {
        assertThatThrownBy(() -> TestNode.start(TestNode.sockets("main", "udp:192.0.2.1:5060")))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("sockets.main: udp:192.0.2.1:5060 (expected: an address of this host");
    }

    @Test
    void portsAreFreeAsSoonAsTheNodeIsClosed() throws Exception {
        InetSocketAddress at = Ports.freeAddress(IPV4);
        String sockets = TestNode.sockets("u", TestNode.udp(at), "t", TestNode.tcp(at)) + "transport.lanes = 2";
        UdpPeer callee = closing(UdpPeer.answering(IPV4, 200));

        for (int i = 0; i < 5; i++) {
            try (TestNode node = TestNode.start(sockets, uri(callee))) {
                call(caller(true, IPV4, node));
                call(caller(false, IPV4, node));
            }
            new DatagramSocket(at).close();
            new ServerSocket(at.getPort(), 1, at.getAddress()).close();
        }
    }

    @Test
    void furtherConnectionsThanTheMostAreClosed() {
        UdpPeer callee = closing(UdpPeer.answering(IPV4, 200));
        TestNode node = bothProtocols(IPV4, "transport.tcp.max-connections = 5", uri(callee));
        TcpPeer caller = closing(new TcpPeer(IPV4));

        List<TcpPeer.Connection> connections = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            try {
                connections.add(caller.connect(node.socket("t")));
            } catch (UncheckedIOException e) {
                // The node closed the connection before this side had opened it.
            }
        }

        await().until(() -> connections.stream().filter(one -> !one.isEnded()).count() == 5);
        connections.stream().filter(one -> !one.isEnded()).forEach(one -> {
            String call = Requests.newCall();
            one.send(Requests.tcp(caller.address()).of("OPTIONS", call));
            caller.awaitResponse(200, "OPTIONS", call);
        });
        connections.forEach(TcpPeer.Connection::close);
        // The node rejects new connections until it has detected that the old ones are closed.
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
            int before = caller.received().size();
            TcpPeer.Connection next = caller.connect(node.socket("t"));
            next.send(Requests.tcp(caller.address()).of("OPTIONS", Requests.newCall()));
            await().until(() -> next.isEnded() || caller.received().size() > before);
            return caller.received().size() > before;
        });
    }

    @Test
    void idleConnectionsAreClosed() {
        TestNode node = bothProtocols(IPV4, "transport.tcp.idle-timeout = 1s");
        TcpPeer caller = closing(new TcpPeer(IPV4));

        TcpPeer.Connection idle = caller.connect(node.socket("t"));

        await().until(idle::isEnded);
    }

    @Test
    void aPeerMustNotTakeLongForOneMessage() {
        TestNode node = bothProtocols(IPV4, "transport.tcp.message-timeout = 2s");
        TcpPeer caller = closing(new TcpPeer(IPV4));
        TcpPeer.Connection slow = caller.connect(node.socket("t"));
        byte[] message = SipText.bytes(Requests.tcp(caller.address()).of("OPTIONS", Requests.newCall()));
        int[] sent = {0};
        long began = System.nanoTime();

        await().pollInterval(200, TimeUnit.MILLISECONDS).until(() -> {
            if (!slow.isEnded()) {
                try {
                    slow.send(new byte[] {message[sent[0]++]});
                } catch (java.io.UncheckedIOException reset) {
                    return slow.isEnded();
                }
            }
            return slow.isEnded();
        });
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(1900));
        assertThat(sent[0]).isLessThan(message.length);
    }

    @Test
    void aPeerThatNeverReadsIsGivenUp() throws Exception {
        UdpPeer callee = closing(UdpPeer.answering(IPV4, 200));
        TestNode node = bothProtocols(IPV4, "transport.tcp.max-unsent = 64KiB", uri(callee));
        try (java.nio.channels.SocketChannel deaf = java.nio.channels.SocketChannel.open()) {
            deaf.setOption(java.net.StandardSocketOptions.SO_RCVBUF, 4096);
            deaf.connect(node.socket("t"));
            deaf.configureBlocking(false);
            Requests requests = Requests.tcp(callee.address());

            await().atMost(60, TimeUnit.SECONDS)
                    .pollInterval(1, TimeUnit.MILLISECONDS)
                    .until(() -> {
                        try {
                            String many = "";
                            for (int i = 0; i < 20; i++) {
                                many += requests.of("OPTIONS", Requests.newCall());
                            }
                            deaf.write(java.nio.ByteBuffer.wrap(SipText.bytes(many)));
                            return false;
                        } catch (IOException reset) {
                            return true;
                        }
                    });
        }
        call(caller(false, IPV4, node));
    }

    /** The registrar's requests have Call-IDs of all lanes; the client's connection belongs to one. */
    @Test
    void requestsAlongThePathUseTheClientsConnectionFromAnyLane() {
        UdpPeer registrar = closing(UdpPeer.answering(IPV4, 200));
        TestNode node = bothProtocols(IPV4, "transport.lanes = 3\nrelay-defaults.path = yes\n", uri(registrar));
        Caller client = caller(true, IPV4, node);
        String registration = Requests.newCall();
        client.send(client.requests().of("REGISTER", registration));
        String path = registrar.awaitRequest("REGISTER", registration).text("Path");

        for (int i = 0; i < 12; i++) {
            String call = Requests.newCall();
            Requests requests = Requests.udp(registrar.address()).with("Route: " + path);
            registrar.send(node.socket("u"), requests.of("MESSAGE", call));
            client.peer().awaitRequest("MESSAGE", call);
        }

        assertThat(((TcpPeer) client.peer()).taken()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aRequestAlongThePathOfAClosedConnectionIsAnswered430(int lanes) {
        UdpPeer registrar = closing(UdpPeer.answering(IPV4, 200));
        TestNode node =
                bothProtocols(IPV4, "transport.lanes = " + lanes + "\nrelay-defaults.path = yes\n", uri(registrar));
        TcpPeer client = closing(new TcpPeer(IPV4));
        TcpPeer.Connection connection = client.connect(node.socket("t"));
        String registration = Requests.newCall();
        connection.send(Requests.tcp(client.address()).of("REGISTER", registration));
        String path = registrar.awaitRequest("REGISTER", registration).text("Path");
        connection.close();

        String call = Requests.newCall();
        Requests requests = Requests.udp(registrar.address()).with("Route: " + path);
        registrar.send(node.socket("u"), requests.of("MESSAGE", call));

        registrar.awaitResponse(430, "MESSAGE", call);
    }
}
