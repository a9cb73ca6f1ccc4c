package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.TcpPeer;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.sip.SipResponse;

/**
 * The end of a connection that a peer has opened to one lane, and that all lanes use, because it comes from the address of
 * a destination or is that of a client. The timers are longer than the tests wait.
 */
class OtherLanesConnectionTest {
    private static final String HOST = "127.0.0.1";
    private static final Duration LONGEST = Duration.ofSeconds(25);
    private static final String LARGE = "x".repeat(60_000);
    /** The connection is full, and so the rest of them wait, long before the last one. */
    private static final int TOO_MANY = 150;

    private static TestNode node(int lanes, String text, String... destinations) {
        InetSocketAddress at = Ports.freeAddress(HOST);
        String rule = "rules = [{ select { set = 1, alg = 8, flags = F }, relay { fr_timeout = 60s } }]\n";
        return TestNode.start(
                TestNode.sockets("u", TestNode.udp(at), "t", TestNode.tcp(at)) + rule + "transport.lanes = " + lanes
                        + "\ntransport.tcp.max-unsent = 64MiB\n" + text,
                destinations);
    }

    /** A connection from this address, which the node has taken: it answers a ping. */
    private static Socket connect(InetSocketAddress from, InetSocketAddress node) throws IOException {
        Socket socket = new Socket();
        socket.setReuseAddress(true);
        socket.setReceiveBufferSize(4_096);
        socket.setSoTimeout((int) LONGEST.toMillis());
        socket.bind(from);
        socket.connect(node);
        socket.getOutputStream().write("\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(socket.getInputStream().readNBytes(2)).containsExactly('\r', '\n');
        return socket;
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Enough calls that some of them belong to each lane. */
    private static List<String> calls(int count) {
        return IntStream.range(0, count).mapToObj(i -> Requests.newCall()).toList();
    }

    /** Reads until the requests of all calls have arrived. */
    private static void read(Socket socket, List<String> calls) throws IOException {
        StringBuilder all = new StringBuilder();
        byte[] bytes = new byte[8_192];
        while (!calls.stream().allMatch(call -> all.indexOf(call) >= 0)) {
            int count = socket.getInputStream().read(bytes);
            assertThat(count).isPositive();
            all.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
        }
    }

    /** The codes of all final responses that have arrived. */
    private static List<Integer> finals(UdpPeer caller) {
        return caller.received().stream()
                .filter(SipResponse.class::isInstance)
                .map(SipResponse.class::cast)
                .filter(response -> response.status() >= 200)
                .map(SipResponse::status)
                .toList();
    }

    private static void assertAllEndWith(int code, String method, UdpPeer caller, List<String> calls) {
        await().atMost(LONGEST).until(() -> caller.answered(method).size() == calls.size());
        assertThat(finals(caller)).containsOnly(code);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void callsThatWaitForAnAnswerOnItFailOver(int lanes) throws IOException {
        InetSocketAddress destination = Ports.freeAddress(HOST);
        List<String> calls = calls(12);
        try (UdpPeer second = UdpPeer.answering(HOST, 200);
                UdpPeer caller = new UdpPeer(HOST);
                TestNode node = node(
                        lanes,
                        "",
                        "sip:" + SipText.hostPort(destination) + ";transport=tcp",
                        "sip:" + SipText.hostPort(second.address()));
                Socket connection = connect(destination, node.socket("t"))) {
            calls.forEach(call ->
                    caller.send(node.socket("u"), Requests.udp(caller.address()).of("MESSAGE", call)));
            read(connection, calls);

            reset(connection);

            assertAllEndWith(200, "MESSAGE", caller, calls);
            assertThat(second.requests("MESSAGE")).hasSize(calls.size());
        }
    }

    /** Each call gets one final response, from the second destination. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void callsThatWaitToBeSentOnItFailOver(int lanes) throws IOException {
        InetSocketAddress destination = Ports.freeAddress(HOST);
        List<String> calls = new ArrayList<>();
        try (TcpPeer second = TcpPeer.answering(HOST, 200);
                UdpPeer caller = new UdpPeer(HOST);
                TestNode node = node(
                        lanes,
                        "",
                        "sip:" + SipText.hostPort(destination) + ";transport=tcp",
                        "sip:" + SipText.hostPort(second.address()) + ";transport=tcp");
                Socket connection = connect(destination, node.socket("t"))) {
            for (String call : calls(TOO_MANY)) {
                caller.send(
                        node.socket("u"),
                        Requests.udp(caller.address()).withBody(LARGE).of("INVITE", call));
                caller.awaitResponse(100, "INVITE", call);
                calls.add(call);
            }

            reset(connection);

            assertAllEndWith(200, "INVITE", caller, calls);
        }
    }

    /** Large requests return to UDP, which is answered. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void largeRequestsOnItReturnToUdp(int lanes) throws IOException {
        List<String> calls = calls(12);
        try (UdpPeer callee = UdpPeer.answering(Ports.freeAddress(HOST), 200);
                UdpPeer caller = new UdpPeer(HOST);
                TestNode node = node(lanes, "relay.udp-mtu = 1300", "sip:" + SipText.hostPort(callee.address()));
                Socket connection = connect(callee.address(), node.socket("t"))) {
            calls.forEach(call -> caller.send(
                    node.socket("u"),
                    Requests.udp(caller.address()).withBody("x".repeat(2_000)).of("MESSAGE", call)));
            read(connection, calls);

            reset(connection);

            assertAllEndWith(200, "MESSAGE", caller, calls);
        }
    }

    /**
     * The last calls certainly wait for the connection. They are sent again, as a caller does, because datagrams of this
     * size may be lost in a burst.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void largeStatelessRequestsThatWaitToBeSentOnItReturnToUdp(int lanes) throws IOException {
        List<String> calls = calls(TOO_MANY);
        try (UdpPeer callee = UdpPeer.answering(Ports.freeAddress(HOST), 200);
                UdpPeer caller = new UdpPeer(HOST);
                TestNode node = node(
                        lanes,
                        "relay.udp-mtu = 1300, relay-defaults.mode = stateless",
                        "sip:" + SipText.hostPort(callee.address()));
                Socket connection = connect(callee.address(), node.socket("t"))) {
            Requests large = Requests.udp(caller.address()).withBody(LARGE);
            List<String> messages =
                    calls.stream().map(call -> large.of("MESSAGE", call)).toList();
            for (int i = 0; i < messages.size(); i++) {
                caller.send(node.socket("u"), messages.get(i));
                int sent = i + 1;
                await().atMost(LONGEST).until(() -> node.count(LaneCounter.FORWARDED) == sent);
            }

            reset(connection);

            for (int i = messages.size() - 20; i < messages.size(); i++) {
                caller.send(node.socket("u"), messages.get(i));
                caller.awaitResponse(0, "MESSAGE", calls.get(i));
            }
            assertThat(finals(caller)).containsOnly(200);
        }
    }

    /** The registrar gets 430 for a client whose connection has ended (RFC 5626 section 5.3). */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void requestsToAClientEndWithIt(int lanes) throws IOException {
        List<String> calls = calls(12);
        try (UdpPeer registrar = UdpPeer.answering(HOST, 200);
                TestNode node =
                        node(lanes, "relay-defaults.path = yes", "sip:" + SipText.hostPort(registrar.address()));
                TcpPeer client = new TcpPeer(HOST)) {
            TcpPeer.Connection connection = client.connect(node.socket("t"));
            String registration = Requests.newCall();
            connection.send(Requests.tcp(client.address()).of("REGISTER", registration));
            String path = registrar.awaitRequest("REGISTER", registration).text("Path");
            calls.forEach(call -> registrar.send(
                    node.socket("u"),
                    Requests.udp(registrar.address()).with("Route: " + path).of("MESSAGE", call)));
            calls.forEach(call -> client.awaitRequest("MESSAGE", call));

            connection.reset();

            assertAllEndWith(430, "MESSAGE", registrar, calls);
        }
    }
}
