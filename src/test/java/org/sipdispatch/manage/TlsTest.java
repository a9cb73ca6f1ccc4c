package org.sipdispatch.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.settings.BadSetting;

/** TLS, and clients that prove who they are by certificates, made here by openssl. */
class TlsTest {
    @TempDir
    static Path directory;

    @BeforeAll
    static void makeCertificates() throws InterruptedException {
        assumeTrue(hasOpenssl(), "no openssl here to make certificates with");
        authority("ca");
        authority("stranger-ca");
        signed("server", "rsa:2048", "localhost", "ca");
        signed("ann", "rsa:2048", "ann", "ca");
        signed("bob", "ec", "bob", "ca");
        signed("mallory", "ec", "ann", "stranger-ca");
    }

    private static boolean hasOpenssl() throws InterruptedException {
        try {
            return new ProcessBuilder("openssl", "version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void authority(String name) {
        openssl("req -x509 -newkey rsa:2048 -nodes -keyout " + name + ".key -out " + name + ".pem -days 2 -subj /CN="
                + name);
    }

    private static void signed(String file, String kind, String name, String authority) {
        String key = kind.equals("ec") ? "ec -pkeyopt ec_paramgen_curve:P-256" : kind;
        openssl("req -newkey " + key + " -nodes -keyout " + file + ".key -out " + file + ".csr -subj /O=test/CN=" + name
                + " -addext subjectAltName=DNS:" + name);
        openssl("x509 -req -in " + file + ".csr -CA " + authority + ".pem -CAkey " + authority
                + ".key -CAcreateserial -days 2 -copy_extensions copy -out " + file + ".pem");
    }

    private static void openssl(String arguments) {
        try {
            Process process = new ProcessBuilder(java.util.stream.Stream.concat(
                                    java.util.stream.Stream.of("openssl"),
                                    java.util.stream.Stream.of(arguments.split(" ")))
                            .toList())
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes());
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(said).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String file(String name) {
        return directory.resolve(name).toString();
    }

    private static String tls(String more) {
        return "max-requests-per-second = 0\ntls { certificate = \"" + file("server.pem") + "\", key = \""
                + file("server.key") + "\"\n" + more + " }\n";
    }

    private static String clients() {
        return tls("client-ca = \"" + file("ca.pem") + "\", writers = [ ann ]");
    }

    /** A client that trusts our authority; with a certificate, if it has a name. */
    private static SSLContext client(String name) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", Pem.certificates("ca", file("ca.pem")).get(0));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        if (!name.isEmpty()) {
            PrivateKey key = Pem.privateKey("key", file(name + ".key"));
            List<X509Certificate> chain = Pem.certificates("certificate", file(name + ".pem"));
            own.setKeyEntry("own", key, new char[0], chain.toArray(X509Certificate[]::new));
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ann", "bob", ""})
    void whoHasACertificateIsLetInForWhatHeMay(String name) throws Exception {
        try (ServedNothing server = ServedNothing.start(clients(), client(name))) {
            int looks = server.send("GET", "/dispatcher/node", null).statusCode();
            int changes = server.send("POST", "/dispatcher/destinations/x/release", "{}")
                    .statusCode();

            assertThat(server.send("GET", "/alive", null).statusCode()).isEqualTo(200);
            assertThat(looks).isEqualTo(name.isEmpty() ? 401 : ServedNothing.PAST_THE_GUARD);
            assertThat(changes)
                    .isEqualTo(name.isEmpty() ? 401 : name.equals("bob") ? 403 : ServedNothing.PAST_THE_GUARD);
        }
    }

    /** Java's client shows no certificate of an authority that the server does not name, so he is nobody. */
    @Test
    void aCertificateOfAnotherAuthorityIsNone() throws Exception {
        try (ServedNothing server = ServedNothing.start(clients(), client("mallory"))) {
            assertThat(server.send("GET", "/dispatcher/node", null).statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void aTokenLetsInWhereCertificatesDoToo() throws Exception {
        String both = clients() + "tokens = [ { name = eve, token = token-of-this-test, role = read } ]";
        try (ServedNothing server = ServedNothing.start(both, client(""))) {
            assertThat(server.send("GET", "/dispatcher/node", null, "Authorization", "Bearer token-of-this-test")
                            .statusCode())
                    .isEqualTo(ServedNothing.PAST_THE_GUARD);
        }
        // Who shows a token is not somebody else by his certificate.
        try (ServedNothing server = ServedNothing.start(both, client("ann"))) {
            assertThat(server.send("GET", "/dispatcher/node", null, "Authorization", "Bearer wrong")
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void tlsAloneAsksNobodyOnLoopback() throws Exception {
        try (ServedNothing server = ServedNothing.start(tls(""), client(""))) {
            assertThat(server.send("GET", "/dispatcher/node", null).statusCode())
                    .isEqualTo(ServedNothing.PAST_THE_GUARD);
        }
    }

    @Test
    void theKeyMustBeThatOfTheCertificate() {
        String wrong = tls("").replace("server.key", "ann.key");
        String ofAnotherKind = tls("").replace("server.key", "bob.key");

        for (String settings : List.of(wrong, ofAnotherKind)) {
            assertThatThrownBy(() -> ServedNothing.start(settings))
                    .isInstanceOf(BadSetting.class)
                    .hasMessageStartingWith("management.tls.key: ")
                    .hasMessageContaining("the key of management.tls.certificate");
        }
    }

    @Test
    void aKeyInAnotherFormIsRefusedWithTheWayToMakeItRight() {
        openssl("rsa -in server.key -traditional -out old.key");
        openssl("rsa -in server.key -aes128 -passout pass:hidden -out locked.key");

        for (String file : List.of("old.key", "locked.key")) {
            assertThatThrownBy(() -> ServedNothing.start(tls("").replace("server.key", file)))
                    .isInstanceOf(BadSetting.class)
                    .hasMessageContaining("openssl pkcs8 -topk8 -nocrypt");
        }
    }

    @Test
    void aDamagedFileIsRefused() throws IOException {
        java.nio.file.Files.writeString(
                directory.resolve("bad.pem"),
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
                        + "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");

        assertThatThrownBy(() -> ServedNothing.start(tls("").replace("server.pem", "bad.pem")))
                .isInstanceOf(BadSetting.class)
                .hasMessageStartingWith("management.tls.certificate: ");
        assertThatThrownBy(() -> ServedNothing.start(tls("").replace("server.key", "bad.pem")))
                .isInstanceOf(BadSetting.class)
                .hasMessageStartingWith("management.tls.key: ");
    }
}
