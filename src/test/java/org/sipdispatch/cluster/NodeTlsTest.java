package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.ConfigFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.agents.EngineHandshake;
import org.sipdispatch.agents.NodeCertificates;
import org.sipdispatch.membership.ClusterSettings;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.tls.CertificatesInUse;
import org.sipdispatch.tls.KeyCertificate;
import org.sipdispatch.tls.TlsContext;
import org.slf4j.LoggerFactory;

/** Handshakes between the engines of two nodes, in memory. */
class NodeTlsTest {
    private static final int PORT = 2552;
    private static final int BUFFER = EngineHandshake.BUFFER;

    @TempDir
    private Path directory;

    private NodeCertificates authority;
    private NodeCertificates strangers;

    private final List<String> warnings = new ArrayList<>();
    private final CertificatesInUse certificates = new CertificatesInUse(Duration.ofDays(14), warnings::add);

    /** What the nodes logged about refusals. */
    private final List<String> refusals = new ArrayList<>();

    @BeforeEach
    void makeAuthorities() {
        authority = new NodeCertificates(directory.resolve("ours"), "ours");
        strangers = new NodeCertificates(directory.resolve("theirs"), "theirs");
    }

    private NodeTls node(String name, String host, Path files, String more) {
        String settings = "sip-dispatcher.cluster { host = \"" + host + "\", tls { certificate = \"" + files
                + "/node.pem\", key = \"" + files + "/node.key\", ca = \"" + files + "/ca.pem\" " + more + " } }";
        ClusterSettings cluster = ClusterSettings.from(Section.root(ConfigFactory.parseString(settings)
                        .withFallback(ConfigFactory.defaultReferenceUnresolved())
                        .resolve()
                        .getConfig("sip-dispatcher"))
                .section("cluster"));
        return new NodeTls(cluster, why -> refusals.add(name + ": " + why));
    }

    private NodeTls node(String name, NodeCertificates from, String... hosts) {
        return node(name, hosts[0], from.node(name, hosts), "");
    }

    /** {@code client} connects to {@code server} at that host; returns the issuer of the server's certificate. */
    private static String connect(NodeTls client, NodeTls server, String host) throws SSLException {
        SSLEngine from = client.createClientSSLEngine(host, PORT);
        SSLEngine to = server.createServerSSLEngine("0.0.0.0", PORT);
        EngineHandshake.run(from, to);
        return from.getSession().getPeerPrincipal().getName();
    }

    @Test
    void nodesOfOneAuthorityConnect() throws SSLException {
        NodeTls one = node("one", authority, "10.0.0.1");
        NodeTls two = node("two", authority, "10.0.0.2", "node2.example.com");

        assertThat(connect(one, two, "10.0.0.2")).isEqualTo("CN=10.0.0.2");
        assertThat(connect(one, two, "node2.example.com")).isEqualTo("CN=10.0.0.2");
        assertThat(refusals).isEmpty();
    }

    @Test
    void aServerOfAnotherAuthorityIsRefusedAndBothSidesSayWhy() {
        NodeTls one = node("one", authority, "10.0.0.1");
        NodeTls stranger = node("stranger", strangers, "10.0.0.2");
        assertThat(one.recentFailure()).isEmpty();

        assertThatThrownBy(() -> connect(one, stranger, "10.0.0.2")).isInstanceOf(SSLException.class);

        assertThat(refusals)
                .containsExactly("one: the certificate of 10.0.0.2:2552 is refused: subject CN=10.0.0.2, issuer"
                        + " CN=theirs: no accepted authority has signed it");
        assertThat("one: " + one.recentFailure()).isEqualTo(refusals.get(0));
    }

    @Test
    void aClientOfAnotherAuthorityIsRefusedEvenIfItTrustsOurs() {
        Path files = strangers.node("stranger", "10.0.0.2");
        NodeCertificates.write(
                files.resolve("ca.pem"),
                NodeCertificates.read(directory.resolve("ours").resolve("ca.pem"))
                        + NodeCertificates.read(directory.resolve("theirs").resolve("ca.pem")));
        NodeTls one = node("one", authority, "10.0.0.1");

        assertThatThrownBy(() -> connect(node("stranger", "10.0.0.2", files, ""), one, "10.0.0.1"))
                .isInstanceOf(SSLException.class);

        assertThat(refusals)
                .containsExactly(
                        "one: the certificate of a client is refused: subject CN=10.0.0.2, issuer CN=theirs: no"
                                + " accepted authority has signed it");
    }

    @Test
    void aServerMustBeTheHostThatIsCalled() {
        NodeTls one = node("one", authority, "10.0.0.1");
        NodeTls two = node("two", authority, "10.0.0.2");

        assertThatThrownBy(() -> connect(one, two, "10.0.0.3")).isInstanceOf(SSLException.class);
        assertThat(refusals)
                .singleElement()
                .asString()
                .contains("10.0.0.3:2552 is refused")
                .contains("10.0.0.3 found");
    }

