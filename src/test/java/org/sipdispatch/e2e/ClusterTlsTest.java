package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.agents.NodeCertificates;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.tls.KeyCertificate;
import org.sipdispatch.tls.PemFile;
import org.sipdispatch.tls.TlsContext;

/** Three nodes with TLS between them, whose certificates are replaced while they run, and others who want to join. */
class ClusterTlsTest {
    private static final int NODES = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path directory;

    private static NodeCertificates authority;
    private static ClusterNodes cluster;

    @BeforeAll
    static void startThreeNodes() {
        authority = new NodeCertificates(directory.resolve("first"), "first authority");
        IntStream.range(0, NODES)
                .forEach(i -> copy(authority.node(host(i), host(i)), host(i), "ca", "key", "certificate"));
        String url = EmbeddedPostgres.jdbcUrl("cluster-tls");
        ClusterNodes.table(url, "setid, destination", List.of("1, 'sip:127.0.0.1:5099'"));
        cluster = ClusterNodes.start(new ClusterNodes.Plan(NODES, url, """
                cluster { tls = "%s/$host", acceptable-heartbeat-pause = 3s }
                rules = [ { select.set = 1 } ]
                """.formatted(directory)));
    }

    @AfterAll
    static void stop() {
        cluster.stop();
    }

    private static String host(int node) {
        return ClusterNodes.host(node);
    }

    /** Copies files of a node's certificate to the directory that the node reads: the key first, as a careful operator does. */
    private static void copy(Path from, String host, String... parts) {
        try {
            Files.createDirectories(directory.resolve(host));
            for (String part : parts) {
                String name = part.equals("ca") ? "ca.pem" : part.equals("key") ? "node.key" : "node.pem";
                Files.copy(
                        from.resolve(name), directory.resolve(host).resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> members() {
        return IntStream.range(0, NODES)
                .mapToObj(
                        i -> cluster.get(i, "/cluster/members").path("members").findValuesAsText("nodeUid"))
                .map(uids -> String.join(",", uids.stream().sorted().toList()))
                .toList();
    }

    /** The issuer of the certificate that the node presents to a client of ours. */
    private static String issuer(int node, NodeCertificates from) throws IOException {
        String name = cluster.name(node);
        int port = Integer.parseInt(name.substring(name.lastIndexOf(':') + 1));
        Path own = from.node("client", "client");
        KeyCertificate client =
                KeyCertificate.read(new PemFile("test", own + "/node.pem"), new PemFile("test", own + "/node.key"));
        try (SSLSocket socket =
                (SSLSocket) TlsContext.of(List.of(client), from.pem("ca.pem").certificates())
                        .getSocketFactory()
                        .createSocket(host(node), port)) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getIssuerX500Principal()
                    .getName();
        }
    }

    /** Replaces files of these nodes at the same time, and waits until they use the new ones. */
    private static void replace(NodeCertificates with, List<String> parts, int... nodes) {
        int[] before = IntStream.of(nodes).map(ClusterTlsTest::uses).toArray();
        IntStream.of(nodes)
                .forEach(node -> copy(with.node(host(node), host(node)), host(node), parts.toArray(String[]::new)));
        for (int i = 0; i < nodes.length; i++) {
            int index = i;
            await().atMost(PATIENCE).until(() -> uses(nodes[index]) > before[index]);
        }
    }

    private static int uses(int node) {
        return cluster.node(node).log().split("use new files", -1).length;
    }

    @Test
    void authorityAndCertificatesAreReplacedNodeByNodeAndNoNodeLeaves() throws IOException {
        List<String> before = members();
        NodeCertificates next = new NodeCertificates(directory.resolve("next"), "next authority");
        String both = NodeCertificates.read(directory.resolve("first/ca.pem"))
                + NodeCertificates.read(directory.resolve("next/ca.pem"));
        assertThat(issuer(0, authority)).isEqualTo("CN=first authority");

        NodeCertificates.write(directory.resolve("first/ca.pem"), both);
        replace(authority, List.of("ca"), 0, 1, 2);
        for (int i = 0; i < NODES; i++) {
            replace(next, List.of("key", "certificate"), i);
        }
        replace(next, List.of("ca"), 0, 1, 2);

        assertThat(members()).isEqualTo(before);
        assertThat(issuer(0, next)).isEqualTo("CN=next authority");
        // All its connections are new.
        cluster.kill(1);
        cluster.restart(1);
        cluster.awaitMembers(NODES);
        authority = next;
    }

    private static NodeProcess intruder(String tls) {
        String host = ClusterNodes.host(NODES);
        String port = cluster.name(0).substring(cluster.name(0).lastIndexOf(':') + 1);
        return NodeProcess.begin(
                List.of(), """
                sockets.main = "udp:%1$s:%2$d"
                relay.secret = "of this test"
                cluster { host = "%1$s", port = %3$s, wait-for-view = 1s, insecure = yes
                  seed-nodes = [ "%1$s:%3$s", "127.0.0.1:%3$s", "127.0.0.2:%3$s", "127.0.0.3:%3$s" ]
                  %4$s }
                management { enabled = off }
                partitions.default.db_url = "file:$list"
                journal.db_url = "%5$s"
                rules = [ { select.set = 1 } ]
                """.formatted(host, Ports.next(), port, tls, cluster.jdbcUrl()), "1 sip:127.0.0.1:5099");
    }

    /** Each side logs what it refuses, and the intruder also that it was refused. */
    @Test
    void aNodeWithACertificateOfAnotherAuthorityStaysOutAndBothSidesLogWhy() {
        Path own =
                new NodeCertificates(directory.resolve("strangers"), "strangers").node("out", ClusterNodes.host(NODES));
        NodeCertificates.write(
                own.resolve("ca.pem"),
                NodeCertificates.read(own.resolve("ca.pem"))
                        + NodeCertificates.read(directory.resolve(host(0)).resolve("ca.pem")));
        List<String> before = members();
        NodeProcess intruder = intruder("tls = \"" + own + "\"");
        try {
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(intruder.log()).contains("Received fatal alert: certificate");
                assertThat(cluster.node(0).log())
                        .contains("the certificate of a client is refused: subject CN=" + ClusterNodes.host(NODES)
                                + ", issuer CN=strangers: no accepted authority has signed it");
            });
            assertThat(members()).isEqualTo(before);
        } finally {
            intruder.kill();
        }
    }
}
