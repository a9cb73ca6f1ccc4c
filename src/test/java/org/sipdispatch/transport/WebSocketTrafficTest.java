package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.agents.WebSocketPeer;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.TlsFailure;
import org.sipdispatch.observation.TlsHandshakes.Side;
import org.sipdispatch.observation.WebSocketHandshakes;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.websocket.WebSocketFailure;

/** Calls of the WebSocket client of Java, over ws and wss. */
@Timeout(120)
class WebSocketTrafficTest extends TlsFixture {
    private static final String ORIGIN = "https://phone.example.com";
    private static final String RULES = """
            rules = [
              { when { method = REGISTER }, select { set = 1, alg = 8 }, relay { path = if-supported } }
              { select { set = 1, alg = 8 } }
            ]
            """;

    private final InetSocketAddress wsSocket = Ports.freeAddress(HOST);
    private final InetSocketAddress wssSocket = Ports.freeAddress(HOST);
    private final UdpPeer callee = closing(UdpPeer.answering(HOST, 200));

    private void start(String settings) {
        node = closing(TestNode.start(
                TestNode.sockets(
                                "u",
                                TestNode.udp(udpSocket),
                                "w",
                                "ws:" + SipText.hostPort(wsSocket),
                                "s",
                                "wss:" + SipText.hostPort(wssSocket))
                        + "tls.server_domains.default { " + pair("node") + " }\n" + RULES + settings,
                "sip:" + SipText.hostPort(callee.address())));
    }

    private WebSocketHandshakes handshakes() {
        return node.traffic().handshakes().webSockets();
    }

    private WebSocketPeer browser(boolean tls) throws WebSocketHandshakeException {
        return connect(tls, ORIGIN, "sip");
    }

    private WebSocketPeer connect(boolean tls, String origin, String subprotocol) throws WebSocketHandshakeException {
        return closing(WebSocketPeer.connected(
                tls ? wssSocket : wsSocket,
                tls ? certificates.client("ca", "") : null,
                origin,
                subprotocol,
                WebSocketPeer::answer));
    }

    private static Requests requests(boolean tls) {
        return Requests.webSocket(tls ? "WSS" : "WS", "d3f5a1.invalid");
    }

    /** A request of the callee in the dialog that this INVITE has begun. */
    private String ofCallee(String method, SipRequest invite, SipResponse answer, int cseq) {
        StringBuilder routes = new StringBuilder();
        SipText.values(invite, HeaderName.RECORD_ROUTE)
                .forEach(value -> routes.append("Route: ").append(value).append("\r\n"));
        return method + " " + invite.text(HeaderName.CONTACT).replaceAll("[<>]", "") + " SIP/2.0\r\nVia: SIP/2.0/UDP "
                + SipText.hostPort(callee.address()) + ";branch=z9hG4bK" + method + cseq + "\r\n" + routes + "From: "
                + answer.text(HeaderName.TO) + "\r\nTo: " + answer.text(HeaderName.FROM) + "\r\nCall-ID: "
                + SipText.callId(invite) + "\r\nCSeq: " + cseq + " " + method
                + "\r\nMax-Forwards: 70\r\nContact: <sip:callee@" + SipText.hostPort(callee.address())
                + ">\r\nContent-Length: 0\r\n\r\n";
    }

    @ParameterizedTest(name = "over TLS: {0}")
    @ValueSource(booleans = {false, true})
    void aCallOfABrowserGoesThroughAndEitherPartyHangsUp(boolean tls) throws Exception {
        start("");
        WebSocketPeer browser = browser(tls);
        String call = Requests.newCall();

        browser.send(requests(tls).of("INVITE", call));
        SipResponse answer = browser.awaitResponse(200, "INVITE", call);
        browser.send(requests(tls).inDialog("ACK", answer));
        SipRequest invite = callee.awaitRequest("INVITE", call);
        assertThat(callee.awaitRequest("ACK", call)).isNotNull();

        assertThat(SipText.values(invite, HeaderName.VIA).get(1))
                .contains(tls ? "SIP/2.0/WSS d3f5a1.invalid" : "SIP/2.0/WS d3f5a1.invalid", ";received=127.0.0.1");
        List<String> recorded = SipText.values(invite, HeaderName.RECORD_ROUTE);
        assertThat(recorded).hasSize(2);
        assertThat(recorded.get(0)).startsWith("<sip:" + SipText.hostPort(udpSocket) + ";lr;");
        assertThat(recorded.get(1))
                .startsWith("<sip:" + SipText.hostPort(tls ? wssSocket : wsSocket) + ";transport=ws;lr;");

        callee.send(udpSocket, ofCallee("INVITE", invite, answer, 7));
        assertThat(callee.awaitResponse(200, "INVITE", call).cseqMethodIs("INVITE"))
                .isTrue();
        callee.send(udpSocket, ofCallee("BYE", invite, answer, 8));
        assertThat(browser.awaitRequest("BYE", call)).isNotNull();
        assertThat(callee.awaitResponse(200, "BYE", call)).isNotNull();
        browser.send(requests(tls).inDialog("BYE", answer));
        assertThat(callee.awaitRequest("BYE", call)).isNotNull();
        assertThat(browser.awaitResponse(200, "BYE", call)).isNotNull();
        assertThat(handshakes().completedCount()).isOne();
    }

