package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.agents.Ports;

/**
 * Calls through a node between two Kamailio proxies, with TLS and certificates in both directions, and from or to SIPp over
 * UDP. The callee asks for something within each call, and hangs up in half of them.
 */
@Tag("long")
@Timeout(300)
class TlsWithKamailioTest {
    private static final int CALLS = 1000;
    private static final int PER_SECOND = 25;

    @TempDir
    static Path directory;

    private static final TlsNode NODE = new TlsNode();
    private static final int BEFORE_UDP = Ports.next();
    private static final int BEHIND_UDP = Ports.next();
    private static Certificates certificates;
    private static Kamailio before;
    private static Kamailio behind;
    private static Sipp callee;

    @BeforeAll
    static void start() {
        Kamailio.require();
        assertThat(Sipp.isPresent()).as("SIPp is installed").isTrue();
        certificates = new Certificates(directory);
        certificates.authority("ca");
        certificates.signed("node", "IP:127.0.0.1", "ca", "", "-days 2");
        certificates.signed("peer", "IP:127.0.0.1,DNS:peer.example.com", "ca", "", "-days 2");
        callee = Sipp.calleeThatHangsUpInHalf();
        before = Kamailio.start(
                certificates, BEFORE_UDP, "sip:127.0.0.1:" + NODE.tls().getPort() + ";transport=tls");
        behind = Kamailio.start(certificates, BEHIND_UDP, "sip:127.0.0.1:" + callee.port());
        NODE.start(
                certificates,
                """
                tls.server_domains.default { verify_cert = on, require_cert = on, accepted_names = [peer.example.com] }
                rules = [
                  { when { ruri = "^sip:to-tls@" }, select { set = 1, alg = 4 } }
                  { when { ruri = "^sip:to-udp@" }, select { set = 2, alg = 4 } }
                ]
                """,
                "1 sip:127.0.0.1:%d;transport=tls%n2 sip:127.0.0.1:%d%n".formatted(behind.tlsPort(), callee.port()));
    }

    @AfterAll
    static void close() {
        NODE.close();
        Stream.of(before, behind).filter(Objects::nonNull).forEach(Kamailio::close);
        if (callee != null) {
            callee.close();
        }
    }

    @ParameterizedTest(name = "in over {0}, out over {1}")
    @CsvSource({"tls, tls", "udp, tls", "tls, udp"})
    void noneOfTheCallsFails(String in, String out) {
        int port = in.equals("tls") ? BEFORE_UDP : NODE.udp().getPort();
        long began = System.nanoTime();

        try (Sipp caller = Sipp.callerThatFollows("to-" + out, port, CALLS, PER_SECOND)) {
            assertThat(caller.failedCalls()).isZero();
            assertThat(caller.goodCalls()).isEqualTo(CALLS);
            assertThat(caller.counted("9_BYE_Recv")).isEqualTo(CALLS / 2);
        }

        System.out.printf(
                "figures: %d calls in over %s, out over %s with Kamailio, %d ended by the callee: 0 failed, %d s%n",
                CALLS, in, out, CALLS / 2, (System.nanoTime() - began) / 1_000_000_000);
        for (String peer : new String[] {"client", "server"}) {
            System.out.printf(
                    "figures: handshakes with %ss completed so far: %d%n", peer, NODE.handshakes(peer, "completed"));
        }
        assertThat(NODE.log()).doesNotContain("WARN  TlsHandshakes");
    }

    @Test
    void kamailioAcceptsOnlyPeersWithACertificate() throws IOException {
        try (SSLSocket socket = connected("peer")) {
            socket.startHandshake();
        }
        try (SSLSocket socket = connected("")) {
            assertThatThrownBy(socket::startHandshake).isInstanceOf(IOException.class);
        }
    }

    private static SSLSocket connected(String certificate) throws IOException {
        Socket plain = new Socket("127.0.0.1", behind.tlsPort());
        SSLSocket socket = (SSLSocket) certificates
                .client("ca", certificate)
                .getSocketFactory()
                .createSocket(plain, "127.0.0.1", behind.tlsPort(), true);
        // With TLS 1.3 a client learns of the refusal only after its handshake.
        socket.setEnabledProtocols(new String[] {"TLSv1.2"});
        return socket;
    }
}
