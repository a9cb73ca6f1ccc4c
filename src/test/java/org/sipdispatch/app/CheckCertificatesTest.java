package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.agents.NodeCertificates;

/** What {@code check} says of the certificates of a node. */
class CheckCertificatesTest {
    @TempDir
    Path directory;

    private List<String> check(String settings) throws IOException {
        return printed(settings)
                .lines()
                .filter(line -> line.contains("warning: "))
                .toList();
    }

    private String printed(String settings) throws IOException {
        Path list = Files.writeString(directory.resolve("my.list"), "1 sip:10.0.0.1\n");
        Path file = Files.writeString(directory.resolve("my.conf"), """
                sip-dispatcher {
                  partitions.default { db_url = "file:%s" }
                  rules = [ { select { set = 1 } } ]
                  %s
                }
                """.formatted(list, settings));
        return ProgramRun.of("check", file.toString()).out();
    }

    private Path certificate(int days, String... names) {
        // The validity begins an hour before.
        Instant begin = Instant.now().minus(Duration.ofDays(3));
        return new NodeCertificates(directory, "ours").node("own", begin, Duration.ofDays(days + 3), names);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tls.server_domains.default.private_key | tls.server_domains.default { certificate = CERT, private_key = TEXT }",
                "tls.server_domains.default.private_key | tls.server_domains.default { certificate = [CERT], private_key = [TEXT] }",
                "tls.server_domains.default.ca_list | tls.server_domains.default { certificate = CERT, private_key = KEY, ca_list = TEXT }",
                "management.tls.key | management.tls { certificate = CERT, key = TEXT }",
                "management.tls.client-ca | management.tls { client-ca = TEXT }",
                "cluster.tls.key | cluster.tls { certificate = CERT, key = TEXT, ca = CERT }",
                "cluster.tls | cluster.tls = TEXT",
            })
    void aKeyInPlaceOfItsPathIsNotPrinted(String setting, String settings) throws IOException {
        Path own = certificate(90, "127.0.0.1");
        String key = Files.readString(own.resolve("node.key"));

        String printed =
                printed("sockets.outside = \"" + (setting.startsWith("tls") ? "tls" : "udp") + ":127.0.0.1:5061\"\n"
                        + settings.replace("CERT", "\"" + own + "/node.pem\"")
                                .replace("KEY", "\"" + own + "/node.key\"")
                                .replace("TEXT", "\"\"\"" + key + "\"\"\""));

        assertThat(printed)
                .contains(setting + ": a PEM text (expected: ")
                .doesNotContain(key.lines().toList().get(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TEXT", "\"TEXT\"", "'TEXT'", "[ TEXT ]", "{ TEXT }", "{ \"TEXT\" }"})
    void aKeyWithoutItsQuotesIsNotPrinted(String value) throws IOException {
        // Without + and =, which HOCON refuses before it names a text.
        String line = "MIIBVQIBADANBgkqhkiG9w0BAQEFAASCAT8wggE7AgEAAkEAq7BFUpkGp3LQmlQY";
        String key = "-----BEGIN PRIVATE KEY-----\n" + line + "\n" + line + "\n-----END PRIVATE KEY-----\n";

        String printed = printed("tls.server_domains.default.private_key = " + value.replace("TEXT", key));

        assertThat(printed).contains(": error: ").doesNotContain(line.substring(0, 40));
    }

    private static String tls(Path files) {
        return "tls.server_domains.default { certificate = \"%s/node.pem\", private_key = \"%s/node.key\" }"
                .formatted(files, files);
    }

    @ParameterizedTest
    @CsvSource({
        "sip.example.com, false",
        "SIP.example.com:5071, false",
        "node.other.example.com, false",
        "a.node.other.example.com, true",
        "other.example.com, true",
        "192.0.2.5, false",
    })
    void anAdvertisedNameThatTheCertificateDoesNotHaveIsAWarning(String advertise, boolean isTold) throws IOException {
        Path own = certificate(90, "sip.example.com", "node.other.example.com");

        List<String> warnings = check(
                "sockets.outside { listen = \"tls:127.0.0.1:5061\", advertise = \"" + advertise + "\" }\n" + tls(own));

        assertThat(warnings)
                .hasSize(isTold ? 1 : 0)
                .allSatisfy(line -> assertThat(line)
                        .startsWith(directory + "/my.conf:4: warning: sockets.outside.advertise: " + advertise
                                + " (expected: a name of the certificate in tls.server_domains.default.certificate:"
                                + " sip.example.com, node.other.example.com)"));
    }

    /** RFC 5922 section 7.1: with the SIP URI of a domain the DNS names do not count. */
    @ParameterizedTest
    @CsvSource({"sbc1.example.com, true", "example.com, false"})
    void anAdvertisedNameThatPeersDoNotReadIsAWarning(String advertise, boolean isTold) throws IOException {
        assumeTrue(Certificates.canBeMade(), "no openssl here to make certificates with");
        Certificates certificates = new Certificates(directory);
        certificates.authority("ca");
        certificates.signed("own", "URI:sip:example.com,DNS:sbc1.example.com", "ca", "", "-days 90");

        List<String> warnings = check("sockets.outside { listen = \"tls:127.0.0.1:5061\", advertise = \"" + advertise
                + "\" }\ntls.server_domains.default { certificate = \"" + certificates.file("own.pem")
                + "\", private_key = \"" + certificates.file("own.key") + "\" }");

        assertThat(warnings)
                .hasSize(isTold ? 1 : 0)
                .allSatisfy(line -> assertThat(line)
                        .contains("warning: sockets.outside.advertise: " + advertise
                                + " (expected: a name of the certificate in tls.server_domains.default.certificate:"
                                + " example.com)"));
    }

    @Test
    void theNameThatAWebSocketAdvertisesIsForNobodyWhoConnects() throws IOException {
        Path own = certificate(90, "sip.example.com");

        assertThat(check("sockets.browsers { listen = \"wss:127.0.0.1:5063\", advertise = \"node1.example.com\" }\n"
                        + tls(own)))
                .isEmpty();
    }

    @Test
    void certificatesThatExpireSoonAreWarnings() throws IOException {
        Path own = certificate(13, "127.0.0.1");
        String settings = "sockets.outside = \"tls:127.0.0.1:5061\"\n" + tls(own)
                + "\ncluster.tls = \"%s\"\nmanagement.tls { certificate = \"%s/node.pem\", key = \"%s/node.key\" }\n"
                        .formatted(own, own, own);

        assertThat(check(settings))
                .hasSize(3)
                .allMatch(line -> line.contains(": " + own + "/node.pem expires at "))
                .anyMatch(line -> line.contains(": warning: tls.server_domains.default.certificate: "))
                .anyMatch(line -> line.contains(": warning: cluster.tls: "))
                .anyMatch(line -> line.contains(": warning: management.tls.certificate: "));
        assertThat(check(settings + "tls.expiry_warning = 12 days")).isEmpty();
    }

    @Test
    void aCertificateThatHasExpiredIsAWarning() throws IOException {
        Path own = certificate(-1, "127.0.0.1");

        assertThat(check("sockets.outside = \"tls:127.0.0.1:5061\"\n" + tls(own)))
                .singleElement()
                .asString()
                .contains("warning: tls.server_domains.default.certificate: " + own + "/node.pem expired at ")
                .contains(", peers refuse it: subject CN=127.0.0.1, issuer CN=ours, for 127.0.0.1, valid until ");
    }

    @Test
    void filesWithSecretsThatOthersCanReadAreWarnings() throws IOException {
        Path own = certificate(90, "127.0.0.1");
        String settings =
                "sockets.outside = \"tls:127.0.0.1:5061\"\nrelay.secret = hidden-and-long-enough\n" + tls(own);
        Files.setPosixFilePermissions(own.resolve("node.key"), PosixFilePermissions.fromString("rw-r--r--"));
        Path file = Files.createFile(directory.resolve("my.conf"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(check(settings))
                .containsExactlyInAnyOrder(
                        own
                                + "/node.key: warning: a private key that other users can read (expected: a file for the user"
                                + " of this program only, as by chmod 600)",
                        file
                                + ": warning: other users can read it, and it contains relay.secret (expected: chmod 600 or"
                                + " 640, or such values from the environment)");

        Files.setPosixFilePermissions(own.resolve("node.key"), PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(check(settings)).isEmpty();
    }

    private List<String> errors(String settings) throws IOException {
        return printed(settings)
                .lines()
                .filter(line -> line.contains(": error: "))
                .map(line -> line.replaceFirst(".*: error: ", "").replaceFirst(" \\(expected.*", ""))
                .toList();
    }

    @Test
    void allFilesThatCannotBeUsedAreErrors() throws IOException {
        Path own = certificate(90, "sip.example.com");

        List<String> errors = errors("""
                sockets { a = "tls:127.0.0.1:5061", b = "tls:127.0.0.1:5071" }
                tls {
                  server_domains {
                    default { certificate = "%s/node.pem", private_key = "/no/default.key" }
                    a { ca_list = "/no/a.pem" }
                    b { certificate = "/no/b.pem", private_key = "/no/b.key", ciphers_list = [ "HIGH", "LOW" ] }
                  }
                  client_domains { default.ca_list = [ "/no/1.pem", "/no/2.pem" ], lab.verify_cert = off }
                }
                cluster.tls { certificate = "/no/node.pem", key = "/no/node.key", ca = "/no/ca.pem" }
                management.tls { certificate = "/no/own.pem", key = "/no/own.key" }
                """.formatted(own));

        assertThat(errors)
                .containsExactlyInAnyOrder(
                        "tls.server_domains.default.private_key: /no/default.key",
                        "tls.server_domains.a.ca_list: /no/a.pem",
                        "tls.server_domains.b.certificate: /no/b.pem",
                        "tls.server_domains.b.private_key: /no/b.key",
                        "tls.server_domains.b.ciphers_list: HIGH",
                        "tls.server_domains.b.ciphers_list: LOW",
                        "tls.client_domains.default.ca_list: /no/1.pem",
                        "tls.client_domains.default.ca_list: /no/2.pem",
                        "cluster.tls.certificate: /no/node.pem",
                        "management.tls.certificate: /no/own.pem");
    }

    @Test
    void whatABlockInheritsIsRefusedOnceAndItsNameToo() throws IOException {
        List<String> errors = errors("""
                sockets.trunk = "tls:127.0.0.1:5061"
                tls.server_domains {
                  default { certificate = [ "a.pem" ], private_key = [ "a.key", "b.key" ] }
                  trunk { verify_cert = on }
                  tunk { tls_method = SSLv3 }
                  unknown {}
                }
                """);

        assertThat(errors)
                .containsExactlyInAnyOrder(
                        "tls.server_domains.default.private_key: 2 files",
                        "tls.server_domains.tunk.tls_method: SSLv3",
                        "tls.server_domains.tunk: a domain",
                        "tls.server_domains.unknown: a domain");
    }

    @Test
    void allBadEntriesOfAListAreErrors() throws IOException {
        List<String> errors = errors("""
                sockets {
                  main = "udp:127.0.0.1:5060"
                  a { listen = "tcp:127.0.0.1:5060", proxy_protocol.from = [ "10.0.0.1", lb1, lb2 ] }
                }
                transport.websocket.origins = [ "https://a.example.com", b.example.com, c.example.com ]
                """);

        assertThat(errors)
                .containsExactlyInAnyOrder(
                        "sockets.a.proxy_protocol.from[1]: lb1",
                        "sockets.a.proxy_protocol.from[2]: lb2",
                        "transport.websocket.origins[1]: b.example.com",
                        "transport.websocket.origins[2]: c.example.com");
    }
}
