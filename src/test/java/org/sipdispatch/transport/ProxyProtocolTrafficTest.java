package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.Haproxy;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.TcpPeer;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.ProxyHeaderFailure;
import org.sipdispatch.observation.TlsFailure;
import org.sipdispatch.observation.TlsHandshakes.Side;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipMessage;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.websocket.WebSocketFailure;

/** Sockets behind a proxy at 127.0.0.1: connections from there begin with the header, others come from 127.0.0.2. */
@Timeout(120)
class ProxyProtocolTrafficTest extends TlsFixture {
    private static final InetSocketAddress CLIENT = new InetSocketAddress("203.0.113.7", 40000);
    private static final byte[] LINE = bytes("PROXY TCP4 203.0.113.7 192.0.2.1 40000 5060\r\n");
    private static final byte[] BINARY =
            HexFormat.of().parseHex("0d0a0d0a000d0a515549540a2111000ccb007107c00002019c4013c4");
    private static final InetSocketAddress CLIENT6 = new InetSocketAddress("2001:db8::7", 40000);
    private static final byte[] LINE6 = bytes("PROXY TCP6 2001:db8::7 2001:db8::1 40000 5060\r\n");
    private static final byte[] BINARY6 = HexFormat.of()
            .parseHex("0d0a0d0a000d0a515549540a21210024"
                    + "20010db800000000000000000000000720010db80000000000000000000000019c4013c4");
    /** The sockets have IPv4 addresses, as behind a load balancer with addresses of both versions. */
    private static final String CLIENTS_OF_BOTH_VERSIONS =
            "rules = [{ when { source = \"2001:db8::7\" }, select { set = 1, alg = 8 }, relay {} },"
                    + " { reply { code = 403 } }]";

    private static final byte[] LOCAL = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a20000000");
    private static final byte[] UNKNOWN = bytes("PROXY UNKNOWN\r\n");

    private final InetSocketAddress tcpSocket = Ports.freeAddress(HOST);
    private final InetSocketAddress wsSocket = Ports.freeAddress(HOST);
    private final InetSocketAddress wssSocket = Ports.freeAddress(HOST);
    private final UdpPeer callee = closing(UdpPeer.answering(HOST, 200));
    private final TcpPeer caller = closing(TcpPeer.answering(HOST, 200));

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A node that relays what comes from the client's address only. */
    private void start(String settings) {
        String behind = ", proxy_protocol { from = \"127.0.0.1/32, 2001:db8::/32\" } }\n";
        node = closing(TestNode.start(
                "sockets {\nu = \"" + TestNode.udp(udpSocket) + "\"\n"
                        + "t { listen = \"" + TestNode.tcp(tcpSocket) + "\"" + behind
                        + "s { listen = \"tls:" + SipText.hostPort(tlsSocket) + "\"" + behind
                        + "w { listen = \"ws:" + SipText.hostPort(wsSocket) + "\"" + behind
                        + "ws { listen = \"wss:" + SipText.hostPort(wssSocket) + "\"" + behind + "}\n"
                        + "tls.server_domains.default { " + pair("node") + " }\n"
                        + "rules = [{ when { source = \"203.0.113.7\" }, select { set = 1, alg = 8 }, relay {} },"
                        + " { reply { code = 403 } }]\n" + settings,
                "sip:" + SipText.hostPort(callee.address())));
    }

    private static SSLSocketFactory tls() {
        return certificates.client("ca", "").getSocketFactory();
    }

    private TcpPeer.Connection connect(boolean tls, byte[] header) {
        return caller.connect(tls ? tlsSocket : tcpSocket, header, tls ? tls() : null);
    }

    private long failures(ProxyHeaderFailure why) {
        return node.traffic().handshakes().proxyHeaders().failures(why);
    }

    private long allFailures() {
        long sum = 0;
        for (ProxyHeaderFailure why : ProxyHeaderFailure.values()) {
            sum += failures(why);
        }
        return sum;
    }

    @ParameterizedTest(name = "TLS: {0}, version 2: {1}")
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void aCallHasTheAddressOfItsClientAndStaysOnItsConnection(boolean tls, boolean isBinary) {
        start("");
        assertCallStaysOnTheConnection(connect(tls, isBinary ? BINARY : LINE), tls, CLIENT, "203.0.113.7");
    }

    @ParameterizedTest(name = "TLS: {0}, version 2: {1}")
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void aCallOfAClientWithAnotherIpVersionThanTheSocketStaysOnItsConnection(boolean tls, boolean isBinary) {
        start(CLIENTS_OF_BOTH_VERSIONS);
        assertCallStaysOnTheConnection(connect(tls, isBinary ? BINARY6 : LINE6), tls, CLIENT6, "2001:db8::7");
    }

