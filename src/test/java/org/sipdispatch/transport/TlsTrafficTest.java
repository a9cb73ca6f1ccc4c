package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.OpenSslPeer;
import org.sipdispatch.agents.Peer;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.TlsFailure;
import org.sipdispatch.observation.TlsHandshakes.Side;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;

/** Calls over TLS. Both ends have the TLS of openssl. */
@Timeout(120)
class TlsTrafficTest extends TlsFixture {
    private void start(String settings, String... destinations) {
        String domain = "{ " + pair("node") + ", ca_list = \"" + file("ca.pem") + "\" }";
        String text = TestNode.sockets("u", TestNode.udp(udpSocket), "t", "tls:" + SipText.hostPort(tlsSocket))
                + "tls { watch_interval = 100ms, server_domains.default " + domain + ", client_domains.default "
                + domain
                + " }\n" + settings;
        node = closing(TestNode.start(text, destinations));
    }

    private static void answer(OpenSslPeer peer, SipRequest request) {
        if (!request.isMethod("ACK")) {
            peer.send(SipText.response(
                    request,
                    200,
                    "callee",
                    "Contact: <sip:callee@" + SipText.hostPort(peer.address()) + ";transport=tls>"));
        }
    }

    private OpenSslPeer gateway(String certificate, String... options) {
        List<String> all =
                new ArrayList<>(List.of("-cert", file(certificate + ".pem"), "-key", file(certificate + ".key")));
        all.addAll(List.of(options));
        return closing(
                OpenSslPeer.listening(Ports.freeAddress(HOST), TlsTrafficTest::answer, all.toArray(String[]::new)));
    }

    private OpenSslPeer caller(String... options) {
        return closing(OpenSslPeer.connected(
                tlsSocket, (peer, request) -> peer.send(SipText.response(request, 200, "caller")), options));
    }

    private static String uri(Peer peer) {
        return "sip:" + SipText.hostPort(peer.address()) + (peer instanceof UdpPeer ? "" : ";transport=tls");
    }

    /** The source address of a connected client, which the node tells in a Via. */
    private InetSocketAddress address(OpenSslPeer client) {
        String call = Requests.newCall();
        client.send(Requests.tls(tlsSocket)
                .of("OPTIONS", call)
                .replaceFirst("sip:callee@example.com", "sip:" + SipText.hostPort(tlsSocket) + ";transport=tls"));
        String via = client.awaitResponse(200, "OPTIONS", call).text(HeaderName.VIA);
        return new InetSocketAddress(HOST, Integer.parseInt(via.replaceFirst(".*rport=(\\d+).*", "$1")));
    }

    private static String bye(SipRequest invite, SipResponse answer, String via) {
        StringBuilder routes = new StringBuilder();
        SipText.values(invite, HeaderName.RECORD_ROUTE)
                .forEach(value -> routes.append("Route: ").append(value).append("\r\n"));
        return "BYE " + invite.text(HeaderName.CONTACT).replaceAll("[<>]", "") + " SIP/2.0\r\nVia: SIP/2.0/" + via
                + ";branch=z9hG4bKbye\r\n" + routes + "From: " + answer.text(HeaderName.TO) + "\r\nTo: "
                + answer.text(HeaderName.FROM) + "\r\nCall-ID: " + SipText.callId(invite)
                + "\r\nCSeq: 7 BYE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
    }

