package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.AnsweringAgent;
import org.sipdispatch.agents.NodeCertificates;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.tls.PemFile;
import org.sipdispatch.tls.TlsContext;
import org.sipdispatch.transport.NameServer;
import org.xbill.DNS.Type;

/**
 * The configurations in {@code cluster-deploy}, each with three nodes that get all other settings from their
 * environment.
 */
class DeployTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NODES = 3;

    private final int clusterPort = Ports.next();
    private final int httpPort = Ports.next();
    private final int sipPort = Ports.next();
    private final AnsweringAgent destination = AnsweringAgent.start("127.0.0.1", "d");
    private final List<NodeProcess> nodes = new ArrayList<>();
    private String url;
    private String scheme = "http";

    @AfterEach
    void close() {
        nodes.forEach(NodeProcess::terminate);
        nodes.forEach(NodeProcess::awaitEnd);
        destination.close();
    }

    @Test
    @Tag("long")
    void nodesMeetBySeedNodesInTheirEnvironment() {
        List<String> seeds = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            seeds.add(ClusterNodes.host(i) + ":" + clusterPort);
        }

        start("config", Map.of("SIP_DISPATCHER_SEED_NODES", String.join(",", seeds)), "");

        awaitOneCluster();
    }

    @Test
    void nodesMeetByBootstrapWithListedAddressesAndOneThatDiedComesBack() {
        Map<String, String> listed = Map.of(
                "SIP_DISPATCHER_NODE_1", ClusterNodes.host(0),
                "SIP_DISPATCHER_NODE_2", ClusterNodes.host(1),
                "SIP_DISPATCHER_NODE_3", ClusterNodes.host(2));

        start("bootstrap-config", listed, "");

        awaitOneCluster();
        nodes.get(0).kill();
        nodes.set(0, begin("bootstrap-config", 0, listed, ""));
        awaitOneCluster();
    }

    @Test
    @Tag("long")
    void nodesMeetByBootstrapWithTheAddressesOfAName() {
        try (NameServer dns = new NameServer()) {
            dns.put("nodes.example.test", Type.A, ClusterNodes.host(0), ClusterNodes.host(1), ClusterNodes.host(2));
            dns.put("nodes.example.test", Type.AAAA);
            String server = "sip-dispatcher.cluster-system.akka.io.dns.async-dns.nameservers = [ \"127.0.0.1:"
                    + dns.address().getPort() + "\" ]\n";

            start("bootstrap-dns", Map.of("SIP_DISPATCHER_NODES", "nodes.example.test"), server);

            awaitOneCluster();
        }
    }

    @Test
    @Tag("long")
    void nodesMeetByBootstrapOverHttpsWithTlsBetweenThem() {
        scheme = "https";
        Map<String, String> listed = Map.of(
                "SIP_DISPATCHER_NODE_1", ClusterNodes.host(0),
                "SIP_DISPATCHER_NODE_2", ClusterNodes.host(1),
                "SIP_DISPATCHER_NODE_3", ClusterNodes.host(2),
                "WITH_TLS", "yes");

        start("bootstrap-config", listed, """
                sip-dispatcher.management.tls {
                  certificate = ${SIP_DISPATCHER_CLUSTER_TLS}"/node.pem", key = ${SIP_DISPATCHER_CLUSTER_TLS}"/node.key" }
                """);

        awaitOneCluster();
        assertThat(nodes)
                .allSatisfy(node -> assertThat(node.log())
                        .contains("nodes connect with TLS", "management at https://")
                        .doesNotContain("refused"));
    }

    private void start(String way, Map<String, String> environment, String more) {
        url = EmbeddedPostgres.jdbcUrl("deploy-" + way);
        ClusterNodes.table(
                url,
                "setid, destination",
                List.of("1, 'sip:127.0.0.1:" + destination.address().getPort() + "'"));
        for (int i = 0; i < NODES; i++) {
            nodes.add(begin(way, i, environment, more));
        }
    }

    private NodeProcess begin(String way, int node, Map<String, String> environment, String more) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("SIP_DISPATCHER_CLUSTER_HOST", ClusterNodes.host(node));
        all.put("SIP_DISPATCHER_CLUSTER_PORT", String.valueOf(clusterPort));
        all.put("SIP_DISPATCHER_MANAGEMENT_HOST", ClusterNodes.host(node));
        all.put("SIP_DISPATCHER_MANAGEMENT_PORT", String.valueOf(httpPort));
        all.put("SIP_DISPATCHER_SIP_PORT", String.valueOf(sipPort));
        all.put("SIP_DISPATCHER_SECRET", "of this test");
        if (NodeCertificates.IN_ALL_CLUSTERS || environment.containsKey("WITH_TLS")) {
            all.put(
                    "SIP_DISPATCHER_CLUSTER_TLS",
                    NodeCertificates.of(ClusterNodes.host(node)).toString());
        }
        all.put("SIP_DISPATCHER_JOURNAL_URL", url);
        Path file = Path.of("cluster-deploy", way, "sip-dispatcher.conf").toAbsolutePath();
        return NodeProcess.begin("include file(\"" + file + "\")\n" + more, all);
    }

    /** Each node sees all three, is ready, and reaches the destination's only actor. */
    private void awaitOneCluster() {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(200))
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    for (int i = 0; i < NODES; i++) {
                        assertThat(get(i, "/cluster/members").findValuesAsText("status"))
                                .containsExactly("Up", "Up", "Up");
                        assertThat(get(i, "/dispatcher/ready").path("ready").asBoolean())
                                .isTrue();
                        assertThat(get(i, "/dispatcher/destinations").path("destinations"))
                                .hasSize(1);
                    }
                });
    }

    private JsonNode get(int node, String path) throws IOException {
        URI uri = URI.create(scheme + "://" + ClusterNodes.host(node) + ":" + httpPort + path);
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        if (connection instanceof HttpsURLConnection https) {
            PemFile authority = new PemFile("test", NodeCertificates.of(ClusterNodes.host(node)) + "/ca.pem");
            https.setSSLSocketFactory(
                    TlsContext.of(List.of(), authority.certificates()).getSocketFactory());
        }
        connection.setConnectTimeout(2000);
        connection.setReadTimeout(5000);
        try (InputStream answer = connection.getInputStream()) {
            return JSON.readTree(answer);
        }
    }
}
