package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.NoDescriptors;
import org.sipdispatch.agents.Peer;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.TcpPeer;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.destination.Observation;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.transaction.SendFailure;

/** Messages that cannot be sent, over real sockets: the response to the sender, and the failures of destinations. */
@Timeout(60)
class SendFailuresTest extends TrafficFixture {
    /** Marks each failure of a destination. */
    private static final String MARKS = """
            rules = [{ select { set = 1, alg = 8, flags = F }, relay { mark = probing, failover = "408,5xx" } }]
            """;

    private TestNode node(String more, String... destinations) {
        InetSocketAddress at = Ports.freeAddress(HOST);
        return closing(
                TestNode.start(TestNode.sockets("u", TestNode.udp(at), "t", TestNode.tcp(at)) + more, destinations));
    }

    private static String uri(Peer peer) {
        return "sip:" + SipText.hostPort(peer.address()) + (peer instanceof TcpPeer ? ";transport=tcp" : "");
    }

    /** Sends over UDP, or over TCP on a new connection. */
    private Peer sends(TestNode node, boolean tcp, java.util.function.Function<Requests, String> message) {
        if (tcp) {
            TcpPeer caller = closing(new TcpPeer(HOST));
            caller.connect(node.socket("t")).send(message.apply(Requests.tcp(caller.address())));
            return caller;
        }
        UdpPeer caller = closing(new UdpPeer(HOST));
        caller.send(node.socket("u"), message.apply(Requests.udp(caller.address())));
        return caller;
    }

    /** The number of failures recorded for destinations, up to a request that one of them answers successfully. */
    private int failures(TestNode node) {
        String call = Requests.newCall();
        sends(node, false, requests -> requests.of("OPTIONS", call)).awaitResponse(200, "OPTIONS", call);
        await().until(() -> node.observations().stream().anyMatch(one -> one.succeeded() > 0));
        return node.observations().stream().mapToInt(Observation::failed).sum();
    }

    @Test
    void aRequestThatFitsIntoNoDatagramIsAnswered513AndBlamesNobody() {
        UdpPeer first = closing(UdpPeer.answering(HOST, 200));
        UdpPeer second = closing(UdpPeer.answering(HOST, 200));
        TestNode node = node(MARKS + "transport.tcp.max-message-size = 128KiB", uri(first), uri(second));
        String call = Requests.newCall();

        Peer caller = sends(
                node, true, requests -> requests.withBody("x".repeat(65_437)).of("MESSAGE", call));

        caller.awaitResponse(513, "MESSAGE", call);
        assertThat(failures(node)).isZero();
    }

    @Test
    void aRequestThatFitsIntoNoDatagramGoesToADestinationOnTcp() {
        UdpPeer first = closing(UdpPeer.answering(HOST, 200));
        TcpPeer second = closing(TcpPeer.answering(HOST, 200));
        TestNode node = node(MARKS + "transport.tcp.max-message-size = 128KiB", uri(first), uri(second));
        String call = Requests.newCall();

        Peer caller = sends(
                node, true, requests -> requests.withBody("x".repeat(65_437)).of("MESSAGE", call));

        caller.awaitResponse(200, "MESSAGE", call);
        assertThat(second.awaitRequest("MESSAGE", call)).isNotNull();
        assertThat(failures(node)).isZero();
    }

    @Test
    void aRequestThatIsLargerThanWhatMayWaitForAPeerIsAnswered513AndBlamesNobody() {
        TcpPeer callee = closing(TcpPeer.answering(HOST, 200));
        String limits = "transport.tcp { max-message-size = 256KiB, max-unsent = 64KiB }";
        TestNode node = node(MARKS + limits, uri(callee));
        String call = Requests.newCall();

        Peer caller = sends(
                node, true, requests -> requests.withBody("x".repeat(100_000)).of("MESSAGE", call));

        caller.awaitResponse(513, "MESSAGE", call);
        assertThat(failures(node)).isZero();
    }