    @ParameterizedTest(name = "caller over TLS: {0}, callee over TLS: {1}")
    @CsvSource({"false, true", "true, false", "true, true"})
    void aWholeCallGoesThroughWithCertificatesOnBothSidesAndEitherPartyHangsUp(boolean tlsIn, boolean tlsOut) {
        Peer callee = tlsOut
                ? gateway("peer", "-CAfile", file("ca.pem"), "-Verify", "1", "-verify_return_error")
                : closing(UdpPeer.answering(HOST, 200));
        start(
                "tls.server_domains.default { verify_cert = on, require_cert = on, accepted_names = [peer.example.com] }",
                uri(callee));
        OpenSslPeer tlsCaller = tlsIn ? caller("-cert", file("peer.pem"), "-key", file("peer.key")) : null;
        UdpPeer udpCaller = tlsIn ? null : closing(UdpPeer.answering(HOST, 200));
        Peer caller = tlsIn ? tlsCaller : udpCaller;
        Requests requests = tlsIn ? Requests.tls(address(tlsCaller)) : Requests.udp(caller.address());
        String call = Requests.newCall();

        send(tlsCaller, udpCaller, requests.of("INVITE", call));
        SipResponse answer = caller.awaitResponse(200, "INVITE", call);
        send(tlsCaller, udpCaller, requests.inDialog("ACK", answer));
        SipRequest invite = callee.awaitRequest("INVITE", call);

        assertThat(callee.awaitRequest("ACK", call)).isNotNull();
        assertThat(SipText.values(invite, HeaderName.VIA).get(0))
                .startsWith(tlsOut ? "SIP/2.0/TLS " + SipText.hostPort(tlsSocket) : "SIP/2.0/UDP ");
        assertThat(SipText.values(invite, HeaderName.RECORD_ROUTE)).hasSize(tlsIn == tlsOut ? 1 : 2);
        String fromCallee = bye(invite, answer, (tlsOut ? "TLS " : "UDP ") + SipText.hostPort(callee.address()));
        if (callee instanceof UdpPeer udp) {
            udp.send(udpSocket, fromCallee);
        } else {
            ((OpenSslPeer) callee).send(fromCallee);
        }
        assertThat(caller.awaitRequest("BYE", call)).isNotNull();
        assertThat(callee.awaitResponse(200, "BYE", call)).isNotNull();
        send(tlsCaller, udpCaller, requests.inDialog("BYE", answer));
        assertThat(callee.awaitRequest("BYE", call)).isNotNull();
        assertThat(caller.awaitResponse(200, "BYE", call)).isNotNull();
        assertThat(node.traffic().handshakes().tls().completedCount(Side.CLIENT))
                .isEqualTo(tlsOut ? 1 : 0);
        assertThat(node.traffic().handshakes().tls().completedCount(Side.SERVER))
                .isEqualTo(tlsIn ? 1 : 0);
    }

    private void send(OpenSslPeer tls, UdpPeer udp, String message) {
        if (tls == null) {
            udp.send(udpSocket, message);
        } else {
            tls.send(message);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "wrong, ca, WRONG_NAME",
        "expired, ca, EXPIRED",
        "stranger, ca, UNKNOWN_CA",
        "peer, other, REFUSED_BY_PEER",
    })
    void aGatewayWhoseHandshakeFailsIsFailedOverWithItsReason(String certificate, String trusts, TlsFailure reason) {
        OpenSslPeer bad =
                gateway(certificate, "-CAfile", file(trusts + ".pem"), "-Verify", "1", "-verify_return_error");
        UdpPeer good = closing(UdpPeer.answering(HOST, 200));
        start("", uri(bad), uri(good));
        UdpPeer caller = closing(new UdpPeer(HOST));
        String call = Requests.newCall();

        caller.send(udpSocket, Requests.udp(caller.address()).of("INVITE", call));

        assertThat(caller.awaitResponse(200, "INVITE", call)).isNotNull();
        assertThat(good.requests("INVITE")).hasSize(1);
        await(() -> node.traffic().handshakes().tls().failures(Side.CLIENT, reason) > 0);
    }

    @ParameterizedTest
    @CsvSource({
        "wrong, ca, 'TLS wrong_name: the certificate is for wrong.example.com (expected: 127.0.0.1)'",
        "expired, ca, 'TLS expired: '",
        "stranger, ca, 'TLS unknown_ca: '",
        "peer, other, 'TLS refused_by_peer: Received fatal alert: '",
    })
    void aPingSaysWhyTheHandshakeFailed(String certificate, String trusts, String detail) throws Exception {
        OpenSslPeer bad =
                gateway(certificate, "-CAfile", file(trusts + ".pem"), "-Verify", "1", "-verify_return_error");
        start("");
        Destination destination = new Destination("default", 1, uri(bad), null, 1, 0, "", "");
        CompletableFuture<PingResult> result = new CompletableFuture<>();

        node.traffic()
                .ping(new Ping(destination, "OPTIONS", "sip:us@example.com", 70, null, 15_000), 0, result::complete);

        assertThat(result.get(20, TimeUnit.SECONDS))
                .returns(PingResult.PingOutcome.UNREACHABLE, PingResult::outcome)
                .extracting(PingResult::detail)
                .asString()
                .startsWith(detail);
    }