    @Test
    void withNamesBothSidesNeedOneOfThemWhereverTheyAre() throws SSLException {
        String names = ", names = [ nodes.example.com ]";
        NodeTls one = node("one", "10.0.0.1", authority.node("one", "nodes.example.com"), names);
        NodeTls two = node("two", "10.0.0.2", authority.node("two", "nodes.example.com"), names);
        String more = ", names = [ nodes.example.com, \"10.0.0.3\" ]";
        NodeTls other = node("other", "10.0.0.3", authority.node("other", "10.0.0.3"), more);

        assertThat(connect(one, two, "10.0.0.2")).isEqualTo("CN=nodes.example.com");
        assertThatThrownBy(() -> connect(one, other, "10.0.0.3")).isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> connect(other, one, "10.0.0.1")).isInstanceOf(SSLException.class);
        assertThat(refusals)
                .containsExactly(
                        "one: the certificate of 10.0.0.3:2552 is refused: subject CN=10.0.0.3, issuer CN=ours: valid for"
                                + " 10.0.0.3 (expected: nodes.example.com)",
                        "one: the certificate of a client is refused: subject CN=10.0.0.3, issuer CN=ours: valid for"
                                + " 10.0.0.3 (expected: nodes.example.com)");
    }

    @Test
    void aNodeWithoutTlsIsTold() {
        SSLEngine engine = node("one", authority, "10.0.0.1").createServerSSLEngine("0.0.0.0", PORT);
        ByteBuffer plain = ByteBuffer.wrap("AKKA and more of Artery".getBytes(StandardCharsets.US_ASCII));

        assertThatThrownBy(() -> engine.unwrap(plain, ByteBuffer.allocate(BUFFER)))
                .isInstanceOf(SSLException.class);

        assertThat(refusals)
                .containsExactly("one: a connection from another host failed: the other side does not use TLS");
    }

    @Test
    void theOtherSideOfARefusalIsTold() {
        NodeTls one = node("one", authority, "10.0.0.1");
        SSLEngine client = node("stranger", strangers, "10.0.0.2").createClientSSLEngine("10.0.0.1", PORT);
        SSLEngine server = one.createServerSSLEngine("0.0.0.0", PORT);
        ByteBuffer there = ByteBuffer.allocate(BUFFER);
        ByteBuffer back = ByteBuffer.allocate(BUFFER);

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 20; i++) {
                        stepAndGoOn(client, back, there);
                        EngineHandshake.step(server, there, back);
                    }
                })
                .isInstanceOf(SSLException.class);

        assertThat(refusals)
                .hasSize(2)
                .last()
                .asString()
                .startsWith("one: a connection from another host failed: the" + " other side refuses our certificate");
    }

    /** A failed engine still has its alert to send. */
    private static void stepAndGoOn(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        try {
            EngineHandshake.step(engine, in, out);
        } catch (SSLException e) {
            engine.wrap(ByteBuffer.allocate(0), out);
        }
    }

    @Test
    void aNodeWhoseCertificateIsForClientsOnlyIsRefused() {
        assumeTrue(Certificates.canBeMade(), "no openssl here to make certificates with");
        Certificates openssl = new Certificates(directory.resolve("ours"));
        openssl.signed("node", "IP:10.0.0.2", "ca", "extendedKeyUsage=clientAuth", "-days 2");
        NodeTls one = node("one", authority, "10.0.0.1");
        SSLEngine clientOnly = TlsContext.of(
                        List.of(KeyCertificate.read(authority.pem("node.pem"), authority.pem("node.key"))),
                        authority.pem("ca.pem").certificates())
                .createSSLEngine("10.0.0.1", PORT);
        clientOnly.setUseClientMode(true);

        assertThatThrownBy(() -> EngineHandshake.run(clientOnly, one.createServerSSLEngine("0.0.0.0", PORT)))
                .isInstanceOf(SSLException.class);

        assertThat(refusals)
                .singleElement()
                .asString()
                .startsWith("one: the certificate of a client is refused: ")
                .endsWith("does not permit use for TLS server authentication");
    }

    @Test
    void aNodeWhoseCertificateHasExpiredSinceIsRefusedWhenItResumesItsSession() throws SSLException {
        NodeTls one = node("one", authority, "10.0.0.1");
        NodeTls[] other = new NodeTls[1];
        authority.expired("10.0.0.2", files -> {
            try {
                other[0] = node("other", "10.0.0.2", files, "");
                connect(one, other[0], "10.0.0.2");
                return true;
            } catch (SSLException | SettingException e) {
                return false;
            }
        });
        SSLEngine from = one.createClientSSLEngine("10.0.0.2", PORT);
        EngineHandshake.run(from, other[0].createServerSSLEngine("0.0.0.0", PORT));

        assertThat(one.verifyClientSession("10.0.0.2", from.getSession()).isDefined())
                .isTrue();

        assertThat(refusals).last().asString().startsWith("one: the certificate of 10.0.0.2 is refused: expired");
    }

    @Test
    void newFilesAreForNewConnections() throws SSLException {
        NodeTls one = node("one", authority, "10.0.0.1");
        NodeTls two = node("two", authority, "10.0.0.2");
        SSLEngine old = two.createServerSSLEngine("0.0.0.0", PORT);

        authority.node("two", "10.0.0.2", "renewed.example.com");
        assertThatThrownBy(() -> connect(one, two, "renewed.example.com")).isInstanceOf(SSLException.class);
        two.look(certificates);
        two.look(certificates);

        assertThat(connect(one, two, "renewed.example.com")).isEqualTo("CN=10.0.0.2");
        assertThat(old.isOutboundDone()).isFalse();
        assertThat(certificates.all()).singleElement().satisfies(own -> {
            assertThat(own.names()).containsExactly("10.0.0.2", "renewed.example.com");
            assertThat(own.file().setting()).isEqualTo("cluster.tls.certificate");
        });
        assertThat(warnings).isEmpty();
    }

    @Test
    void aCertificateThatHasExpiredReplacesNoneThatIsValid() throws SSLException {
        NodeTls one = node("one", authority, "10.0.0.1");
        NodeTls two = node("two", authority, "10.0.0.2");

        authority.node("two", Instant.now().minus(Duration.ofDays(9)), Duration.ofDays(8), "10.0.0.2");
        two.look(certificates);
        two.look(certificates);

        assertThat(connect(one, two, "10.0.0.2")).isEqualTo("CN=10.0.0.2");
        assertThat(certificates.all()).isEmpty();
    }

    /** What the log says while a node looks twice. */
    private String twoLooks(NodeTls node) {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Logger log = (Logger) LoggerFactory.getLogger(NodeTls.class);
        log.addAppender(lines);
        try {
            node.look(certificates);
            node.look(certificates);
        } finally {
            log.detachAppender(lines);
        }
        return lines.list.toString();
    }

    @Test
    void aCertificateThatAStartWouldRefuseReplacesNone() throws SSLException {
        NodeTls one = node("one", authority, "10.0.0.1");
        NodeTls two = node("two", authority, "10.0.0.2");
        authority.node("two", "node2.example.com");
        assertThat(twoLooks(two))
                .contains("WARN", "a certificate for 10.0.0.2, the cluster.host; this one is for node2.example.com")
                .contains("connections between nodes use the previous files: subject CN=10.0.0.2,");
        assertThat(connect(one, two, "10.0.0.2")).isEqualTo("CN=10.0.0.2");

        Path theirs = strangers.node("two", "10.0.0.2");
        for (String file : List.of("node.pem", "node.key")) {
            NodeCertificates.write(
                    directory.resolve("ours/two").resolve(file), NodeCertificates.read(theirs.resolve(file)));
        }
        assertThat(twoLooks(two))
                .contains("WARN", "a certificate that the other nodes accept; no accepted authority has signed it");
        assertThat(connect(one, two, "10.0.0.2")).isEqualTo("CN=10.0.0.2");
        assertThat(certificates.all()).isEmpty();

        authority.node("two", "10.0.0.2", "renewed.example.com");
        two.look(certificates);
        two.look(certificates);
        assertThat(connect(one, two, "renewed.example.com")).isEqualTo("CN=10.0.0.2");
    }

    @Test
    void aCertificateOfAnotherHostThatIsNotValidYetReplacesNotEvenOneThatHasExpired() {
        Path files = authority.node("two", Instant.now().minus(Duration.ofDays(9)), Duration.ofDays(8), "10.0.0.2");
        NodeTls two = node("two", "10.0.0.2", files, "");

        authority.node("two", Instant.now().plus(Duration.ofHours(9)), Duration.ofDays(8), "node2.example.com");
        assertThat(twoLooks(two))
                .contains("WARN", "a certificate for 10.0.0.2, the cluster.host; this one is for node2.example.com");
        assertThat(certificates.all()).isEmpty();

        authority.node("two", Instant.now().plus(Duration.ofHours(9)), Duration.ofDays(8), "10.0.0.2");
        assertThat(twoLooks(two)).doesNotContain("WARN");
        assertThat(certificates.all())
                .singleElement()
                .satisfies(own -> assertThat(own.isValid(Instant.now().plus(Duration.ofDays(3))))
                        .isTrue());
    }

    @Test
    void aCertificateThatExpiresSoonIsTold() {
        NodeTls one = node("one", authority, "10.0.0.1");

        authority.node("one", Duration.ofDays(13), "10.0.0.1");
        one.look(certificates);
        one.look(certificates);
        certificates.warn();

        assertThat(warnings)
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .startsWith(
                                "cluster.tls.certificate: " + directory.resolve("ours/one/node.pem") + " expires at ")
                        .contains(": subject CN=10.0.0.1, issuer CN=ours, for 10.0.0.1, valid until "));
    }
}