    @Test
    void aNodeWithoutRoomForAConnectionAnswers503AndBlamesNobody() {
        TcpPeer first = closing(TcpPeer.answering(HOST, 200));
        TcpPeer second = closing(TcpPeer.answering(HOST, 200));
        String turns = """
                rules = [{ select { set = 1, alg = 4 }, relay { mark = probing } }]
                """;
        TestNode node = node(turns + "transport.tcp.max-outbound = 1", uri(first), uri(second));
        String taking = Requests.newCall();
        sends(node, false, requests -> requests.of("OPTIONS", taking)).awaitResponse(200, "OPTIONS", taking);
        String call = Requests.newCall();

        Peer caller = sends(node, false, requests -> requests.of("INVITE", call));

        SipResponse refusal = caller.awaitResponse(503, "INVITE", call);
        assertThat(refusal.toString()).contains("Retry-After: ");
        assertThat(node.traffic().count(SendFailure.NO_CONNECTION)).isOne();
        assertThat(node.traffic().count(Limit.MAX_OUTBOUND)).isOne();
        assertThat(failures(node)).isZero();
    }

    @Test
    void aNodeWithoutFileDescriptorsAnswers503AtOnceAndBlamesNobody() {
        TcpPeer callee = closing(TcpPeer.answering(HOST, 200));
        TestNode node = node(MARKS, uri(callee));
        UdpPeer caller = closing(new UdpPeer(HOST));
        Requests requests = Requests.udp(caller.address());
        String call = Requests.newCall();
        // Without file descriptors, classes can be loaded only from a jar that is open.
        assertThat(TcpConnectionActor.class.getDeclaredClasses()).isNotEmpty();
        assertThat(LocalBindOption.hasDescriptor()).isTrue();

        try (NoDescriptors none = NoDescriptors.take()) {
            assertThat(none).isNotNull();
            caller.send(node.socket("u"), requests.of("INVITE", call));

            caller.awaitResponse(503, "INVITE", call);
        }
        assertThat(node.traffic().count(SendFailure.NO_DESCRIPTOR)).isOne();
        assertThat(node.traffic().count(Limit.FILE_DESCRIPTORS)).isPositive();
        assertThat(failures(node)).isZero();
    }

    @ParameterizedTest(name = "caller by TCP: {0}")
    @ValueSource(booleans = {false, true})
    void aByeToAGatewayThatListensNoLongerIsAnsweredAtOnce(boolean tcp) {
        TcpPeer gateway = TcpPeer.answering(HOST, 200);
        TestNode node = node("", uri(gateway));
        String call = Requests.newCall();
        Peer caller = sends(node, tcp, requests -> requests.of("INVITE", call));
        SipResponse answer = caller.awaitResponse(200, "INVITE", call);
        gateway.close();

        Peer hangsUp = sends(node, tcp, requests -> requests.inDialog("BYE", answer));

        assertThat(hangsUp.awaitResponse(0, "BYE", call).status()).isEqualTo(500);
        assertThat(node.count(LaneCounter.TIMEOUTS)).isZero();
    }

    /** The connection exists when the BYE is written, and breaks after it. */
    @ParameterizedTest(name = "caller by TCP: {0}")
    @ValueSource(booleans = {false, true})
    void aByeIsAnsweredToWhoseConnectionBreaksBehindIt(boolean tcp) {
        TcpPeer gateway = closing(new TcpPeer(new InetSocketAddress(HOST, 0), (connection, request) -> {
            if (request.isMethod("BYE")) {
                connection.close();
            } else {
                String contact = "Contact: <sip:callee@" + SipText.hostPort(connection.local()) + ";transport=tcp>";
                connection.send(SipText.response(request, 200, "callee", contact));
            }
        }));
        TestNode node = node("", uri(gateway));
        String call = Requests.newCall();
        Peer caller = sends(node, tcp, requests -> requests.of("INVITE", call));
        SipResponse answer = caller.awaitResponse(200, "INVITE", call);

        Peer hangsUp = sends(node, tcp, requests -> requests.inDialog("BYE", answer));

        assertThat(hangsUp.awaitResponse(0, "BYE", call).status()).isEqualTo(500);
    }

    @ParameterizedTest(name = "caller by TCP: {0}")
    @ValueSource(booleans = {false, true})
    void aStatelessRequestIsAnsweredWhenItsConnectionIsRefusedLater(boolean tcp) {
        InetSocketAddress nobody = Ports.freeAddress(HOST);
        String stateless = "rules = [{ select { set = 1 }, relay { mode = stateless } }]";
        TestNode node = node(stateless, "sip:" + SipText.hostPort(nobody) + ";transport=tcp");
        String call = Requests.newCall();

        Peer caller = sends(node, tcp, requests -> requests.of("INVITE", call));

        assertThat(caller.awaitResponse(0, "INVITE", call).status()).isEqualTo(500);
    }

