package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.AnsweringAgent;
import org.sipdispatch.agents.CallingAgent;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.TcpPeer;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.sip.SipRequest;

/** Hostile input during calls: no call fails, and the node still responds. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class HostileInputTest {
    private static final String HOST = "127.0.0.1";

    private final UdpPeer stranger = new UdpPeer(HOST);
    private final TcpPeer tcpStranger = new TcpPeer(HOST);
    private final InetSocketAddress at = Ports.freeAddress(HOST);
    private AnsweringAgent callee;
    private TestNode node;
    private CallingAgent caller;

    @BeforeAll
    void startCalls() {
        callee = AnsweringAgent.start(HOST, "callee");
        String rules = """
                rules = [
                  { when { header { X-Hostile = "." } }, select { set = 1, alg = 8, flags = F } }
                  { select { set = 2, alg = 8, flags = F } }
                ]
                relay.preloaded-route = follow
                transport.tcp.message-timeout = 3s
                """;
        node = TestNode.start(TestNode.sockets("u", TestNode.udp(at), "t", TestNode.tcp(at)) + rules);
        usable();
        caller = CallingAgent.start(HOST, at, 100);
    }

    private void usable(String... hostileDestinations) {
        node.replaceAll(List.of(
                TestNode.set(hostileDestinations), TestNode.set(2, "sip:" + SipText.hostPort(callee.address()))));
    }

    @AfterEach
    void theNodeStillAnswersAndNoCallHasFailed() {
        String call = Requests.newCall();
        stranger.send(at, Requests.udp(stranger.address()).of("OPTIONS", call));
        stranger.awaitResponse(200, "OPTIONS", call);
        String tcpCall = Requests.newCall();
        TcpPeer.Connection connection = tcpStranger.connect(at);
        connection.send(Requests.tcp(tcpStranger.address()).of("OPTIONS", tcpCall));
        tcpStranger.awaitResponse(200, "OPTIONS", tcpCall);
        connection.close();

        int placed = caller.placed();
        await().atMost(20, TimeUnit.SECONDS).until(() -> caller.completed() > placed);
        assertThat(caller.failures()).isEmpty();
        assertThat(node.count(LaneCounter.FAULTS)).isZero();
    }

    @AfterAll
    void allCallsHaveSucceeded() throws Exception {
        caller.finish();
        assertThat(caller.failures()).isEmpty();
        assertThat(caller.completed()).isEqualTo(caller.placed()).isPositive();
        caller.close();
        node.close();
        callee.close();
        stranger.close();
        tcpStranger.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:0",
                "255.255.255.255:5060",
                "127.255.255.255:5060",
                "240.0.0.1:5060",
                "0.0.0.0:5060",
                "224.0.0.1:5060",
                "[::]:5060",
                "[::1]:5060",
                "[::ffff:240.0.0.1]:5060",
                "[ff02::1]:5060",
                "[fe80::1]:5060",
                "nobody.invalid:5060",
                "OWN"
            })
    void anAddressThatNobodyMaySendTo(String text) {
        String hostPort = text.equals("OWN") ? SipText.hostPort(at) : text;
        for (String method : List.of("INVITE", "OPTIONS", "BYE", "MESSAGE")) {
            String call = Requests.newCall();
            String request = Requests.udp(stranger.address()).withoutRport().of(method, call);
            String own = SipText.hostPort(stranger.address());
            stranger.send(at, request.replace("UDP " + own, "UDP " + hostPort));
            stranger.send(at, request.replace("UDP " + own, "UDP " + hostPort + ";rport;received=" + hostPort));
            for (String transport : List.of("", ";transport=tcp")) {
                String uri = "sip:" + hostPort + transport;
                sendWith(method, "Route: <" + uri + ";lr>");
                sendWith(method, "Route: <" + uri + ">");
                sendWith(method, "Route: <sip:" + SipText.hostPort(at) + ";lr>", "Route: <" + uri + ";lr>");
                sendWith(method, "Record-Route: <" + uri + ";lr>");
                sendWith(method, "Contact: <" + uri + ">");
            }
        }
        forgedResponses(hostPort);
        usable("sip:" + hostPort, "sip:" + hostPort + ";transport=tcp");
        for (int i = 0; i < 10; i++) {
            sendWith("INVITE", "X-Hostile: yes");
            sendWith("OPTIONS", "X-Hostile: yes");
        }
    }

    private void sendWith(String method, String... lines) {
        stranger.send(at, Requests.udp(stranger.address()).with(lines).of(method, Requests.newCall()));
    }

    private void forgedResponses(String hostPort) {
        String call = Requests.newCall();
        for (int code : new int[] {100, 180, 200, 302, 500, 699}) {
            for (String branch : List.of("z9hG4bK", "z9hG4bKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "x")) {
                stranger.send(
                        at,
                        "SIP/2.0 " + code + " Forged\r\nVia: SIP/2.0/UDP " + SipText.hostPort(at) + ";branch=" + branch
                                + "\r\nVia: SIP/2.0/UDP " + hostPort + ";branch=z9hG4bKb\r\n"
                                + "From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: " + call
                                + "\r\nCSeq: 1 INVITE\r\nContact: <sip:" + hostPort + ">\r\n\r\n");
            }
        }
    }

    @Test
    void aForwardedRequestWhoseSecondViaIsAnsweredToNowhere() {
        UdpPeer accomplice = new UdpPeer(HOST);
        usable("sip:" + SipText.hostPort(accomplice.address()));
        for (String hostPort : List.of("127.0.0.1:0", "255.255.255.255", "240.0.0.1", "0.0.0.0", "[::1]:9")) {
            String call = Requests.newCall();
            String request =
                    Requests.udp(stranger.address()).with("X-Hostile: yes").of("INVITE", call);
            stranger.send(at, request);
            SipRequest forwarded = accomplice.awaitRequest("INVITE", call);
            String answer = SipText.response(forwarded, 200, "x");
            accomplice.send(at, answer.replace(SipText.hostPort(stranger.address()), hostPort));
            accomplice.send(at, answer.replace("received=127.0.0.1", "received=" + hostPort));
            accomplice.send(at, answer);
            stranger.awaitResponse(200, "INVITE", call);
        }
        accomplice.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 4, 100, 1_473, 65_507})
    void datagramsOfAnySize(int size) {
        for (byte filling : new byte[] {0, '\r', '\n', 'A', ' ', (byte) 0xff}) {
            byte[] datagram = new byte[size];
            java.util.Arrays.fill(datagram, filling);
            stranger.send(at, datagram);
        }
        byte[] head = SipText.bytes(Requests.udp(stranger.address()).of("INVITE", Requests.newCall()));
        stranger.send(at, java.util.Arrays.copyOf(head, Math.max(size, 10)));
    }

    @Test
    void aRequestTooLargeForUdpIsAnswered() {
        UdpPeer accomplice = new UdpPeer(HOST);
        usable("sip:" + SipText.hostPort(accomplice.address()));
        TcpPeer.Connection connection = tcpStranger.connect(at);
        String call = Requests.newCall();
        Requests requests = Requests.tcp(tcpStranger.address()).with("X-Hostile: yes");
        int head = requests.withBody("x".repeat(60_000)).of("MESSAGE", call).length() - 60_000;
        requests.withBody("x".repeat(65_536 - head));

        connection.send(requests.of("MESSAGE", call));

        assertThat(tcpStranger.awaitResponse(0, "MESSAGE", call).status()).isGreaterThanOrEqualTo(500);
        connection.close();
        accomplice.close();
    }

    @Test
    void aMessageTooLargeForTcpIsAnsweredAndTheConnectionClosed() {
        TcpPeer.Connection connection = tcpStranger.connect(at);
        String call = Requests.newCall();

        connection.send(
                Requests.tcp(tcpStranger.address()).withBody("x".repeat(70_000)).of("MESSAGE", call));

        tcpStranger.awaitResponse(513, "MESSAGE", call);
        await().until(connection::isEnded);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "x", "", "1\r\nContent-Length: 2"})
    void aLengthThatMakesNoSenseIsAnsweredAndTheConnectionClosed(String length) {
        TcpPeer.Connection connection = tcpStranger.connect(at);
        String call = Requests.newCall();
        String request = Requests.tcp(tcpStranger.address()).of("MESSAGE", call);

        connection.send(request.replace("Content-Length: 0", "Content-Length: " + length) + "tail");

        tcpStranger.awaitResponse(400, "MESSAGE", call);
        await().until(connection::isEnded);
    }

    @Test
    void streamsWithoutEndAreClosed() {
        String head = Requests.tcp(tcpStranger.address()).of("MESSAGE", Requests.newCall());
        List<TcpPeer.Connection> connections = new ArrayList<>();
        for (String endless : List.of(
                head.replace("Content-Length: 0\r\n\r\n", "X-More: and more\r\n".repeat(5_000)),
                head.replace("Content-Length: 0\r\n", "") + "x".repeat(70_000),
                "\0".repeat(70_000),
                "garbage ".repeat(10_000))) {
            TcpPeer.Connection connection = tcpStranger.connect(at);
            connections.add(connection);
            trySend(connection, SipText.bytes(endless));
        }

        await().atMost(20, TimeUnit.SECONDS).until(() -> connections.stream().allMatch(TcpPeer.Connection::isEnded));
    }

    private static void trySend(TcpPeer.Connection connection, byte[] bytes) {
        try {
            connection.send(bytes);
        } catch (UncheckedIOException closedAlready) {
            // The node may close the connection.
        }
    }

    @Test
    void halfAMessageAndThenNothingMore() {
        String request = Requests.tcp(tcpStranger.address()).of("INVITE", Requests.newCall());
        TcpPeer.Connection waits = tcpStranger.connect(at);
        waits.send(request.substring(0, request.length() / 2));
        for (int i = 1; i < 20; i++) {
            TcpPeer.Connection closes = tcpStranger.connect(at);
            closes.send(request.substring(0, request.length() * i / 20));
            closes.close();
        }

        await().atMost(20, TimeUnit.SECONDS).until(waits::isEnded);
    }

    @Test
    void aThousandConnectionsThatSayNothing() throws IOException {
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            silent.add(new Socket(at.getAddress(), at.getPort()));
        }
        String call = Requests.newCall();
        TcpPeer.Connection connection = tcpStranger.connect(at);
        connection.send(Requests.tcp(tcpStranger.address()).of("OPTIONS", call));
        tcpStranger.awaitResponse(200, "OPTIONS", call);
        for (Socket one : silent) {
            one.close();
        }
        connection.close();
    }

    @Test
    void aStormOfConnectionsThatAreReset() throws IOException {
        byte[] request = SipText.bytes(Requests.tcp(tcpStranger.address()).of("OPTIONS", Requests.newCall()));
        for (int i = 0; i < 1_000; i++) {
            try (Socket one = new Socket(at.getAddress(), at.getPort())) {
                one.setOption(StandardSocketOptions.SO_LINGER, 0);
                if (i % 2 == 0) {
                    one.getOutputStream().write(request, 0, i % request.length);
                }
            }
        }
    }

    @Test
    void thousandsOfDestinationsThatCannotBeSentTo() {
        String[] dead = new String[5_000];
        java.util.Arrays.fill(dead, "sip:240.0.0.1");
        usable(dead);
        String call = Requests.newCall();

        stranger.send(
                at, Requests.udp(stranger.address()).with("X-Hostile: yes").of("INVITE", call));

        assertThat(stranger.awaitResponse(0, "INVITE", call).status()).isEqualTo(500);
    }
}
