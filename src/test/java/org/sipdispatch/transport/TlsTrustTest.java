package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.agents.NodeCertificates;
import org.sipdispatch.agents.OpenSslPeer;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.observation.TlsFailure;
import org.sipdispatch.observation.TlsHandshakes.Side;
import org.sipdispatch.tls.KeyCertificate;
import org.sipdispatch.tls.PemFile;
import org.sipdispatch.tls.TlsContext;

/** Peers that have a certificate, but not one that would do for what they want. */
@Timeout(120)
class TlsTrustTest extends TlsFixture {
    private static final String NAME = "peer.example.com";

    @TempDir
    private Path directory;

    private void start(String settings) {
        String domain = "{ " + pair("node") + ", ca_list = \"" + file("ca.pem") + "\" }";
        node = closing(
                TestNode.start(TestNode.sockets("u", TestNode.udp(udpSocket), "t", "tls:" + SipText.hostPort(tlsSocket))
                        + "tls { server_domains.default " + domain + ", client_domains.default " + domain + " }\n"
                        + settings));
    }

    /** The request of a peer that wants requests to the address of the victim on its connection. */
    private String aliasRequest(InetSocketAddress victim, String call) {
        return Requests.tls(victim)
                .of("OPTIONS", call)
                .replaceFirst("(Via: SIP/2.0/TLS )[^:]*", "$1" + NAME)
                .replaceFirst(";rport", ";rport;alias")
                .replaceFirst("sip:callee@example.com", "sip:" + SipText.hostPort(tlsSocket) + ";transport=tls");
    }

    private void send(String method, String call, UdpPeer caller, InetSocketAddress to, String attrs) {
        node.replaceAll(List.of(TestNode.setWithAttrs("sip:" + SipText.hostPort(to) + ";transport=tls", attrs)));
        caller.send(udpSocket, Requests.udp(caller.address()).of(method, call));
    }

    private void assertVictimIsNotReachedBy(OpenSslPeer peer, InetSocketAddress victim) {
        UdpPeer caller = closing(new UdpPeer(HOST));
        String call = Requests.newCall();

        send("INVITE", call, caller, victim, "tls_name=" + NAME);

        assertThat(caller.awaitResponse(500, "INVITE", call)).isNotNull();
        assertThat(peer.requests("INVITE")).isEmpty();
    }

    @Test
    void anUncheckedServerGetsNoRequestsToAnotherAddressByAnAlias() {
        start("tls.client_domains.lab { verify_cert = off }");
        InetSocketAddress victim = Ports.freeAddress(HOST);
        String ofServer = Requests.newCall();
        OpenSslPeer lab = closing(OpenSslPeer.listening(
                Ports.freeAddress(HOST),
                (peer, request) -> {
                    // Only the first message on a connection can ask for an alias.
                    peer.send(aliasRequest(victim, ofServer));
                    peer.send(SipText.response(request, 200, "lab"));
                },
                "-cert",
                file("stranger.pem"),
                "-key",
                file("stranger.key")));
        UdpPeer caller = closing(new UdpPeer(HOST));
        String call = Requests.newCall();
        send("OPTIONS", call, caller, lab.address(), "tls_domain=lab");
        caller.awaitResponse(200, "OPTIONS", call);
        lab.awaitResponse(200, "OPTIONS", ofServer);

        assertVictimIsNotReachedBy(lab, victim);
    }

    @ParameterizedTest
    @CsvSource({"stranger, other", "client, ca"})
    void aClientWhoseCertificateWouldNotDoForAServerGetsNoRequestsForItsName(String certificate, String authority) {
        start("tls.server_domains.default { verify_cert = on, require_cert = on, ca_list = \""
                + file(authority + ".pem") + "\" }");
        InetSocketAddress victim = Ports.freeAddress(HOST);
        OpenSslPeer client = closing(OpenSslPeer.connected(
                tlsSocket,
                (peer, request) -> peer.send(SipText.response(request, 200, "client")),
                "-cert",
                file(certificate + ".pem"),
                "-key",
                file(certificate + ".key")));
        String call = Requests.newCall();
        client.send(aliasRequest(victim, call));
        client.awaitResponse(200, "OPTIONS", call);

        assertVictimIsNotReachedBy(client, victim);
    }

    @Test
    void aClientThatResumesASessionAfterItsCertificateHasExpiredIsRefused() {
        NodeCertificates authority = new NodeCertificates(directory.resolve("expiring"), "clients");
        start("tls.server_domains.default { verify_cert = on, require_cert = on, ca_list = \""
                + directory.resolve("expiring/ca.pem") + "\" }");
        SSLContext[] client = new SSLContext[1];

        authority.expired(NAME, files -> {
            client[0] = TlsContext.of(
                    List.of(KeyCertificate.read(
                            new PemFile("--cert", files + "/node.pem"), new PemFile("--key", files + "/node.key"))),
                    new PemFile("--ca", file("ca.pem")).certificates());
            return isAnswered(client[0]);
        });

        // On a slow host the first certificates have expired before they were used.
        long before = expired();
        assertThat(isAnswered(client[0])).isFalse();
        await(() -> expired() == before + 1);
    }

    private long expired() {
        return node.traffic().handshakes().tls().failures(Side.SERVER, TlsFailure.EXPIRED);
    }

    /** Whether the node answers a request on a new connection, which resumes the session of the one before. */
    private boolean isAnswered(SSLContext context) {
        try (Socket plain = new Socket(tlsSocket.getAddress(), tlsSocket.getPort());
                SSLSocket socket =
                        (SSLSocket) context.getSocketFactory().createSocket(plain, HOST, tlsSocket.getPort(), true)) {
            String request = Requests.tls(tlsSocket)
                    .of("OPTIONS", Requests.newCall())
                    .replaceFirst("sip:callee@example.com", "sip:" + SipText.hostPort(tlsSocket) + ";transport=tls");
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return socket.getInputStream().read() == 'S';
        } catch (IOException e) {
            return false;
        }
    }
}