    @ParameterizedTest(name = "stateless: {0}")
    @CsvSource({"false", "true"})
    void answersGoToTheNewestConnectionThatCarriedTheRequest(boolean stateless) {
        UdpPeer callee = closing(new UdpPeer(HOST));
        String mode = stateless ? "rules = [{ select { set = 1 }, relay { mode = stateless } }]" : "";
        TestNode node = node(mode, uri(callee));
        TcpPeer caller = closing(new TcpPeer(HOST));
        // The address in the Via is unreachable.
        String invite = Requests.tcp(Ports.freeAddress(HOST)).of("INVITE", Requests.newCall());
        TcpPeer.Connection dropped = caller.connect(node.socket("t"));
        dropped.send(invite);
        String call = SipText.callId((SipRequest) SipText.parsed(SipText.bytes(invite), invite.length()));
        SipRequest received = callee.awaitRequest("INVITE", call);
        if (!stateless) {
            // A connection that closes does not read it any more.
            caller.awaitResponse(100, "INVITE", call);
        }

        dropped.close();
        TcpPeer.Connection newest = caller.connect(node.socket("t"));
        newest.send(invite);
        awaitRepetition(caller, callee, stateless, call);
        callee.send(node.socket("u"), SipText.response(received, 180, "callee"));
        callee.send(node.socket("u"), SipText.response(received, 200, "callee"));

        caller.awaitResponse(180, "INVITE", call);
        caller.awaitResponse(200, "INVITE", call);
    }

    @ParameterizedTest(name = "stateless: {0}, reset: {1}")
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void answersGoToAnOlderConnectionIfTheNewestIsClosed(boolean stateless, boolean reset) {
        UdpPeer callee = closing(new UdpPeer(HOST));
        String mode = stateless ? "rules = [{ select { set = 1 }, relay { mode = stateless } }]" : "";
        TestNode node = node(mode, uri(callee));
        TcpPeer caller = closing(new TcpPeer(HOST));
        String invite = Requests.tcp(Ports.freeAddress(HOST)).of("INVITE", Requests.newCall());
        caller.connect(node.socket("t")).send(invite);
        String call = SipText.callId((SipRequest) SipText.parsed(SipText.bytes(invite), invite.length()));
        SipRequest received = callee.awaitRequest("INVITE", call);
        TcpPeer.Connection newest = caller.connect(node.socket("t"));
        newest.send(invite);
        awaitRepetition(caller, callee, stateless, call);

        if (reset) {
            newest.reset();
        } else {
            newest.close();
        }

        // The callee retransmits its 200: the node may write the first one before it learns that the connection closed.
        await().until(() -> {
            callee.send(node.socket("u"), SipText.response(received, 200, "callee"));
            return caller.received().stream()
                    .anyMatch(one -> one instanceof SipResponse response && response.status() == 200);
        });
    }

    /** Waits until the node has received the request again: it sends 100 again, or forwards the request again. */
    private static void awaitRepetition(Peer caller, UdpPeer callee, boolean stateless, String call) {
        if (stateless) {
            await().until(() -> callee.received().size() == 2);
        } else {
            await().until(() -> caller.received().stream()
                            .filter(one -> one instanceof SipResponse response && response.status() == 100)
                            .count()
                    == 2);
        }
    }

