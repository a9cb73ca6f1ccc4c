package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.NodeCertificates;

class ReadableSecretsTest {
    @TempDir
    private Path directory;

    private List<String> warnings(String mode, String settings) throws IOException {
        Path file = Files.writeString(directory.resolve("my.conf"), "sip-dispatcher {\n" + settings + "\n}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        Config config = ConfigFactory.parseFile(file.toFile())
                .withFallback(ConfigFactory.parseString("""
                        sip-dispatcher { home = ".", sockets.main = "udp:127.0.0.1:5060"
                          partitions.default.db_url = "file:conf/dispatcher.list", rules = [ { select.set = 1 } ] }
                        FROM_ELSEWHERE = hidden-secret
                        """))
                .withFallback(ConfigFactory.defaultReferenceUnresolved())
                .resolve()
                .getConfig("sip-dispatcher");
        return ReadableSecrets.warnings(config, NodeSettings.from(config));
    }

    @Test
    void aFileWithSecretsThatOthersCanReadIsNamedWithTheirKeysAndWithoutTheirValues() throws IOException {
        String settings = """
                relay.secret = hidden-secret
                management.tokens = [ { name = a, token = hidden-and-long-enough, role = read } ]
                journal.db_url = "jdbc:h2:mem:x;PASSWORD=hidden"
                events.webhook = [ "https://a:hidden@127.0.0.1/" ]
                """;

        assertThat(warnings("rw-r--r--", settings))
                .singleElement()
                .asString()
                .startsWith(directory + "/my.conf: other users can read it, and it contains ")
                .contains("relay.secret", "management.tokens[0].token", "journal.db_url", "events.webhook[0]")
                .doesNotContain("hidden");
        assertThat(warnings("rw-r-----", settings)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"?token=hidden", "?a=b&api-key=hidden", "?client_secret=hidden", "?x.password=hidden"})
    void aSecretInTheQueryOfAUrlCounts(String query) throws IOException {
        String settings = "events.webhook = [ \"https://127.0.0.1/x" + query + "\" ]\n"
                + "partitions.a.db_url = \"https://127.0.0.1/x" + query + "\"";

        assertThat(warnings("rw-r--r--", settings))
                .singleElement()
                .asString()
                .contains("events.webhook[0]", "partitions.a.db_url")
                .doesNotContain("hidden");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/x?monkeys=3&keys=1",
                "jdbc:postgresql://127.0.0.1/x?sslkey=/etc/a.key",
                "https://127.0.0.1/x?token=&a=b"
            })
    void aUrlWithoutASecretDoesNotCount(String url) throws IOException {
        assertThat(warnings("rw-r--r--", "partitions.a.db_url = \"" + url + "\""))
                .isEmpty();
    }

    @Test
    void aKeyThatIsNoPathIsLeftToTheCheckOfTheFiles() throws IOException {
        assertThat(warnings("rw-------", "cluster.tls = \"\\u0000\"")).isEmpty();
    }

    @Test
    void aFileWhoseSecretsAreElsewhereIsNotNamed() throws IOException {
        assertThat(warnings("rw-r--r--", "relay.secret = ${FROM_ELSEWHERE}")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cluster.tls = \"NODE\"",
                "management.tls { certificate = \"NODE/node.pem\", key = \"NODE/node.key\" }",
                "tls.server_domains.default { certificate = \"NODE/node.pem\", private_key = \"NODE/node.key\" }",
                "tls.client_domains.trunk { certificate = [\"NODE/node.pem\"], private_key = [\"NODE/node.key\"] }"
            })
    void aPrivateKeyThatOthersCanReadIsNamedOnce(String setting) throws IOException {
        Path node = new NodeCertificates(directory, "authority").node("node", "127.0.0.1");
        String settings = setting.replace("NODE", node.toString());

        assertThat(warnings("rw-------", settings)).isEmpty();
        Files.setPosixFilePermissions(node.resolve("node.key"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(warnings("rw-------", settings))
                .containsExactly(node + "/node.key: a private key that other users can read (expected: a file for the"
                        + " user of this program only, as by chmod 600)");
    }
}