    /** Registers the browser; returns the Path that the registrar keeps. */
    private String registers(WebSocketPeer browser, boolean tls) {
        String call = Requests.newCall();
        browser.send(requests(tls).with("Supported: path, outbound").of("REGISTER", call));
        browser.awaitResponse(200, "REGISTER", call);
        SipRequest register = callee.awaitRequest("REGISTER", call);
        return new String(register.bytes(), StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> line.startsWith("Path: "))
                .findFirst()
                .orElseThrow()
                .substring(6);
    }

    /** A request of the registrar along a Path. */
    private static String along(String path, String method, String call, UdpPeer registrar) {
        return Requests.udp(registrar.address())
                .with("Route: " + path)
                .of(method, call)
                .replace("sip:callee@example.com SIP", "sip:caller@d3f5a1.invalid;transport=ws SIP");
    }

    @ParameterizedTest(name = "over TLS: {0}")
    @ValueSource(booleans = {false, true})
    void aRegisteredBrowserIsCalledThroughItsConnectionAndEitherPartyHangsUp(boolean tls) throws Exception {
        start("");
        WebSocketPeer browser = browser(tls);
        String path = registers(browser, tls);
        UdpPeer registrar = closing(UdpPeer.answering(HOST, 200));
        String call = Requests.newCall();

        registrar.send(udpSocket, along(path, "INVITE", call, registrar));
        SipResponse answer = registrar.awaitResponse(200, "INVITE", call);
        registrar.send(udpSocket, Requests.udp(registrar.address()).inDialog("ACK", answer));
        SipRequest invite = browser.awaitRequest("INVITE", call);
        assertThat(browser.awaitRequest("ACK", call)).isNotNull();

        assertThat(invite.text(HeaderName.VIA))
                .startsWith("SIP/2.0/" + (tls ? "WSS " : "WS ") + SipText.hostPort(tls ? wssSocket : wsSocket));
        assertThat(SipText.values(invite, HeaderName.RECORD_ROUTE)).hasSize(2);
        browser.send(ofBrowser("BYE", invite, answer, tls));
        assertThat(registrar.awaitRequest("BYE", call)).isNotNull();
        assertThat(browser.awaitResponse(200, "BYE", call)).isNotNull();
        registrar.send(udpSocket, Requests.udp(registrar.address()).inDialog("BYE", answer));
        assertThat(browser.awaitRequest("BYE", call)).isNotNull();
        assertThat(registrar.awaitResponse(200, "BYE", call)).isNotNull();
    }

    /** A request of the called browser in the dialog of this INVITE. */
    private static String ofBrowser(String method, SipRequest invite, SipResponse answer, boolean tls) {
        StringBuilder routes = new StringBuilder();
        SipText.values(invite, HeaderName.RECORD_ROUTE)
                .forEach(value -> routes.append("Route: ").append(value).append("\r\n"));
        return method + " " + invite.text(HeaderName.CONTACT).replaceAll("[<>]", "") + " SIP/2.0\r\nVia: SIP/2.0/"
                + (tls ? "WSS" : "WS") + " answer.invalid;branch=z9hG4bK" + method + SipText.callId(invite) + "\r\n"
                + routes + "From: " + answer.text(HeaderName.TO) + "\r\nTo: " + answer.text(HeaderName.FROM)
                + "\r\nCall-ID: " + SipText.callId(invite) + "\r\nCSeq: 7 " + method
                + "\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
    }