    @Test
    void aDestinationMayNameItsCertificateAndItsDomain() {
        List<OpenSslPeer> wrong = List.of(gateway("wrong"), gateway("wrong"), gateway("wrong"));
        start("tls.client_domains { any { verify_cert = off }, named { verify_name = other.example.com } }");
        UdpPeer caller = closing(new UdpPeer(HOST));

        assertThat(answered(caller, wrong.get(0), "tls_name=wrong.example.com", 200))
                .isNotNull();
        assertThat(answered(caller, wrong.get(1), "a=b; tls_domain = any", 200)).isNotNull();
        assertThat(answered(caller, wrong.get(1), "tls_domain=nowhere", 500)).isNotNull();
        assertThat(answered(caller, wrong.get(2), "tls_domain=named;tls_name=wrong.example.com", 200))
                .isNotNull();
    }

    @Test
    void aRequestInTheDialogUsesTheConnectionThatWasVerifiedForAnotherName() {
        OpenSslPeer gateway = gateway("wrong");
        start("");
        node.replaceAll(List.of(TestNode.setWithAttrs(uri(gateway), "tls_name=wrong.example.com")));
        UdpPeer caller = closing(new UdpPeer(HOST));
        Requests requests = Requests.udp(caller.address());
        String call = Requests.newCall();

        caller.send(udpSocket, requests.of("INVITE", call));
        caller.send(udpSocket, requests.inDialog("BYE", caller.awaitResponse(200, "INVITE", call)));

        assertThat(caller.awaitResponse(200, "BYE", call)).isNotNull();
        assertThat(node.traffic().handshakes().tls().completedCount(Side.CLIENT))
                .isOne();
    }

    private SipResponse answered(UdpPeer caller, Peer destination, String attrs, int code) {
        node.replaceAll(List.of(TestNode.setWithAttrs(uri(destination), attrs)));
        String call = Requests.newCall();
        caller.send(udpSocket, Requests.udp(caller.address()).of("OPTIONS", call));
        return caller.awaitResponse(code, "OPTIONS", call);
    }

    @Test
    void requestsToTheAddressInTheViaOfAnAuthenticatedClientUseItsConnectionIfItAsksForThat() {
        start("tls.server_domains.default { verify_cert = on, require_cert = on }");
        OpenSslPeer client = caller("-cert", file("peer.pem"), "-key", file("peer.key"));
        InetSocketAddress listening = Ports.freeAddress(HOST);
        String call = Requests.newCall();
        client.send(Requests.tls(listening)
                .of("OPTIONS", call)
                .replaceFirst(";rport", ";rport;alias")
                .replaceFirst("sip:callee@example.com", "sip:" + SipText.hostPort(tlsSocket) + ";transport=tls"));
        client.awaitResponse(200, "OPTIONS", call);
        UdpPeer caller = closing(new UdpPeer(HOST));
        node.replaceAll(List.of(TestNode.setWithAttrs(
                "sip:" + SipText.hostPort(listening) + ";transport=tls", "tls_name=peer.example.com")));
        String other = Requests.newCall();

        caller.send(udpSocket, Requests.udp(caller.address()).of("INVITE", other));

        assertThat(caller.awaitResponse(200, "INVITE", other)).isNotNull();
        assertThat(client.requests("INVITE")).hasSize(1);
    }

