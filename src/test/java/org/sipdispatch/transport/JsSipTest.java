package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.agents.Browser;
import org.sipdispatch.agents.Browser.Look;
import org.sipdispatch.agents.BrowserPhone;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.observation.TlsHandshakes.Side;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;

/** Calls of JsSIP in Chromium over wss, to a phone over UDP and from it. It has to be asked for, and fails without npm. */
@Tag("long")
@Timeout(600)
class JsSipTest extends TrafficFixture {
    private static final int CALLS_OF_A_KIND = 50;

    @TempDir
    Path directory;

    private final InetSocketAddress wssSocket = Ports.freeAddress(HOST);
    private final Map<String, SipRequest> invites = new ConcurrentHashMap<>();
    private final UdpPeer phone =
            closing(new UdpPeer(new InetSocketAddress(HOST, 0), (peer, request) -> answer(request)));

    /** The registrar, and a phone that hangs up after the ACK if it is to. */
    private void answer(SipRequest request) {
        String contact = "Contact: <sip:phone@" + SipText.hostPort(phone.address()) + ">";
        switch (request.method()) {
            case "REGISTER" ->
                phone.send(
                        udpSocket,
                        SipText.response(
                                request, 200, "r", "Contact: " + request.text(HeaderName.CONTACT) + ";expires=600"));
            case "INVITE" -> {
                invites.put(SipText.callId(request), request);
                phone.send(
                        udpSocket, withBody(SipText.response(request, 200, "p", contact), sdp("active", "sendonly")));
            }
            case "ACK" -> {
                SipRequest invite = invites.get(SipText.callId(request));
                if (invite != null && text(invite).contains("X-Hangup: called")) {
                    phone.send(udpSocket, bye(invite));
                }
            }
            default -> phone.send(udpSocket, SipText.response(request, 200, "p", contact));
        }
    }

    private static String text(SipRequest request) {
        return new String(request.bytes(), StandardCharsets.ISO_8859_1);
    }

    private static String contact(SipRequest request) {
        return request.text(HeaderName.CONTACT).replaceFirst("^[^<]*<([^>]*)>.*$", "$1");
    }

    private static String withBody(String message, String body) {
        return message.replace(
                "Content-Length: 0\r\n\r\n",
                "Content-Type: application/sdp\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /** What a browser accepts, which records nothing itself; no media flows. */
    private static String sdp(String setup, String direction) {
        return """
                v=0
                o=- 1 1 IN IP4 127.0.0.1
                s=-
                t=0 0
                m=audio 9 UDP/TLS/RTP/SAVPF 111
                c=IN IP4 127.0.0.1
                a=rtpmap:111 opus/48000/2
                a=mid:0
                a=%s
                a=rtcp-mux
                a=ice-ufrag:abcd
                a=ice-pwd:abcdefghijklmnopqrstuvwx
                a=fingerprint:sha-256 %s
                a=setup:%s
                """.formatted(direction, "AB:".repeat(31) + "AB", setup).replace("\n", "\r\n");
    }

    private String bye(SipRequest invite) {
        StringBuilder routes = new StringBuilder();
        SipText.values(invite, HeaderName.RECORD_ROUTE)
                .forEach(value -> routes.append("Route: ").append(value).append("\r\n"));
        return "BYE " + contact(invite) + " SIP/2.0\r\nVia: SIP/2.0/UDP "
                + SipText.hostPort(phone.address()) + ";branch=z9hG4bKbye" + SipText.callId(invite) + "\r\n" + routes
                + "From: " + invite.text(HeaderName.TO) + ";tag=p\r\nTo: " + invite.text(HeaderName.FROM)
                + "\r\nCall-ID: " + SipText.callId(invite)
                + "\r\nCSeq: 7 BYE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
    }

    private void start(String origin) {
        Certificates certificates = new Certificates(directory);
        certificates.authority("ca");
        certificates.signed("node", "IP:127.0.0.1", "ca", "", "-days 2");
        node = closing(TestNode.start(
                TestNode.sockets("u", TestNode.udp(udpSocket), "s", "wss:" + SipText.hostPort(wssSocket))
                        + """
                        tls.server_domains.default { certificate = "%s", private_key = "%s" }
                        transport.websocket.origins = ["%s"]
                        rules = [
                          { when { method = REGISTER }, select { set = 1, alg = 8 }, relay { path = if-supported } }
                          { select { set = 1, alg = 8 } }
                        ]
                        """.formatted(certificates.file("node.pem"), certificates.file("node.key"), origin),
                "sip:" + SipText.hostPort(phone.address())));
    }

    @Test
    void callsGoThroughInBothDirectionsAndEitherPartyHangsUp() {
        assertThat(Browser.isPresent()).as("chromium on this host").isTrue();
        BrowserPhone page = closing(BrowserPhone.serving(JsSipTest.class, "jssip-calls.js"));
        start(page.origin());
        Browser browser = closing(Browser.start());
        Page client = browser.openTrusting(page.origin(), Look.DESKTOP);

        assertThat(client.evaluate("url => window.register(url)", "wss://" + SipText.hostPort(wssSocket)))
                .isEqualTo("registered");
        SipRequest register = phone.requests("REGISTER").get(0);
        for (int i = 0; i < CALLS_OF_A_KIND; i++) {
            assertThat(client.evaluate("who => window.call(who)", "caller")).isEqualTo("local");
            assertThat(client.evaluate("who => window.call(who)", "called")).isEqualTo("remote");
            isCalled(client, register, "caller");
            isCalled(client, register, "called");
        }

        assertThat((List<?>) client.evaluate("() => window.incoming")).hasSize(2 * CALLS_OF_A_KIND);
        assertThat(phone.requests("BYE")).hasSizeGreaterThanOrEqualTo(2 * CALLS_OF_A_KIND);
        assertThat(node.traffic().handshakes().webSockets().completedCount()).isOne();
        assertThat(node.traffic().handshakes().tls().completedCount(Side.SERVER))
                .isOne();
        assertThat(browser.complaints()).isEmpty();
    }

    /** The phone calls the browser along its Path. */
    private void isCalled(Page client, SipRequest register, String hangsUp) {
        int before = ((List<?>) client.evaluate("() => window.incoming")).size();
        String path = text(register)
                .lines()
                .filter(line -> line.startsWith("Path: "))
                .findFirst()
                .orElseThrow();
        String call = Requests.newCall();
        Requests requests = Requests.udp(phone.address());
        String contact = contact(register);
        phone.send(
                udpSocket,
                withBody(
                        requests.with(path.replace("Path", "Route"), "X-Hangup: " + hangsUp)
                                .of("INVITE", call)
                                .replace("sip:callee@example.com SIP", contact + " SIP"),
                        sdp("actpass", "sendrecv")));
        SipResponse answer = phone.awaitResponse(0, "INVITE", call);
        assertThat(answer.status()).isEqualTo(200);
        requests.with();
        phone.send(udpSocket, requests.inDialog("ACK", answer));
        if (hangsUp.equals("caller")) {
            phone.send(udpSocket, requests.inDialog("BYE", answer));
            assertThat(phone.awaitResponse(200, "BYE", call)).isNotNull();
        } else {
            assertThat(phone.awaitRequest("BYE", call)).isNotNull();
        }
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .until(() -> ((List<?>) client.evaluate("() => window.incoming")).size() > before);
        assertThat((List<?>) client.evaluate("() => window.incoming"))
                .last()
                .isEqualTo(hangsUp.equals("caller") ? "remote" : "local");
    }
}
