package org.sipdispatch.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.settings.SettingException;

/** Certificates made by openssl. */
@Timeout(60)
class TlsContextTest {
    @TempDir
    static Path directory;

    private static Certificates certificates;

    @BeforeAll
    static void makeCertificates() {
        assumeTrue(Certificates.canBeMade(), "no openssl here to make certificates with");
        certificates = new Certificates(directory);
        certificates.authority("ca");
        certificates.signed("one", "rsa:2048", "one.example.com", "ca");
        certificates.signed("two", "ec", "two.example.com", "ca");
    }

    private static PemFile pem(String name) {
        return new PemFile("--" + name, certificates.file(name));
    }

    private static KeyCertificate read(String name) {
        return KeyCertificate.read(pem(name + ".pem"), pem(name + ".key"));
    }

    /** The subject of the certificate that a server presents to a client that trusts our authority. */
    private static String presented(String name) throws IOException {
        SSLContext server = TlsContext.of(List.of(read(name)), List.of());
        SSLContext client = TlsContext.of(List.of(), pem("ca.pem").certificates());
        InetAddress address = InetAddress.getLoopbackAddress();
        try (SSLServerSocket listener =
                        (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0, 1, address);
                SSLSocket socket =
                        (SSLSocket) client.getSocketFactory().createSocket(address, listener.getLocalPort())) {
            CompletableFuture<Void> taken = CompletableFuture.runAsync(() -> {
                try (SSLSocket accepted = (SSLSocket) listener.accept()) {
                    accepted.startHandshake();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            socket.startHandshake();
            taken.join();
            return socket.getSession().getPeerPrincipal().getName();
        }
    }

    @Test
    void aServerPresentsItsCertificateWhateverKindItsKeyIs() throws IOException {
        assertThat(presented("one")).contains("CN=one.example.com");
        assertThat(presented("two")).contains("CN=two.example.com");
    }

    @Test
    void theKeyMustBeThatOfTheCertificate() {
        assertThatThrownBy(() -> KeyCertificate.read(pem("one.pem"), pem("two.key")))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("--two.key: " + certificates.file("two.key"))
                .hasMessageContaining("(expected: the key of --one.pem");
    }

    @Test
    void aMessageNamesTheSettingAndTheFile() {
        assertThatThrownBy(() -> pem("one.key").certificates())
                .isInstanceOf(SettingException.class)
                .hasMessage("--one.key: " + certificates.file("one.key")
                        + " (expected: a PEM file with BEGIN CERTIFICATE)");
        assertThatThrownBy(() -> new PemFile("--ca", "/nowhere.pem").certificates())
                .isInstanceOf(SettingException.class)
                .hasMessage("--ca: /nowhere.pem (expected: a PEM file that can be read)");
    }
}
