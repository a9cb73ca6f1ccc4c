package org.sipdispatch.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.agents.NodeCertificates;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.tls.KeyCertificate;
import org.sipdispatch.tls.PemFile;
import org.sipdispatch.tls.TlsContext;

/** TLS and client certificates, created with openssl. */
class TlsTest {
    @TempDir
    static Path directory;

    private static Certificates certificates;

    @BeforeAll
    static void makeCertificates() {
        assumeTrue(Certificates.canBeMade(), "no openssl here to make certificates with");
        certificates = new Certificates(directory);
        certificates.authority("ca");
        certificates.authority("stranger-ca");
        certificates.signed("server", "rsa:2048", "localhost", "ca");
        certificates.signed("ann", "rsa:2048", "ann", "ca");
        certificates.signed("bob", "ec", "bob", "ca");
        certificates.signed("mallory", "ec", "ann", "stranger-ca");
    }

    private static String file(String name) {
        return certificates.file(name);
    }

    private static String tls(String more) {
        return "max-requests-per-second = 0\ntls { certificate = \"" + file("server.pem") + "\", key = \""
                + file("server.key") + "\"\n" + more + " }\n";
    }

    private static String clients() {
        return tls("client-ca = \"" + file("ca.pem") + "\", writers = [ ann ]");
    }

