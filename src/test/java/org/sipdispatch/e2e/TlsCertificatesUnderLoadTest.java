package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.agents.AnsweringAgent;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.TlsCallingAgent;

/** The files of the certificate are replaced again and again while a hundred calls per second arrive over TLS. */
@Tag("long")
@Timeout(300)
class TlsCertificatesUnderLoadTest {
    private static final int CONNECTIONS = 50;
    private static final int CALLS_PER_SECOND = 100;
    private static final int REPLACEMENTS = 20;

    @TempDir
    Path directory;

    private final TlsNode node = new TlsNode();
    private Certificates certificates;
    private SSLContext resuming;
    private int looks;

    @AfterEach
    void close() {
        node.close();
    }

    private void start(AnsweringAgent callee) throws IOException {
        certificates = new Certificates(directory);
        certificates.authority("ca");
        certificates.signed("node", "DNS:even.example.com,IP:127.0.0.1", "ca", "", "-days 2");
        certificates.signed("odd", "DNS:odd.example.com,IP:127.0.0.1", "ca", "", "-days 2");
        replace("node");
        node.start(
                certificates,
                """
                tls.watch_interval = 200ms
                tls.server_domains.default { certificate = "%s", private_key = "%s" }
                rules = [ { select { set = 1, alg = 4 } } ]
                """.formatted(certificates.file("current.pem"), certificates.file("current.key")),
                "1 sip:" + SipText.hostPort(callee.address()) + "\n");
        resuming = certificates.client("ca", "");
    }

    /** Key and certificate do not belong together for a moment, and the certificate is incomplete. */
    private void replace(String name) throws IOException {
        copy(name, ".key");
        String whole = Files.readString(directory.resolve(name + ".pem"));
        Files.writeString(directory.resolve("current.pem"), whole.substring(0, whole.length() / 2));
        copy(name, ".pem");
    }

    private void copy(String name, String suffix) throws IOException {
        Files.copy(
                directory.resolve(name + suffix),
                directory.resolve("current" + suffix),
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Whether a new connection shows a certificate with this name. */
    private boolean shows(SSLContext context, String name) throws IOException, CertificateException {
        looks++;
        try (Socket plain = new Socket()) {
            InetSocketAddress to = node.tls();
            plain.connect(to);
            SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket(plain, "127.0.0.1", to.getPort(), true);
            socket.startHandshake();
            X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return String.valueOf(shown.getSubjectAlternativeNames()).contains(name);
        }
    }

    @Test
    void noCallFailsAllConnectionsStayAndNewOnesShowTheNewCertificate() throws Exception {
        try (AnsweringAgent callee = AnsweringAgent.start("127.0.0.1", "callee")) {
            start(callee);
            try (TlsCallingAgent caller =
                    TlsCallingAgent.start(certificates.client("ca", ""), node.tls(), CONNECTIONS, CALLS_PER_SECOND)) {
                Figures figures = new Figures();
                for (int i = 1; i <= REPLACEMENTS; i++) {
                    long began = System.nanoTime();
                    replace(i % 2 == 0 ? "node" : "odd");
                    String name = i % 2 == 0 ? "even.example.com" : "odd.example.com";
                    // A client that offers to resume its earlier session sees the new certificate, too.
                    Awaitility.await()
                            .pollInterval(Duration.ofMillis(100))
                            .atMost(30, TimeUnit.SECONDS)
                            .until(() -> shows(resuming, name));
                    figures.add((System.nanoTime() - began) / 1e6);
                    assertThat(shows(certificates.client("ca", ""), name)).isTrue();
                }
                caller.finish();

                check(caller, figures);
            }
        }
    }

    private void check(TlsCallingAgent caller, Figures figures) {
        Figures calls = new Figures();
        caller.milliseconds().forEach(calls::add);
        System.out.printf(
                "figures: %d replacements of the certificate, new one shown after: %s; %d calls on %d connections, %d failed: %s%n",
                REPLACEMENTS,
                figures,
                caller.placed(),
                caller.openConnections(),
                caller.failures().size(),
                calls);
        assertThat(caller.failures()).isEmpty();
        assertThat(caller.completed()).isEqualTo(caller.placed()).isGreaterThan(REPLACEMENTS * CALLS_PER_SECOND / 3);
        assertThat(caller.openConnections()).isEqualTo(CONNECTIONS);
        assertThat(node.handshakes("client", "completed"))
                .isBetween((long) CONNECTIONS + REPLACEMENTS, (long) CONNECTIONS + looks);
        assertThat(node.log().split("new files for the next connections: tls.server_domains", -1))
                .hasSize(REPLACEMENTS + 1);
    }
}
