package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetSocketAddress;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.agents.WebSocketPeer;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.WebSocketHandshakes;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.websocket.WebSocketFailure;

/** Calls of the WebSocket client of Java, over ws and wss. */
@Timeout(120)
class WebSocketTrafficTest {
    private static final String HOST = "127.0.0.1";
    private static final String ORIGIN = "https://phone.example.com";
    private static final String RULES = """
            rules = [
              { when { method = REGISTER }, select { set = 1, alg = 8 }, relay { path = if-supported } }
              { select { set = 1, alg = 8 } }
            ]
            """;

    @TempDir
    static Path directory;

    private static Certificates certificates;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final InetSocketAddress wsSocket = Ports.freeAddress(HOST);
    private final InetSocketAddress wssSocket = Ports.freeAddress(HOST);
    private final InetSocketAddress udpSocket = Ports.freeAddress(HOST);
    private final UdpPeer callee = closing(UdpPeer.answering(HOST, 200));
    private TestNode node;

    @BeforeAll
    static void makeCertificates() {
        assumeTrue(Certificates.canBeMade(), "no openssl here to make certificates with");
        certificates = new Certificates(directory);
        certificates.authority("ca");
        certificates.signed("node", "IP:127.0.0.1", "ca", "", "-days 2");
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T closing(T resource) {
        open.add(resource);
        return resource;
    }

    private void start(String settings) {
        node = closing(TestNode.start(
                TestNode.sockets(
                                "u",
                                TestNode.udp(udpSocket),
                                "w",
                                "ws:" + SipText.hostPort(wsSocket),
                                "s",
                                "wss:" + SipText.hostPort(wssSocket))
                        + "tls.server_domains.default { certificate = \"" + certificates.file("node.pem")
                        + "\", private_key = \"" + certificates.file("node.key") + "\" }\n" + RULES + settings,
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

    private static void await(BooleanSupplier condition) {
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(condition::getAsBoolean);
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
}