    /** It listens on an IPv6 address and connects to the IPv4 socket. */
    @ParameterizedTest
    @ValueSource(strings = {"send-proxy", "send-proxy-v2"})
    void aCallOverIpv6ThroughHaproxyStaysOnItsConnection(String options) {
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/haproxy")), "no haproxy here");
        start(CLIENTS_OF_BOTH_VERSIONS.replace("2001:db8::7", "::1"));
        Haproxy proxy = closing(Haproxy.before(tcpSocket, HOST, options, "::1"));
        TcpPeer.Connection connection = caller.connect(proxy.address());

        assertCallStaysOnTheConnection(connection, false, connection.local(), "::1");
    }

    /** The caller begins the call, and the callee hangs up. */
    private void assertCallStaysOnTheConnection(
            TcpPeer.Connection connection, boolean tls, InetSocketAddress client, String received) {
        Requests requests = tls ? Requests.tls(client) : Requests.tcp(client);
        String call = Requests.newCall();

        connection.send(requests.of("INVITE", call));
        SipResponse answer = caller.awaitResponse(200, "INVITE", call);
        connection.send(requests.inDialog("ACK", answer));
        SipRequest invite = callee.awaitRequest("INVITE", call);
        callee.awaitRequest("ACK", call);

        assertThat(SipText.values(invite, HeaderName.VIA).get(1))
                .contains(";received=" + received, ";rport=" + client.getPort());
        callee.send(udpSocket, bye(invite, answer));
        assertThat(caller.awaitRequest("BYE", call)).isNotNull();
        assertThat(callee.awaitResponse(200, "BYE", call)).isNotNull();
        assertThat(caller.taken()).isEmpty();
        assertThat(node.traffic().handshakes().proxyHeaders().acceptedCount(true))
                .isOne();
        assertThat(allFailures()).isZero();
    }

    /** The callee hangs up. */
    private String bye(SipRequest invite, SipResponse answer) {
        StringBuilder routes = new StringBuilder();
        SipText.values(invite, HeaderName.RECORD_ROUTE)
                .forEach(value -> routes.append("Route: ").append(value).append("\r\n"));
        return "BYE " + invite.text(HeaderName.CONTACT).replaceAll("[<>]", "") + " SIP/2.0\r\nVia: SIP/2.0/UDP "
                + SipText.hostPort(callee.address()) + ";branch=z9hG4bKbye\r\n" + routes + "From: "
                + answer.text(HeaderName.TO) + "\r\nTo: " + answer.text(HeaderName.FROM) + "\r\nCall-ID: "
                + SipText.callId(invite) + "\r\nCSeq: 7 BYE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
    }

    @ParameterizedTest(name = "TLS: {0}, version 2: {1}")
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void aClientOverWebSocketHasItsOwnAddressAndGetsAllOnItsConnection(boolean tls, boolean isBinary)
            throws IOException {
        start("");
        assertAllComesOverTheWebSocket(webSocket(tls, isBinary ? BINARY : LINE), tls, "203.0.113.7");
    }

    @ParameterizedTest(name = "TLS: {0}, version 2: {1}")
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void aClientOverWebSocketWithAnotherIpVersionGetsAllOnItsConnection(boolean tls, boolean isBinary)
            throws IOException {
        start(CLIENTS_OF_BOTH_VERSIONS);
        assertAllComesOverTheWebSocket(webSocket(tls, isBinary ? BINARY6 : LINE6), tls, "2001:db8::7");
    }

    private void assertAllComesOverTheWebSocket(Socket socket, boolean tls, String received) throws IOException {
        Requests requests = Requests.webSocket(tls ? "WSS" : "WS", "d3f5a1.invalid");
        String call = Requests.newCall();

        socket.getOutputStream().write(frame(0x89, "here?"));
        assertThat(frame(socket, 0x8a)).isEqualTo(bytes("here?"));
        socket.getOutputStream().write(frame(0x81, requests.of("INVITE", call)));
        SipResponse answer = (SipResponse) message(socket);
        while (answer.status() < 200) {
            answer = (SipResponse) message(socket);
        }
        assertThat(answer.status()).isEqualTo(200);
        SipRequest invite = callee.awaitRequest("INVITE", call);
        assertThat(SipText.values(invite, HeaderName.VIA).get(1)).contains(";received=" + received);
        callee.send(udpSocket, bye(invite, answer));

        assertThat(((SipRequest) message(socket)).isMethod("BYE")).isTrue();
        assertThat(node.traffic().handshakes().proxyHeaders().acceptedCount(true))
                .isOne();
        assertThat(node.traffic().handshakes().webSockets().completedCount()).isOne();
        assertThat(allFailures()).isZero();
    }

