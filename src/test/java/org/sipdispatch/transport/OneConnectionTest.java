package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.transaction.SendFailure;

/** What belongs to the connection of one client never reaches the connection of another one at the same address. */
@Timeout(120)
class OneConnectionTest extends TrafficFixture {
    private static final String HANDSHAKE = """
            GET / HTTP/1.1
            Host: a
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Protocol: sip

            """.replace("\n", "\r\n");
    private static final String SAME_CLIENT = "PROXY TCP4 203.0.113.7 192.0.2.1 40000 5060\r\n";

    private final InetSocketAddress wsSocket = Ports.freeAddress(HOST);
    private final UdpPeer callee = closing(new UdpPeer(HOST));

    private TestNode start() {
        return closing(TestNode.start(
                """
                sockets { u = "%s", w { listen = "ws:%s", proxy_protocol { from = "127.0.0.1/32" } } }
                relay.secret = "the same secret of all nodes"
                transport.tcp.max-unsent = 64MiB
                rules = [
                  { when { method = REGISTER }, select { set = 1, alg = 8 }, relay { path = if-supported } }
                  { select { set = 1, alg = 8 } }
                ]
                """.formatted(TestNode.udp(udpSocket), SipText.hostPort(wsSocket)),
                "sip:" + SipText.hostPort(callee.address())));
    }

    /** A client of a load balancer, always with the same address. */
    private Socket client() throws IOException {
        Socket client = closing(new Socket());
        client.setReceiveBufferSize(4_096);
        client.connect(wsSocket);
        client.getOutputStream().write((SAME_CLIENT + HANDSHAKE).getBytes(StandardCharsets.ISO_8859_1));
        assertThat(read(client)).startsWith("HTTP/1.1 101");
        return client;
    }

    private static void send(Socket client, String text) throws IOException {
        byte[] payload = text.getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0x81);
        frame.write(0x80 | 126);
        frame.write(payload.length >> 8);
        frame.write(payload.length);
        frame.writeBytes(new byte[4]);
        frame.writeBytes(payload);
        client.getOutputStream().write(frame.toByteArray());
    }

    private static String read(Socket client) throws IOException {
        byte[] bytes = new byte[8192];
        int length = client.getInputStream().read(bytes);
        return length < 0 ? "" : new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    private SipRequest received(Socket from, String method, String call) throws IOException {
        return received(from, "d3f5a1.invalid", method, call);
    }

    private SipRequest received(Socket from, String sentBy, String method, String call) throws IOException {
        send(from, Requests.webSocket("WS", sentBy).with("Supported: path").of(method, call));
        return callee.awaitRequest(method, call);
    }

    private String path(Socket client) throws IOException {
        String call = Requests.newCall();
        SipRequest register = received(client, "REGISTER", call);
        callee.send(udpSocket, SipText.response(register, 200, "registrar"));
        assertThat(read(client)).contains("SIP/2.0 200");
        return new String(register.bytes(), StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> line.startsWith("Path: "))
                .findFirst()
                .orElseThrow()
                .substring("Path: ".length());
    }

    /** Sends a MESSAGE along a Path; returns its Call-ID. */
    private String follows(String path, UdpPeer sender) {
        String call = Requests.newCall();
        sender.send(
                udpSocket,
                Requests.udp(sender.address())
                        .with("Route: " + path)
                        .of("MESSAGE", call)
                        .replace("sip:callee@example.com SIP", "sip:alice@d3f5a1.invalid;transport=ws SIP"));
        return call;
    }

    @Test
    void aRequestAlongAPathReachesOnlyTheConnectionOfItsRegister() throws Exception {
        start();
        Socket alice = client();
        String path = path(alice);
        Socket other = client();
        UdpPeer sender = closing(new UdpPeer(HOST));

        follows(path, sender);
        assertThat(read(alice)).contains("MESSAGE sip:alice@d3f5a1.invalid");
        alice.close();
        Awaitility.await().until(() -> {
            String call = follows(path, sender);
            return sender.awaitResponse(0, "MESSAGE", call).status() == 430;
        });

        assertHasReceivedNothing(other);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theEndOfAConnectionIsNoFailureOfARequestOnTheOther(boolean isFirst) throws Exception {
        start();
        Socket one = client();
        String ofOne = path(one);
        Socket two = client();
        String ofTwo = path(two);
        UdpPeer sender = closing(new UdpPeer(HOST));
        Socket stays = isFirst ? one : two;
        String call = follows(isFirst ? ofOne : ofTwo, sender);
        String request = read(stays);

        (isFirst ? two : one).close();
        Awaitility.await()
                .until(() -> sender.awaitResponse(0, "MESSAGE", follows(isFirst ? ofTwo : ofOne, sender))
                                .status()
                        == 430);
        byte[] bytes = request.substring(request.indexOf("MESSAGE")).getBytes(StandardCharsets.ISO_8859_1);
        send(stays, SipText.response((SipRequest) SipText.parsed(bytes, bytes.length), 200, "alice"));

        assertThat(sender.awaitResponse(0, "MESSAGE", call).status()).isEqualTo(200);
    }

    /** The first message that arrives there is the answer to a request of its own, which the node refuses. */
    private static void assertHasReceivedNothing(Socket client) throws IOException {
        send(
                client,
                Requests.webSocket("WS", "d3f5a1.invalid")
                        .of("BYE", "unknown-dialog")
                        .replaceFirst("Max-Forwards: \\d+", "Max-Forwards: 0"));
        assertThat(read(client)).contains("CSeq: ").contains("unknown-dialog");
    }

    @Test
    void aResponseAfterARestartReachesNoOtherClient() throws Exception {
        TestNode first = start();
        Socket alice = client();
        SipRequest invite = received(alice, "INVITE", Requests.newCall());
        first.close();
        start();
        Socket other = client();

        callee.send(udpSocket, SipText.response(invite, 200, "callee", "Contact: <sip:callee@127.0.0.1>"));

        assertHasReceivedNothing(other);
    }

    /** They are more than the connection takes while its client does not read. The Via has the port of the address. */
    @Test
    void responsesThatWaitForAConnectionThatEndsReachNoOtherClient() throws Exception {
        TestNode node = start();
        Socket alice = client();
        SipRequest invite = received(alice, "d3f5a1.invalid:40000", "INVITE", Requests.newCall());
        Socket other = client();
        String large = SipText.response(invite, 183, "callee")
                .replace("Content-Length: 0\r\n\r\n", "Content-Length: 60000\r\n\r\n" + "x".repeat(60_000));
        for (int i = 1; i <= 150; i++) {
            callee.send(udpSocket, large);
            int sent = i;
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> node.count(LaneCounter.RESPONSES) == sent);
        }

        alice.setSoLinger(true, 0);
        alice.close();
        Awaitility.await().until(() -> node.traffic().count(SendFailure.FLOW_FAILED) > 0);

        assertHasReceivedNothing(other);
    }
}