    @Test
    void twoBrowsersCallEachOtherAndEitherHangsUp() throws Exception {
        start("");
        WebSocketPeer called = browser(true);
        String path = registers(called, true);
        WebSocketPeer caller = browser(false);
        String call = Requests.newCall();

        caller.send(requests(false).with("Route: " + path).of("INVITE", call));
        SipResponse answer = caller.awaitResponse(200, "INVITE", call);
        caller.send(requests(false).inDialog("ACK", answer));
        SipRequest invite = called.awaitRequest("INVITE", call);

        assertThat(called.awaitRequest("ACK", call)).isNotNull();
        called.send(ofBrowser("BYE", invite, answer, true));
        assertThat(caller.awaitRequest("BYE", call)).isNotNull();
        assertThat(called.awaitResponse(200, "BYE", call)).isNotNull();
        caller.send(requests(false).inDialog("BYE", answer));
        assertThat(called.awaitRequest("BYE", call)).isNotNull();
        assertThat(caller.awaitResponse(200, "BYE", call)).isNotNull();
    }

    @ParameterizedTest(name = "closing handshake: {0}")
    @ValueSource(booleans = {true, false})
    void whenItsConnectionIsGoneRequestsForABrowserAreAnsweredWith430(boolean saysGoodbye) throws Exception {
        start("");
        WebSocketPeer browser = browser(false);
        String path = registers(browser, false);
        String call = Requests.newCall();
        browser.send(requests(false).of("INVITE", call));
        SipResponse answer = browser.awaitResponse(200, "INVITE", call);
        SipRequest invite = callee.awaitRequest("INVITE", call);

        if (saysGoodbye) {
            browser.sayGoodbye();
            await(() -> browser.events().contains("close 1000"));
        } else {
            browser.close();
        }
        UdpPeer registrar = closing(new UdpPeer(HOST));
        await(() -> {
            String another = Requests.newCall();
            registrar.send(udpSocket, along(path, "MESSAGE", another, registrar));
            return registrar.awaitResponse(0, "MESSAGE", another).status() == 430;
        });
        callee.send(udpSocket, ofCallee("BYE", invite, answer, 8));

        assertThat(callee.awaitResponse(430, "BYE", call)).isNotNull();
        WebSocketPeer again = browser(false);
        String back = Requests.newCall();
        registrar.send(udpSocket, along(registers(again, false), "MESSAGE", back, registrar));
        assertThat(registrar.awaitResponse(200, "MESSAGE", back)).isNotNull();
    }

    @Test
    void noConnectionIsOpenedForAResponseWhoseConnectionIsGone() throws Exception {
        start("");
        UdpPeer late = closing(new UdpPeer(HOST));
        node.replace("sip:" + SipText.hostPort(late.address()));
        WebSocketPeer browser = browser(false);
        String call = Requests.newCall();
        browser.send(requests(false).of("OPTIONS", call));
        SipRequest request = late.awaitRequest("OPTIONS", call);
        browser.sayGoodbye();
        await(() -> browser.events().contains("close 1000"));

        late.send(udpSocket, SipText.response(request, 200, "late"));

        await(() -> node.traffic().count(SendFailure.FLOW_FAILED) == 1);
        assertThat(node.traffic().count(SendFailure.UNREACHABLE)).isZero();
    }