    /** A WebSocket connection whose handshake is complete; the WebSocket client of Java cannot send a header before it. */
    private Socket webSocket(boolean tls, byte[] header) throws IOException {
        InetSocketAddress to = tls ? wssSocket : wsSocket;
        Socket plain = closing(new Socket(HOST, to.getPort()));
        plain.setSoTimeout(20_000);
        plain.getOutputStream().write(header);
        Socket socket = tls ? closing(tls().createSocket(plain, HOST, to.getPort(), true)) : plain;
        socket.getOutputStream()
                .write(bytes("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Protocol: sip\r\n\r\n"));
        StringBuilder response = new StringBuilder();
        while (response.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            assertThat(next).as("%s", response).isNotNegative();
            response.append((char) next);
        }
        assertThat(response).startsWith("HTTP/1.1 101 ");
        return socket;
    }

    /** A frame of a client: its key of zeros leaves the payload as it is. */
    private static byte[] frame(int first, String payload) {
        byte[] content = bytes(payload);
        ByteBuffer frame = ByteBuffer.allocate(8 + content.length).put((byte) first);
        if (content.length < 126) {
            frame.put((byte) (0x80 | content.length));
        } else {
            frame.put((byte) (0x80 | 126)).putShort((short) content.length);
        }
        frame.putInt(0).put(content);
        return Arrays.copyOf(frame.array(), frame.position());
    }

