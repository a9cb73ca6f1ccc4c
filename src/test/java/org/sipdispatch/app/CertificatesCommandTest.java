package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.tls.CertifiedHost;
import org.sipdispatch.tls.PemFile;

class CertificatesCommandTest {
    @TempDir
    private Path above;

    private String directory;

    @BeforeEach
    void makeAnAuthority() {
        directory = above.resolve("certificates").toString();
        assertThat(ProgramRun.of("certificates", "ca", "--dir", directory).status())
                .isZero();
    }

    private ProgramRun node(String... hosts) {
        return ProgramRun.of(Stream.concat(Stream.of("certificates", "node", "--dir", directory), Stream.of(hosts))
                .toArray(String[]::new));
    }

    private Path file(String name) {
        return Path.of(directory, name);
    }

    @Test
    void whatItMakesForANodeIsWhatTheNodeTakes() throws IOException {
        ProgramRun made = node("127.0.0.1", "node1.example.com");

        assertThat(made.status()).isZero();
        assertThat(made.out())
                .startsWith(file("127.0.0.1") + ": for 127.0.0.1, node1.example.com, valid until ")
                .contains("copy it to the node");
        assertThat(made.err()).isEmpty();
        assertThat(check("127.0.0.1").out()).startsWith("ok: ");
        assertThat(check("127.0.0.2").out())
                .contains("my.conf:4: error: cluster.tls: " + file("127.0.0.1/node.pem")
                        + " (expected: a certificate for 127.0.0.2, the cluster.host; this one is for 127.0.0.1,"
                        + " node1.example.com)");
    }

    /** Checks the configuration of a node at that host with the certificate for 127.0.0.1. */
    private ProgramRun check(String host) throws IOException {
        Path configuration = Files.writeString(above.resolve("my.conf"), """
                sip-dispatcher {
                  sockets.main = "udp:127.0.0.1:5060"
                  partitions.default.db_url = "file:%s"
                  cluster { host = "%s", tls = "%s" }
                  rules = [ { select.set = 1 } ]
                }
                """.formatted(
                        Files.writeString(above.resolve("list"), "1 sip:127.0.0.1:5080"), host, file("127.0.0.1")));
        return ProgramRun.of("check", configuration.toString());
    }

    @Test
    void onlyTheUserThatRunsItMayReadTheFiles() throws IOException {
        node("10.0.0.1");

        try (Stream<Path> files = Files.walk(Path.of(directory))) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertThat(all).hasSize(5);
            for (Path file : all) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void aSecondAuthorityIsRefusedInTheSameDirectory() throws IOException {
        String key = Files.readString(file("ca.key"));

        ProgramRun again = ProgramRun.of("certificates", "ca", "--dir", directory);

        assertThat(again.status()).isEqualTo(2);
        assertThat(again.err()).startsWith("--dir: " + directory + " (expected: a directory without ca.key");
        assertThat(Files.readString(file("ca.key"))).isEqualTo(key);
    }

    @Test
    void anAuthorityWhoseKeyIsElsewhereIsNotReplaced() throws IOException {
        Files.move(file("ca.key"), above.resolve("ca.key"));
        String certificate = Files.readString(file("ca.pem"));

        ProgramRun again = ProgramRun.of("certificates", "ca", "--dir", directory);

        assertThat(again.status()).isEqualTo(2);
        assertThat(again.err()).startsWith("--dir: " + directory + " (expected: a directory without ca.pem");
        assertThat(Files.readString(file("ca.pem"))).isEqualTo(certificate);
        assertThat(file("ca.key")).doesNotExist();
    }

    @Test
    void aSecondCertificateOfANodeReplacesTheFirst() throws IOException {
        node("10.0.0.1");
        String first = Files.readString(file("10.0.0.1/node.pem"));

        assertThat(node("10.0.0.1").status()).isZero();

        assertThat(Files.readString(file("10.0.0.1/node.pem"))).isNotEqualTo(first);
    }

    private List<String> names(String node) {
        return CertifiedHost.in(new PemFile("node", file(node + "/node.pem").toString())
                .certificates()
                .get(0));
    }

    @Test
    void aRenewalKeepsTheNamesUnlessThereAreNewOnes() {
        node("10.0.0.1", "node1.example.com", "10.1.0.1");

        assertThat(node("10.0.0.1", "--days", "30").out())
                .startsWith(file("10.0.0.1") + ": for 10.0.0.1, node1.example.com, 10.1.0.1, valid until ");
        assertThat(names("10.0.0.1")).containsExactly("10.0.0.1", "node1.example.com", "10.1.0.1");

        node("10.0.0.1", "other.example.com");
        assertThat(names("10.0.0.1")).containsExactly("10.0.0.1", "other.example.com");
    }

    @Test
    void aRenewalOfAnUnreadableCertificateNeedsItsNames() throws IOException {
        node("10.0.0.1", "node1.example.com");
        Files.writeString(file("10.0.0.1/node.pem"), "none");

        ProgramRun run = node("10.0.0.1");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .startsWith(
                        "HOST: 10.0.0.1 (expected: all names of the node, because those of its certificate cannot be"
                                + " read; HOST: " + file("10.0.0.1/node.pem"));
        assertThat(node("10.0.0.1", "node1.example.com").status()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "node a/b          | HOST: a/b (expected: a host name or an IP address)",
                "node a --days 0   | --days: 0 (expected: 1 to 36500)",
                "node a --dir none | --dir: none/ca.pem (expected: a PEM file that can be read)",
                "ca --name \"      | --name: \" (expected: 1 to 64 letters",
                "ca --days x       | command line: ",
            })
    void whatCannotBeMadeIsRefusedInOneLine(String arguments, String message) {
        ProgramRun run = ProgramRun.of(Stream.concat(Stream.of("certificates"), Stream.of(arguments.split(" ")))
                .toArray(String[]::new));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith(message).hasLineCount(1);
    }
}
