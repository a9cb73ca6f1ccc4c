package org.sipdispatch.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.NodeCertificates;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.tls.PemFile;

class ClusterSettingsTest {
    @Test
    void seedNodesFromTheEnvironmentComeInOneText() {
        ClusterSettings settings =
                settings("insecure = yes, host = a, port = 2552, seed-nodes = \"a:2552, b:2552,c:2552\"");

        assertThat(settings.seedNodes()).containsExactly("a:2552", "b:2552", "c:2552");
        assertThat(settings.others()).containsExactly("b:2552", "c:2552");
        assertThat(settings.hasPeers()).isTrue();
    }

    @Test
    void seedNodesInAFileAreAList() {
        assertThat(settings("insecure = yes, host = a, port = 1, seed-nodes = [ \"a:1\", \"b:1\" ]")
                        .seedNodes())
                .containsExactly("a:1", "b:1");
    }

    @Test
    void anEmptyVariableStandsForNoSeedNodes() {
        assertThat(settings("seed-nodes = \"\"").hasPeers()).isFalse();
    }

    @Test
    void aNodeThatIsNotAmongTheSeedNodesIsRefused() {
        assertThatThrownBy(() -> settings("insecure = yes, host = c, port = 1, seed-nodes = \"a:1,b:1\""))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("this one (c:1) included");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host = 10.0.0.1",
                "host = node1.example.com",
                "host = 127.0.0.1, bind-host = 0.0.0.0",
                "host = 10.0.0.1, port = 1, seed-nodes = \"10.0.0.1:1,10.0.0.2:1\"",
                "host = 10.0.0.1, bootstrap = on",
            })
    void anAddressThatOthersReachNeedsTlsOrTheWordThatItDoesNot(String cluster) {
        assertThatThrownBy(() -> settings(cluster))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("cluster.tls: nothing (expected: ")
                .hasMessageContaining("cluster.insecure = yes");
        assertThat(settings(cluster + ", insecure = yes").isOpen()).isTrue();
        assertThat(settings(cluster + ", tls = \"/etc/tls\"").isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host = 127.0.0.2", "host = localhost", "host = 10.0.0.1, bind-host = \"::1\""})
    void aLoopbackAddressNeedsNone(String cluster) {
        assertThat(settings(cluster).isOpen()).isFalse();
    }

    @Test
    void aDirectoryOrABlockNamesTheFiles() {
        assertThat(settings("tls = \"/etc/tls\"").tls().files())
                .extracting(PemFile::path)
                .containsExactly("/etc/tls/node.pem", "/etc/tls/node.key", "/etc/tls/ca.pem");
        NodeCertificate block = settings("tls { certificate = a, key = b, ca = c, names = nodes.example.com }")
                .tls();
        assertThat(block.files()).extracting(PemFile::path).containsExactly("a", "b", "c");
        assertThat(block.names()).hasToString("[nodes.example.com]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tls { certificate = a, key = b }                    | cluster.tls.ca: nothing (expected: a PEM file)",
                "tls { certificate = a, key = b, ca = c, names = [ \"a b\" ] } | cluster.tls.names: a b (expected: host names",
                "tls { certificate = a, key = b, ca = c, cert = d }   | cluster.tls.cert: an unknown key",
            })
    void aBlockThatIsNotCompleteIsRefused(String cluster, String message) {
        assertThatThrownBy(() -> settings(cluster))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith(message);
    }

    private static void check(String host, Path directory) {
        settings("host = \"" + host + "\", tls = \"" + directory + "\"").checkFiles();
    }

    @Test
    void aCertificateThatTheOthersWouldRefuseIsRefusedAtTheStart(@TempDir Path directory) {
        NodeCertificates authority = new NodeCertificates(directory, "authority");
        Path node = authority.node("node", "10.0.0.1", "node1");
        check("10.0.0.1", node);
        check("node1", node);

        assertThatThrownBy(() -> check("10.0.0.2", node))
                .isInstanceOf(SettingException.class)
                .hasMessage(
                        "cluster.tls: " + node + "/node.pem (expected: a certificate for 10.0.0.2, the cluster.host;"
                                + " this one is for 10.0.0.1, node1)");
        new NodeCertificates(directory, "another");
        NodeCertificates.write(node.resolve("ca.pem"), NodeCertificates.read(directory.resolve("ca.pem")));
        assertThatThrownBy(() -> check("10.0.0.1", node))
                .hasMessageContaining("that the other nodes accept; no accepted authority has signed it");
        assertThatThrownBy(() -> check("10.0.0.1", directory))
                .hasMessage("cluster.tls: " + directory + "/node.pem (expected: a PEM file that can be read)");
    }

    private static ClusterSettings settings(String cluster) {
        return ClusterSettings.from(Section.root(ConfigFactory.parseString("sip-dispatcher.cluster { " + cluster + " }")
                        .withFallback(ConfigFactory.defaultReferenceUnresolved())
                        .resolve()
                        .getConfig("sip-dispatcher"))
                .section("cluster"));
    }
}