    @Test
    void aClientWithoutACertificateIsRefusedIfOneIsRequired() {
        start("tls.server_domains.default { verify_cert = on, require_cert = on }");

        OpenSslPeer client = caller();

        await(() -> node.traffic().handshakes().tls().failures(Side.SERVER, TlsFailure.NO_CLIENT_CERTIFICATE) == 1);
        await(client::isEnded);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_3", "-tls1_2"})
    void aClientThatDoesNotTrustTheNodeIsCountedAsOneThatRefusesIt(String version) {
        start("");

        OpenSslPeer client = caller(version, "-CAfile", file("other.pem"), "-verify_return_error");

        await(() -> node.traffic().handshakes().tls().failures(Side.SERVER, TlsFailure.REFUSED_BY_PEER) == 1);
        await(client::isEnded);
    }

    @Test
    void aSipsRequestIsRecordedAsSipsOverTlsAndLeadsBack() {
        OpenSslPeer callee = gateway("peer");
        start("", uri(callee));
        OpenSslPeer caller = caller();
        Requests requests = Requests.tls(address(caller));
        String call = Requests.newCall();

        caller.send(requests.of("INVITE", call).replaceFirst("sip:callee", "sips:callee"));
        SipResponse answer = caller.awaitResponse(200, "INVITE", call);
        caller.send(requests.inDialog("BYE", answer));

        assertThat(answer.text(HeaderName.RECORD_ROUTE)).startsWith("<sips:" + SipText.hostPort(tlsSocket) + ";lr;");
        assertThat(callee.awaitRequest("BYE", call).requestUri().toString()).contains("transport=tls");
    }

    @Test
    void newConnectionsShowANewCertificateAndOpenOnesStay() throws Exception {
        copy("node", "current");
        start("tls.server_domains.default { " + pair("current") + " }");
        OpenSslPeer before = caller();
        address(before);
        assertThat(presented(null)).contains("node.example.com");

        Files.writeString(Path.of(file("current.pem")), "nonsense");
        copy("next", "current");

        await(() -> presented(null).contains("next.example.com"));
        address(before);
        assertThat(before.isEnded()).isFalse();
    }

    private static void copy(String from, String to) throws IOException {
        for (String suffix : List.of(".pem", ".key")) {
            Files.copy(Path.of(file(from + suffix)), Path.of(file(to + suffix)), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"node.example.com", "next.example.com"})
    void theCertificateWithTheNameThatTheClientAsksForIsShown(String name) {
        start("tls.server_domains.default { certificate = [\"" + file("node.pem") + "\", \"" + file("next.pem")
                + "\"], private_key = [\"" + file("node.key") + "\", \"" + file("next.key") + "\"] }");

        assertThat(presented(name)).contains(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_3 -sigalgs rsa_pss_rsae_sha256", "-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256"})
    void aClientThatAcceptsOnlyRsaGetsACertificateWithSuchAKeyWhateverNameItAsksFor(String options) {
        certificates.signed("rsa", "rsa:2048", "rsa.example.com", "ca");
        start("tls.server_domains.default { certificate = [\"" + file("node.pem") + "\", \"" + file("rsa.pem")
                + "\"], private_key = [\"" + file("node.key") + "\", \"" + file("rsa.key") + "\"] }");

        OpenSslPeer client = caller(("-servername node.example.com " + options).split(" "));

        assertThat(address(client)).isNotNull();
    }

    /** The names in the certificate that a client sees. */
    private String presented(String name) {
        try (Socket plain = new Socket(tlsSocket.getAddress(), tlsSocket.getPort());
                SSLSocket socket = (SSLSocket) certificates
                        .client("ca", "")
                        .getSocketFactory()
                        .createSocket(plain, name == null ? HOST : name, tlsSocket.getPort(), true)) {
            socket.startHandshake();
            X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return String.valueOf(shown.getSubjectAlternativeNames());
        } catch (IOException | java.security.cert.CertificateParsingException e) {
            return e.toString();
        }
    }

    @Test
    void silentConnectionsOfOneAddressTakeOnlyItsShareOfHandshakes() throws IOException {
        start("transport.tls { max-handshakes-of-source = 2, handshake-timeout = 1s }");
        for (int i = 0; i < 3; i++) {
            closing(new Socket(tlsSocket.getAddress(), tlsSocket.getPort()));
        }

        await(() -> node.traffic().count(Limit.HANDSHAKES_OF_SOURCE) == 1);
        await(() -> node.traffic().handshakes().tls().failures(Side.SERVER, TlsFailure.HANDSHAKE_TIMEOUT) == 2);

        assertThat(presented(null)).contains("node.example.com");
    }
}