    @Test
    void aLargeRequestGoesOverTcpToADestinationThatListensThere() {
        UdpPeer callee = closing(UdpPeer.answering(Ports.freeAddress(HOST), 200));
        TcpPeer sameOverTcp = closing(TcpPeer.answering(callee.address(), 200));
        TestNode node = node(MARKS + "relay.udp-mtu = 1300", uri(callee));
        String large = Requests.newCall();
        String small = Requests.newCall();

        Peer caller = sends(
                node, false, requests -> requests.withBody("x".repeat(2_000)).of("MESSAGE", large));
        caller.awaitResponse(200, "MESSAGE", large);
        sends(node, false, requests -> requests.of("MESSAGE", small)).awaitResponse(200, "MESSAGE", small);

        assertThat(sameOverTcp.awaitRequest("MESSAGE", large).text(HeaderName.VIA))
                .startsWith("SIP/2.0/TCP ");
        assertThat(callee.awaitRequest("MESSAGE", small).text(HeaderName.VIA)).startsWith("SIP/2.0/UDP ");
        assertThat(sameOverTcp.requests("MESSAGE")).hasSize(1);
        assertThat(callee.requests("MESSAGE")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateful", "stateless"})
    void aLargeRequestGoesOverUdpToADestinationThatRefusesTcp(String mode) {
        UdpPeer callee = closing(UdpPeer.answering(Ports.freeAddress(HOST), 200));
        String settings = "relay.udp-mtu = 1300, relay-defaults.mode = " + mode + "\n"
                + "rules = [{ select { set = 1, alg = 8, flags = F } }]";
        TestNode node = node(settings, uri(callee));
        String call = Requests.newCall();

        Peer caller = sends(
                node, false, requests -> requests.withBody("x".repeat(2_000)).of("MESSAGE", call));

        caller.awaitResponse(200, "MESSAGE", call);
        assertThat(callee.awaitRequest("MESSAGE", call).text(HeaderName.VIA)).startsWith("SIP/2.0/UDP ");
        assertThat(node.observations()).noneMatch(one -> one.failed() > 0);
    }

    @Test
    void aStatelessCallReturnsToUdpWithItsRetransmissionAndCancelIfTcpGetsNoAnswer() throws IOException {
        UdpPeer callee = closing(UdpPeer.answering(Ports.freeAddress(HOST), 200));
        takesNoConnection(callee.address());
        TestNode node = node(
                "relay.udp-mtu = 1300, relay-defaults.mode = stateless, transport.tcp.connect-timeout = 1s\n"
                        + "rules = [{ select { set = 1, alg = 8, flags = F } }]",
                uri(callee));
        UdpPeer caller = closing(new UdpPeer(HOST));
        String call = Requests.newCall();
        Requests large = Requests.udp(caller.address()).withBody("x".repeat(2_000));

        for (int copies = 1; copies <= 2; copies++) {
            int forwarded = copies;
            caller.send(node.socket("u"), large.of("INVITE", call));
            await().until(() -> node.count(LaneCounter.FORWARDED) == forwarded);
        }
        caller.send(node.socket("u"), Requests.udp(caller.address()).of("CANCEL", call));

        caller.awaitResponse(200, "CANCEL", call);
        assertThat(callee.received())
                .map(one -> one.text(HeaderName.CSEQ))
                .containsExactly("1 INVITE", "1 INVITE", "1 CANCEL");
        assertThat(caller.received()).allMatch(one -> one instanceof SipResponse response && response.status() == 200);
    }

    /** Listens with a full queue: the system drops the SYN of any further connection. */
    private void takesNoConnection(InetSocketAddress address) throws IOException {
        closing(new ServerSocket(address.getPort(), 1, address.getAddress()));
        List<SocketChannel> queue = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            SocketChannel one = closing(SocketChannel.open());
            one.configureBlocking(false);
            one.connect(address);
            queue.add(one);
        }
        await().until(() -> queue.get(0).finishConnect() && queue.get(1).finishConnect());
    }

    /** Another program may listen at the port that the client's connection had. */
    @Test
    void aCallAlongThePathOfAClosedConnectionIsAnswered430AndOpensNone() {
        UdpPeer registrar = closing(UdpPeer.answering(Ports.freeAddress(HOST), 200));
        String rules = "rules = [{ select { set = 1, alg = 8, flags = F }, relay { path = yes } }]";
        TestNode node = node(rules, uri(registrar));
        TcpPeer client = closing(new TcpPeer(HOST));
        String register = Requests.newCall();
        // The system gives none of these ports to another program.
        InetSocketAddress port = Ports.freeAddress(HOST);
        TcpPeer.Connection connection = client.connect(port, node.socket("t"));
        connection.send(Requests.tcp(client.address()).of("REGISTER", register));
        client.awaitResponse(200, "REGISTER", register);
        String path = registrar
                .awaitRequest("REGISTER", register)
                .toString()
                .lines()
                .filter(line -> line.startsWith("Path:"))
                .findFirst()
                .orElseThrow();
        // A reset leaves the port free at once.
        connection.reset();
        TcpPeer other =
                closing(await().ignoreExceptions().until(() -> TcpPeer.answering(port, 200), peer -> peer != null));

        await().untilAsserted(() -> {
            String call = Requests.newCall();
            sends(
                            node,
                            false,
                            requests ->
                                    requests.with(path.replace("Path", "Route")).of("MESSAGE", call))
                    .awaitResponse(430, "MESSAGE", call);
        });
        assertThat(other.taken()).isEmpty();
    }
}
