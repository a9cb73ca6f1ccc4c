package org.sipdispatch.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.settings.SettingException;

/** Certificates that this program makes, checked by Java and by openssl. */
class CertificateAuthorityTest {
    private static final Instant NOW = Instant.now();
    private static final Duration YEAR = Duration.ofDays(365);
    private static final String SIGNS = "keyUsage=critical,keyCertSign";

    @TempDir
    private Path directory;

    private CertificateAuthority authority;

    @BeforeEach
    void makeAnAuthority() throws Exception {
        write("ca", CertificateAuthority.create("nodes of a test", NOW, YEAR));
        authority = CertificateAuthority.of(read("ca"));
    }

    private void write(String name, CertificateAuthority.Issued issued) throws Exception {
        Files.writeString(directory.resolve(name + ".pem"), issued.certificate());
        Files.writeString(directory.resolve(name + ".key"), issued.key());
    }

    private PemFile pem(String name) {
        return new PemFile("--" + name, directory.resolve(name).toString());
    }

    private KeyCertificate read(String name) {
        return KeyCertificate.read(pem(name + ".pem"), pem(name + ".key"));
    }

    private X509Certificate issued(Instant now, Duration validity, String... hosts) throws Exception {
        write(
                "node",
                authority.issue(
                        List.of(hosts).stream().map(CertifiedHost::parse).toList(), now, validity));
        return read("node").chain().get(0);
    }

    private String refusal(X509Certificate certificate) {
        return PeerCertificateCheck.refusal(List.of(certificate), pem("ca.pem").certificates());
    }

    @Test
    void aNodeHasItsNamesAndAddressesAndIsServerAndClient() throws Exception {
        X509Certificate node = issued(NOW, YEAR, "node1.example.com", "10.0.0.1", "2001:db8::1");

        assertThat(node.getSubjectX500Principal().getName()).isEqualTo("CN=node1.example.com");
        assertThat(node.getIssuerX500Principal().getName()).isEqualTo("CN=nodes of a test");
        assertThat(CertifiedHost.in(node)).containsExactly("node1.example.com", "10.0.0.1", "2001:db8:0:0:0:0:0:1");
        assertThat(node.getBasicConstraints()).isEqualTo(-1);
        assertThat(refusal(node)).isEmpty();
    }

    @Test
    void opensslAcceptsItInStrictMode() throws Exception {
        Assumptions.assumeTrue(Certificates.canBeMade(), "no openssl here");
        issued(NOW, Duration.ofDays(30_000), "node1.example.com");

        new Certificates(directory)
                .openssl(
                        "verify -x509_strict -purpose sslserver -verify_hostname node1.example.com -CAfile ca.pem node.pem");
        new Certificates(directory).openssl("pkey -in node.key -noout -check");
    }

    @Test
    void anAuthorityOfOpensslWithAnRsaKeySignsToo() throws Exception {
        Assumptions.assumeTrue(Certificates.canBeMade(), "no openssl here");
        new Certificates(directory).authority("ca");
        authority = CertificateAuthority.of(read("ca"));

        assertThat(refusal(issued(NOW, YEAR, "10.0.0.1"))).isEmpty();
    }

    /** Makes an authority with openssl. */
    private void authorityOfOpenssl(String key, String... extensions) {
        Assumptions.assumeTrue(Certificates.canBeMade(), "no openssl here");
        new Certificates(directory)
                .openssl("req -x509 -newkey " + key + " -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=own"
                        + String.join(
                                "",
                                List.of(extensions).stream()
                                        .map(one -> " -addext " + one)
                                        .toList()));
        authority = CertificateAuthority.of(read("ca"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ed448", "ec -pkeyopt ec_paramgen_curve:P-384"})
    void anAuthorityWithAnotherKeySignsToo(String key) throws Exception {
        authorityOfOpenssl(key, SIGNS);
        issued(NOW, YEAR, "10.0.0.1");

        new Certificates(directory).openssl("verify -x509_strict -CAfile ca.pem node.pem");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0102030405", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"})
    void aSubjectKeyIdentifierOfAnyLengthIsNamedInTheNodesCertificate(String id) throws Exception {
        authorityOfOpenssl("rsa:2048", SIGNS, "subjectKeyIdentifier=" + id, "authorityKeyIdentifier=none");

        byte[] named = issued(NOW, YEAR, "10.0.0.1").getExtensionValue("2.5.29.35");

        assertThat(HexFormat.of().formatHex(named))
                .endsWith("80" + HexFormat.of().toHexDigits((byte) (id.length() / 2)) + id);
        new Certificates(directory).openssl("verify -x509_strict -CAfile ca.pem node.pem");
    }

    @ParameterizedTest
    @ValueSource(strings = {"basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature"})
    void aCertificateThatIsNoAuthoritySignsNothing(String extension) {
        assertThatThrownBy(() -> authorityOfOpenssl("rsa:2048", extension))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("--ca.pem: " + directory.resolve("ca.pem")
                        + " (expected: the certificate of an authority: basicConstraints with CA:TRUE");
    }

    @Test
    void theReasonOfARefusalIsNamed() throws Exception {
        X509Certificate expired = issued(NOW.minus(Duration.ofDays(9)), Duration.ofDays(1), "a");
        X509Certificate later = issued(NOW.plus(Duration.ofDays(9)), YEAR, "a");
        X509Certificate other = read("ca").chain().get(0);

        assertThat(refusal(expired)).startsWith("expired; NotAfter: ");
        assertThat(refusal(later)).startsWith("not valid yet; NotBefore: ");
        write("ca", CertificateAuthority.create("others", NOW, YEAR));
        assertThat(refusal(other)).isEqualTo("no accepted authority has signed it");
    }

    @Test
    void aKeyIsInNoText() throws Exception {
        CertificateAuthority.Issued issued = authority.issue(List.of(CertifiedHost.parse("a")), NOW, YEAR);

        assertThat(issued.key()).contains("PRIVATE KEY");
        assertThat(issued.toString()).isEqualTo("a certificate with its key");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1, true",
        "10.0.0.1, 10.0.0.2, false",
        "[2001:db8::1], 2001:DB8:0::1, true",
        "Node1.Example.com, node1.example.com, true",
        "node1.example.com, example.com, false",
    })
    void aCertificateIsValidForItsHostsOnly(String host, String certified, boolean valid) throws Exception {
        assertThat(CertifiedHost.parse(host).isIn(issued(NOW, YEAR, certified))).isEqualTo(valid);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "300.1.1.1", "1.2.3", "-a", "a..b", "a/b", "::g", "*.example.com"})
    void whatIsNeitherNameNorAddressIsNoHost(String text) {
        assertThat(CertifiedHost.parse(text)).isNull();
    }
}