    /** A destination cannot be defined with such a URI; a request may have one. */
    @Test
    void noConnectionIsOpenedToAWebSocketClient() throws Exception {
        start("relay.preloaded-route = follow");
        try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getByName(HOST))) {
            UdpPeer caller = closing(new UdpPeer(HOST));
            String call = Requests.newCall();

            caller.send(
                    udpSocket,
                    Requests.udp(caller.address())
                            .with("Route: <sip:127.0.0.1:" + listening.getLocalPort() + ";transport=ws;lr>")
                            .of("OPTIONS", call));

            assertThat(caller.awaitResponse(430, "OPTIONS", call)).isNotNull();
        }
    }

    @Test
    void otherOriginsAndSubprotocolsAreRefusedAndCounted() throws Exception {
        start("transport.websocket.origins = [\"" + ORIGIN + "\"]");

        assertThat(statusOf(ORIGIN, "sip")).isEqualTo(101);
        assertThat(statusOf("https://evil.example.com", "sip")).isEqualTo(403);
        assertThat(statusOf(null, "sip")).isEqualTo(403);
        assertThat(statusOf(ORIGIN, "xmpp")).isEqualTo(400);
        assertThat(statusOf(ORIGIN, null)).isEqualTo(400);
        assertThat(handshakes().completedCount()).isOne();
        assertThat(handshakes().failures(WebSocketFailure.WRONG_ORIGIN)).isEqualTo(2);
        assertThat(handshakes().failures(WebSocketFailure.WRONG_SUBPROTOCOL)).isEqualTo(2);
    }

    private int statusOf(String origin, String subprotocol) {
        try {
            connect(false, origin, subprotocol);
            return 101;
        } catch (WebSocketHandshakeException e) {
            return e.getResponse().statusCode();
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, 426", "POST, 405"})
    void otherHttpRequestsGetAnAnswer(String method, int status) throws Exception {
        start("");
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + SipText.hostPort(wsSocket) + "/"))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .version(HttpClient.Version.HTTP_1_1)
                .build();

        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).startsWith("the request is refused: ");
    }

    @Test
    void fragmentsBinaryMessagesAndMessagesWithoutContentLengthAreTaken() throws Exception {
        start("");
        WebSocketPeer browser = browser(false);
        List<String> calls = List.of(Requests.newCall(), Requests.newCall(), Requests.newCall());
        String body = "a=\u00e4\r\n";
        Requests requests = requests(false).withBody(body);

        browser.sendFragments(requests.of("MESSAGE", calls.get(0)), 10);
        browser.sendBinary(SipText.bytes(requests.of("MESSAGE", calls.get(1))));
        browser.send(requests.of("MESSAGE", calls.get(2)).replaceFirst("Content-Length: \\d+\r\n", ""));

        for (String call : calls) {
            assertThat(browser.awaitResponse(200, "MESSAGE", call)).isNotNull();
        }
        SipRequest binary = callee.awaitRequest("MESSAGE", calls.get(1));
        assertThat(new String(binary.bytes(), StandardCharsets.ISO_8859_1)).endsWith("\r\n\r\n" + body);
        SipRequest unbounded = callee.awaitRequest("MESSAGE", calls.get(2));
        assertThat(new String(unbounded.bytes(), StandardCharsets.UTF_8)).endsWith("\r\n\r\n" + body);
    }

    @Test
    void aMessageThatIsNotUtf8GoesToTheBrowserInABinaryFrame() throws Exception {
        start("");
        WebSocketPeer browser = browser(false);
        String path = registers(browser, false);
        UdpPeer registrar = closing(new UdpPeer(HOST));
        String call = Requests.newCall();

        registrar.send(
                udpSocket,
                along(path, "MESSAGE", call, registrar)
                        .replace("Content-Length: 0\r\n\r\n", "Content-Length: 1\r\n\r\n\u00e4"));

        assertThat(registrar.awaitResponse(200, "MESSAGE", call)).isNotNull();
        assertThat(browser.events()).containsExactly("text", "binary");
    }

    @Test
    void pingsAndLineBreaksAreAnswered() throws Exception {
        start("");
        WebSocketPeer browser = browser(false);

        browser.ping("here?");
        browser.send("\r\n\r\n");

        await(() -> browser.events().size() == 2);
        assertThat(browser.events()).containsExactly("pong here?", "text");
    }

    @Test
    void aSilentBrowserIsPingedAndKept() throws Exception {
        start("transport.websocket.ping-interval = 1s");
        WebSocketPeer browser = browser(true);

        await(() -> browser.events().stream().filter("ping"::equals).count() >= 3);

        assertThat(handshakes().failures(WebSocketFailure.PING_TIMEOUT)).isZero();
        registers(browser, true);
    }

    /** A client with a raw socket, that does what browsers do not. */
    private Socket raw(String more) throws Exception {
        Socket socket = closing(new Socket(wsSocket.getAddress(), wsSocket.getPort()));
        socket.setSoTimeout(20_000);
        String request = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Protocol: sip\r\n\r\n" + more;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    /** What the node sends after its HTTP response, until it ends the stream. */
    private static byte[] framesOf(Socket socket) throws Exception {
        String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(all).startsWith("HTTP/1.1 101 ");
        return all.substring(all.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void aClientThatDoesNotAnswerPingsIsClosed() throws Exception {
        start("transport.websocket.ping-interval = 1s, transport.tcp.message-timeout = 1s");

        byte[] frames = framesOf(raw(""));

        assertThat(Arrays.copyOf(frames, 2)).containsExactly(0x89, 0);
        assertThat(Arrays.copyOfRange(frames, 4, 6)).containsExactly(1008 >> 8, 1008 & 0xff);
        assertThat(handshakes().failures(WebSocketFailure.PING_TIMEOUT)).isOne();
    }

    @ParameterizedTest
    @CsvSource({
        "81 05 48656c6c6f, 1002, unmasked",
        "83 80 00000000, 1002, reserved opcode",
        "81 81 00000000 ff, 1007, not UTF-8",
        "82 ff 0000000000010001 00000000, 1009, above 64 KiB",
        "88 82 00000000 03e8, 1000, the closing handshake",
    })
    void framesAgainstTheRulesAreAnsweredWithTheirCode(String hex, int code, String what) throws Exception {
        start("");
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));

        byte[] frames = framesOf(raw(new String(bytes, StandardCharsets.ISO_8859_1)));

        assertThat(frames[0]).as(what).isEqualTo((byte) 0x88);
        assertThat(Arrays.copyOfRange(frames, 2, 4)).containsExactly(code >> 8, code & 0xff);
        assertThat(frames).hasSize(2 + frames[1]);
        assertThat(node.traffic().count(Limit.MAX_MESSAGE_SIZE)).isEqualTo(code == 1009 ? 1 : 0);
        boolean broken = code == 1002 || code == 1007;
        assertThat(handshakes().failures(WebSocketFailure.PROTOCOL_ERROR)).isEqualTo(broken ? 1 : 0);
    }

    @Test
    void aMessageThatDoesNotEndIsClosedAndCounted() throws Exception {
        start("transport.tcp.message-timeout = 1s");

        byte[] frames = framesOf(raw("\u0001\u0080\0\0\0\0"));

        assertThat(Arrays.copyOfRange(frames, 2, 4)).containsExactly(1008 >> 8, 1008 & 0xff);
        assertThat(node.traffic().count(Limit.MESSAGE_TIMEOUT)).isOne();
    }

    @Test
    void aHandshakeThatTakesTooLongIsAnsweredAndCounted() throws Exception {
        start("transport.websocket.handshake-timeout = 500ms");
        Socket slow = closing(new Socket(wsSocket.getAddress(), wsSocket.getPort()));
        slow.setSoTimeout(20_000);
        slow.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.ISO_8859_1));

        String response = new String(slow.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);

        assertThat(response).startsWith("HTTP/1.1 408 ");
        assertThat(handshakes().failures(WebSocketFailure.HANDSHAKE_TIMEOUT)).isOne();
    }

    @Test
    void theLimitsOfTlsHandshakesApplyToWssAsWell() throws Exception {
        start("transport.tls { max-handshakes-of-source = 1, handshake-timeout = 1s }");
        closing(new Socket(wssSocket.getAddress(), wssSocket.getPort()));
        closing(new Socket(wssSocket.getAddress(), wssSocket.getPort()));

        await(() -> node.traffic().count(Limit.HANDSHAKES_OF_SOURCE) == 1);
        await(() -> node.traffic().handshakes().tls().failures(Side.SERVER, TlsFailure.HANDSHAKE_TIMEOUT) == 1);
        assertThat(handshakes().failures(WebSocketFailure.CLOSED)).isZero();
        assertThat(browser(true)).isNotNull();
    }

    /** The documented case of a reverse proxy that ends TLS. */
    @Test
    void callsGoThroughAReverseProxyThatEndsTls() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/haproxy")), "no haproxy here");
        start("transport.websocket.origins = [\"" + ORIGIN + "\"]");
        InetSocketAddress front = Ports.freeAddress(HOST);
        Path pair = Path.of(file("haproxy.pem"));
        Files.writeString(
                pair, Files.readString(Path.of(file("node.pem"))) + Files.readString(Path.of(file("node.key"))));
        Path configuration = Files.writeString(
                Path.of(file("haproxy.cfg")), """
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 60s
                  timeout server 60s
                  timeout tunnel 1h
                listen browsers
                  bind %s ssl crt %s
                  server node %s
                """.formatted(SipText.hostPort(front), pair, SipText.hostPort(wsSocket)));
        Process proxy = new ProcessBuilder("/usr/sbin/haproxy", "-q", "-f", configuration.toString()).start();
        closing(proxy::destroyForcibly);
        await(() -> isOpen(front));
        WebSocketPeer browser = closing(
                WebSocketPeer.connected(front, certificates.client("ca", ""), ORIGIN, "sip", WebSocketPeer::answer));
        String path = registers(browser, true);
        UdpPeer registrar = closing(new UdpPeer(HOST));
        String call = Requests.newCall();

        registrar.send(udpSocket, along(path, "MESSAGE", call, registrar));

        assertThat(registrar.awaitResponse(200, "MESSAGE", call)).isNotNull();
        assertThat(handshakes().completedCount()).isOne();
    }

    private static boolean isOpen(InetSocketAddress address) {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