    /** A client that trusts our authority; with a certificate if it has a name. */
    private static SSLContext client(String name) {
        return certificates.client("ca", name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ann", "bob", ""})
    void whoHasACertificateIsLetInForWhatHeMay(String name) throws Exception {
        try (UnstartedNodeServer server = UnstartedNodeServer.start(clients(), client(name))) {
            int looks = server.send("GET", "/dispatcher/node", null).statusCode();
            int changes = server.send("POST", "/dispatcher/destinations/x/release", "{}")
                    .statusCode();

            assertThat(server.send("GET", "/alive", null).statusCode()).isEqualTo(200);
            assertThat(looks).isEqualTo(name.isEmpty() ? 401 : UnstartedNodeServer.PAST_THE_GUARD);
            assertThat(changes)
                    .isEqualTo(name.isEmpty() ? 401 : name.equals("bob") ? 403 : UnstartedNodeServer.PAST_THE_GUARD);
        }
    }

    /** A certificate as Active Directory signs it for a user. */
    @ParameterizedTest
    @CsvSource({"ann, 503", "Users, 403"})
    void theMostSpecificCommonNameOfACertificateSaysWhoMayWrite(String writer, int status) throws Exception {
        certificates.openssl("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout user.key -out user.csr"
                + " -subj /DC=example/DC=corp/CN=Users/CN=ann");
        certificates.openssl("x509 -req -in user.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out user.pem");
        String settings = tls("client-ca = \"" + file("ca.pem") + "\", writers = [ " + writer + " ]");

        try (UnstartedNodeServer server = UnstartedNodeServer.start(settings, client("user"))) {
            assertThat(server.send("POST", "/dispatcher/destinations/x/release", "{}")
                            .statusCode())
                    .isEqualTo(status);
        }
    }

    @Test
    void aClientWithACertificateOfAnotherAuthorityIsRefused() throws Exception {
        try (UnstartedNodeServer server = UnstartedNodeServer.start(clients(), client("mallory"))) {
            assertThatThrownBy(() -> server.send("GET", "/alive", null))
                    .hasRootCauseInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void aCertificateThatHasExpiredSinceLetsNobodyIn() throws Exception {
        NodeCertificates clients = new NodeCertificates(directory.resolve("clients"), "clients");
        String settings = tls("client-ca = \"" + directory.resolve("clients/ca.pem") + "\"");
        UnstartedNodeServer[] server = new UnstartedNodeServer[1];
        try {
            clients.expired("ann", files -> {
                SSLContext own = TlsContext.of(
                        List.of(KeyCertificate.read(
                                new PemFile("--cert", files + "/node.pem"), new PemFile("--key", files + "/node.key"))),
                        new PemFile("--ca", file("ca.pem")).certificates());
                close(server[0]);
                server[0] = UnstartedNodeServer.start(settings, own);
                return statusOrZero(server[0]) == UnstartedNodeServer.PAST_THE_GUARD;
            });

            assertThat(statusOrZero(server[0])).isEqualTo(401);
        } finally {
            close(server[0]);
        }
    }

    private static void close(UnstartedNodeServer server) {
        if (server != null) {
            server.close();
        }
    }

    private static int statusOrZero(UnstartedNodeServer server) {
        try {
            return server.send("GET", "/dispatcher/node", null).statusCode();
        } catch (UncheckedIOException e) {
            return 0;
        }
    }

    @Test
    void aTokenLetsInWhereCertificatesDoToo() throws Exception {
        String both = clients() + "tokens = [ { name = eve, token = token-of-this-test, role = read } ]";
        try (UnstartedNodeServer server = UnstartedNodeServer.start(both, client(""))) {
            assertThat(server.send("GET", "/dispatcher/node", null, "Authorization", "Bearer token-of-this-test")
                            .statusCode())
                    .isEqualTo(UnstartedNodeServer.PAST_THE_GUARD);
        }
        // A token takes precedence over the certificate.
        try (UnstartedNodeServer server = UnstartedNodeServer.start(both, client("ann"))) {
            assertThat(server.send("GET", "/dispatcher/node", null, "Authorization", "Bearer wrong")
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void tlsAloneAsksNobodyOnLoopback() throws Exception {
        try (UnstartedNodeServer server = UnstartedNodeServer.start(tls(""), client(""))) {
            assertThat(server.send("GET", "/dispatcher/node", null).statusCode())
                    .isEqualTo(UnstartedNodeServer.PAST_THE_GUARD);
        }
    }

    @Test
    void aCertificateThatExpiresSoonIsToldAtTheStart() {
        try (UnstartedNodeServer server = UnstartedNodeServer.start(tls(""), client(""))) {
            assertThat(server.certificateWarnings)
                    .singleElement()
                    .asString()
                    .startsWith("management.tls.certificate: " + file("server.pem") + " expires at ")
                    .contains(": subject CN=localhost,O=test, issuer CN=ca, for localhost, valid until ");
        }
    }

    @Test
    void theKeyMustBeThatOfTheCertificate() {
        String wrong = tls("").replace("server.key", "ann.key");
        String ofAnotherKind = tls("").replace("server.key", "bob.key");

        for (String settings : List.of(wrong, ofAnotherKind)) {
            assertThatThrownBy(() -> UnstartedNodeServer.start(settings))
                    .isInstanceOf(SettingException.class)
                    .hasMessageStartingWith("management.tls.key: ")
                    .hasMessageContaining("the key of management.tls.certificate");
        }
    }

    @Test
    void aKeyInAnotherFormIsRefusedWithTheWayToMakeItRight() {
        certificates.openssl("rsa -in server.key -traditional -out old.key");
        certificates.openssl("rsa -in server.key -aes128 -passout pass:hidden -out locked.key");

        for (String file : List.of("old.key", "locked.key")) {
            assertThatThrownBy(() -> UnstartedNodeServer.start(tls("").replace("server.key", file)))
                    .isInstanceOf(SettingException.class)
                    .hasMessageContaining("openssl pkcs8 -topk8 -nocrypt");
        }
    }

    @Test
    void aDamagedFileIsRefused() throws IOException {
        java.nio.file.Files.writeString(
                directory.resolve("bad.pem"),
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
                        + "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");

        assertThatThrownBy(() -> UnstartedNodeServer.start(tls("").replace("server.pem", "bad.pem")))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("management.tls.certificate: ");
        assertThatThrownBy(() -> UnstartedNodeServer.start(tls("").replace("server.key", "bad.pem")))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("management.tls.key: ");
    }
}