    /** The payload of the next frame, which has to begin with this byte. */
    private static byte[] frame(Socket socket, int first) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        assertThat(in.readUnsignedByte()).isEqualTo(first);
        int length = in.readUnsignedByte();
        return in.readNBytes(length == 126 ? in.readUnsignedShort() : length);
    }

    private static SipMessage message(Socket socket) throws IOException {
        byte[] message = frame(socket, 0x81);
        return (SipMessage) SipText.parsed(message, message.length);
    }

    private SipResponse refused(TcpPeer.Connection connection) {
        String call = Requests.newCall();
        connection.send(Requests.tcp(connection.local()).of("OPTIONS", call));
        return caller.awaitResponse(403, "OPTIONS", call);
    }

    /** The socket cannot open a connection to the client. */
    @Test
    void afterItsConnectionHasEndedNothingIsSentToAClientWithAnotherIpVersion() {
        start(CLIENTS_OF_BOTH_VERSIONS);
        TcpPeer.Connection connection = connect(false, LINE6);
        String call = Requests.newCall();
        connection.send(Requests.tcp(CLIENT6).of("INVITE", call));
        SipResponse answer = caller.awaitResponse(200, "INVITE", call);
        SipRequest invite = callee.awaitRequest("INVITE", call);

        connection.close();
        await(() -> {
            callee.send(udpSocket, bye(invite, answer).replace("z9hG4bKbye", "z9hG4bK" + Requests.newCall()));
            return node.traffic().count(SendFailure.NOT_ALLOWED) > 0;
        });

        assertThat(callee.awaitResponse(500, "BYE", call)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void aConnectionOfTheProxyItselfHasItsOwnAddress(boolean tls, boolean isBinary) {
        start("");
        TcpPeer.Connection connection = connect(tls, isBinary ? LOCAL : UNKNOWN);

        SipResponse answer = refused(connection);

        assertThat(answer.text(HeaderName.VIA))
                .contains(";rport=" + connection.local().getPort());
        assertThat(node.traffic().handshakes().proxyHeaders().acceptedCount(false))
                .isOne();
    }

    @Test
    void checksOfAProxyAreNoFailures() throws IOException {
        start("");
        byte[] named = bytes("PROXY TCP4 127.0.0.1 127.0.0.1 40000 5060\r\n");
        for (byte[] check : List.of(LOCAL, UNKNOWN, named, new byte[0])) {
            for (InetSocketAddress socket : List.of(tcpSocket, tlsSocket, wsSocket, wssSocket)) {
                try (Socket connection = new Socket(socket.getAddress(), socket.getPort())) {
                    connection.getOutputStream().write(check);
                }
            }
        }

        await(() -> node.traffic().handshakes().proxyHeaders().acceptedCount(false) == 12);
        refused(connect(false, LOCAL));
        assertThat(allFailures()).isZero();
        for (TlsFailure why : TlsFailure.values()) {
            assertThat(node.traffic().handshakes().tls().failures(Side.SERVER, why))
                    .isZero();
        }
        for (WebSocketFailure why : WebSocketFailure.values()) {
            assertThat(node.traffic().handshakes().webSockets().failures(why)).isZero();
        }
    }

    /** One that has not named its proxy as its client: 127.0.0.2 is in no list. */
    private Socket stranger(InetSocketAddress to) throws IOException {
        Socket socket = closing(new Socket());
        socket.bind(new InetSocketAddress("127.0.0.2", 0));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        socket.connect(to);
        return socket;
    }

    /** Whether the other end closes before it sends anything. */
    private static boolean isClosed(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketException reset) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aHeaderFromElsewhereIsRefused() throws IOException {
        start("");
        for (InetSocketAddress to : List.of(tcpSocket, tlsSocket)) {
            for (byte[] header : List.of(LINE, BINARY, LOCAL, UNKNOWN)) {
                Socket socket = stranger(to);
                socket.getOutputStream().write(header);
                assertThat(isClosed(socket)).isTrue();
            }
        }
        Socket inPieces = stranger(tcpSocket);
        inPieces.getOutputStream().write(LINE, 0, 3);
        inPieces.getOutputStream().write(LINE, 3, LINE.length - 3);
        assertThat(isClosed(inPieces)).isTrue();

        assertThat(failures(ProxyHeaderFailure.UNLISTED)).isEqualTo(9);
        assertThat(allFailures()).isEqualTo(9);
        assertThat(callee.received()).isEmpty();
    }

    @Test
    void aConnectionFromElsewhereWithoutAHeaderIsAnOrdinaryOne() throws IOException {
        start("rules = [{ when { source = \"127.0.0.2\" }, reply { code = 404 } }, { reply { code = 403 } }]");
        Socket plain = stranger(tcpSocket);
        plain.getOutputStream().write(bytes("\r\n\r\n"));
        assertThat(plain.getInputStream().readNBytes(2)).isEqualTo(bytes("\r\n"));
        try (Socket over = tls().createSocket(stranger(tlsSocket), HOST, tlsSocket.getPort(), true)) {
            for (Socket socket : List.of(plain, over)) {
                socket.getOutputStream()
                        .write(bytes(Requests.tcp((InetSocketAddress) socket.getLocalSocketAddress())
                                .of("OPTIONS", Requests.newCall())));
                assertThat(socket.getInputStream().readNBytes(12)).isEqualTo(bytes("SIP/2.0 404 "));
            }
        }

        assertThat(allFailures()).isZero();
    }

    @Test
    void aProxyMustSendAHeaderWithinTheTimeAndTheSize() throws IOException {
        start("transport.proxy-protocol { header-timeout = 300ms, max-header = 232 }");
        Socket silent = closing(new Socket(HOST, tcpSocket.getPort()));
        Socket slow = closing(new Socket(HOST, tlsSocket.getPort()));
        slow.getOutputStream().write(LINE, 0, 20);
        assertThat(isClosed(silent)).isTrue();
        assertThat(isClosed(slow)).isTrue();
        assertThat(failures(ProxyHeaderFailure.TIMEOUT)).isEqualTo(2);

        assertThat(isClosed(sending(bytes(Requests.tcp(CLIENT).of("OPTIONS", "a")))))
                .isTrue();
        assertThat(failures(ProxyHeaderFailure.MALFORMED)).isOne();
        byte[] large = BINARY.clone();
        large[14] = 1;
        assertThat(isClosed(sending(large))).isTrue();
        assertThat(failures(ProxyHeaderFailure.TOO_LARGE)).isOne();
        try (Socket broken = sending(Arrays.copyOf(LINE, 20))) {
            assertThat(broken.isConnected()).isTrue();
        }
        await(() -> failures(ProxyHeaderFailure.CLOSED) == 1);
    }

    private Socket sending(byte[] first) throws IOException {
        Socket socket = closing(new Socket(HOST, tcpSocket.getPort()));
        socket.getOutputStream().write(first);
        return socket;
    }

    @Test
    void theLimitsOfASourceCountTheClientsAndNotTheProxy() {
        start("transport.tls { handshakes-per-second-of-source = 1000, max-handshakes-of-source = 2 }");
        for (int client = 1; client <= 5; client++) {
            for (int i = 0; i < 2; i++) {
                opening("PROXY TCP4 198.51.100." + client + " 192.0.2.1 " + (40000 + i) + " 5061\r\n");
            }
        }
        await(() -> node.traffic().handshakes().proxyHeaders().acceptedCount(true) == 10);
        assertThat(node.traffic().count(Limit.HANDSHAKES_OF_SOURCE)).isZero();

        Socket third = opening("PROXY TCP4 198.51.100.1 192.0.2.1 40002 5061\r\n");

        assertThat(isClosed(third)).isTrue();
        assertThat(node.traffic().count(Limit.HANDSHAKES_OF_SOURCE)).isOne();
        assertThatThrownBy(() -> connect(true, bytes("PROXY TCP4 198.51.100.2 192.0.2.1 40002 5061\r\n")))
                .isInstanceOf(UncheckedIOException.class);
        assertThat(connect(true, bytes("PROXY TCP4 198.51.100.9 192.0.2.1 40000 5061\r\n")))
                .isNotNull();
    }

    private Socket opening(String header) {
        try {
            Socket socket = closing(new Socket(HOST, tlsSocket.getPort()));
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(bytes(header));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
