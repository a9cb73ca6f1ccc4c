package org.sipdispatch.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.agents.NodeCertificates;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;

class TlsContextsTest {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path directory;

    private static TlsDomains read(String tls) {
        return TlsDomains.from(section(tls));
    }

    private static Section section(String tls) {
        return Section.root(ConfigFactory.parseString("tls { " + tls + " }")
                        .withFallback(ConfigFactory.defaultReference().resolve().getConfig("sip-dispatcher")))
                .section("tls");
    }

    @Test
    void aDomainTakesFromTheDefaultWhatItDoesNotSet() {
        TlsDomains domains = read("server_domains { default { certificate = a.pem, private_key = a.key },"
                + " phones { verify_cert = on, tls_method = TLSv1_3 } }");

        assertThat(domains.server("phones"))
                .returns(List.of("a.pem"), TlsDomain::certificates)
                .returns(true, TlsDomain::verifyCert)
                .returns(List.of("TLSv1.3"), TlsDomain::protocols);
        assertThat(domains.server("other")).isEqualTo(domains.servers().get("default"));
        assertThat(domains.server("other").verifyCert()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            server_domains.default.certificate = [a, b] | tls.server_domains.default.private_key: 0 files (expected: as many as in certificate, 2, in the same order)
            server_domains.x.require_cert = on | tls.server_domains.x.require_cert: on (expected: off, or verify_cert = on)
            server_domains.x.accepted_names = [a] | tls.server_domains.x.accepted_names: a (expected: none, or require_cert = on)
            server_domains.x { accepted_names = [a, "sip:b"], require_cert = on, verify_cert = on } | tls.server_domains.x.accepted_names[1]: sip:b (expected: a domain, a host name or an IP address, without sip: and a port)
            server_domains.x.accepted_names = "b:5061" | tls.server_domains.x.accepted_names: b:5061 (expected: a domain, a host name or an IP address, without sip: and a port)
            client_domains.x.tls_method = SSLv3 | tls.client_domains.x.tls_method: SSLv3 (expected: TLSv1_2, TLSv1_3 or TLSv1_2-TLSv1_3)
            client_domains.x.require_cert = on | tls.client_domains.x.require_cert: an unknown key
            """)
    void whatCannotBeIsRefused(String tls, String message) {
        assertThatThrownBy(() -> read(tls)).isInstanceOf(SettingException.class).hasMessageStartingWith(message);
    }

    @Test
    void aListenerNeedsACertificate() {
        assertThatThrownBy(() -> read("").checkCertificate("phones"))
                .hasMessage("tls.server_domains.default.certificate: nothing (expected: a PEM file, for the TLS socket"
                        + " phones)");
    }

    @Test
    void aDomainOfListenersHasTheNameOfASocket() {
        Section tls = section("server_domains { carier {} }");
        TlsDomains domains = TlsDomains.from(tls);

        assertThatThrownBy(() -> domains.checkServers(tls.section("server_domains"), Set.of("carriers")))
                .hasMessage("tls.server_domains.carier: a domain (expected: the name of a socket with TLS: carriers)");
        assertThatCode(() -> domains.checkServers(tls.section("server_domains"), Set.of("carier")))
                .doesNotThrowAnyException();
    }

    @Test
    void aCipherSuiteWithTheNameOfOpensslIsRefusedWithThatOfJava() {
        assertThatThrownBy(() ->
                        TlsContexts.load(read("server_domains.default.ciphers_list = [ECDHE-RSA-AES128-GCM-SHA256]")))
                .hasMessage("tls.server_domains.default.ciphers_list: ECDHE-RSA-AES128-GCM-SHA256 (expected:"
                        + " TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, as Java names it)");
    }

    @Test
    void aCipherSuiteThatJavaDoesNotHaveIsRefused() {
        assertThatThrownBy(() -> TlsContexts.load(read("client_domains.default.ciphers_list = [HIGH]")))
                .hasMessageStartingWith(
                        "tls.client_domains.default.ciphers_list: HIGH (expected: names of Java, among ");
    }

    @Test
    void theNameOfADestinationCountsMoreThanThatOfItsDomain() {
        TlsContexts contexts = TlsContexts.load(read("client_domains.carrier.verify_name = sbc.example.com"));

        assertThat(contexts.client("carrier", new ExpectedServer("192.0.2.1", false), 5061)
                        .getPeerHost())
                .isEqualTo("sbc.example.com");
        assertThat(contexts.client("carrier", new ExpectedServer("sbc2.example.com", true), 5061)
                        .getPeerHost())
                .isEqualTo("sbc2.example.com");
    }

    /** A socket that is only made for its default parameters has a finalizer. */
    @Test
    void aHandshakeMakesNoSocket() throws Exception {
        TlsContexts contexts = TlsContexts.load(read(""));
        int before = sockets();

        for (int i = 0; i < 1_000; i++) {
            contexts.client(null, new ExpectedServer("sbc.example.com", false), 5061);
        }

        assertThat(sockets() - before).isLessThan(500);
    }

    /** The number of Java's TLS sockets on the heap, the unreachable ones included. */
    private static int sockets() throws JMException {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[] {"-all"}},
                        new String[] {String[].class.getName()});
        return histogram
                .lines()
                .filter(line -> line.contains(" sun.security.ssl.SSLSocketImpl "))
                .mapToInt(line -> Integer.parseInt(line.strip().split("\\s+")[1]))
                .sum();
    }

    private void copy(String from, String to) throws IOException {
        Files.copy(directory.resolve(from), directory.resolve(to), StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void newFilesAreUsedWhenTheyFitAndOthersAreToldOnce() throws IOException {
        assumeTrue(Certificates.canBeMade(), "no openssl here to make certificates with");
        Certificates certificates = new Certificates(directory);
        certificates.authority("ca");
        certificates.signed("one", "DNS:one.example.com", "ca", "", "-days 90");
        certificates.signed("two", "DNS:two.example.com", "ca", "", "-days 90");
        copy("one.pem", "now.pem");
        copy("one.key", "now.key");
        TlsContexts contexts = TlsContexts.load(read("server_domains.default { certificate = \""
                + certificates.file("now.pem") + "\", private_key = \"" + certificates.file("now.key") + "\" },"
                + " client_domains.lab.verify_cert = off"));
        assertThat(contexts.warnings())
                .containsExactly(
                        "tls.client_domains.lab.verify_cert: off: connections of this domain may lead to anyone");
        List<String> loaded = new ArrayList<>();
        List<String> refused = new ArrayList<>();

        for (String file : List.of("one.pem", "two.pem", "two.key")) {
            copy(file, file.replaceFirst(".*\\.", "now."));
            for (int i = 0; i < 3; i++) {
                contexts.reloadChanged(loaded::add, refused::add);
            }
        }

        assertThat(refused).hasSize(1);
        assertThat(refused.get(0))
                .startsWith("tls.server_domains.default.private_key: " + certificates.file("now.key")
                        + " (expected: the key of tls.server_domains.default.certificate: subject CN=two,O=test, issuer"
                        + " CN=ca, for two.example.com, valid until ")
                .contains("; the files that were read before stay in use: tls.server_domains.default: subject"
                        + " CN=one,O=test, issuer CN=ca, for one.example.com, valid until ");
        assertThat(loaded).hasSize(1);
        assertThat(loaded.get(0))
                .startsWith("new files for the next connections: tls.server_domains.default: subject CN=two,O=test,"
                        + " issuer CN=ca, for two.example.com, valid until ");
    }

    /** A domain with a certificate that began and ends these days from now. */
    private TlsContexts contexts(NodeCertificates authority, int from, int until) {
        Path files = validity(authority, from, until);
        return TlsContexts.load(read("server_domains.default { certificate = \"" + files + "/node.pem\", private_key ="
                + " \"" + files + "/node.key\" }"));
    }

    /** The authority begins the validity an hour before the time of signing. */
    private static Path validity(NodeCertificates authority, int from, int until) {
        Instant begin = Instant.now().plus(DAY.multipliedBy(from)).plus(Duration.ofHours(1));
        return authority.node("node", begin, DAY.multipliedBy(until - from), "sip.example.com");
    }

    @ParameterizedTest
    @CsvSource({
        "-2, 90, -9, -1, a certificate that is valid now; this one has expired: subject CN=sip.example.com",
        "-2, 90, 5, 90, a certificate that is valid now; this one will be used from 20",
        "-9, -1, -7, -1, ''",
        "-9, -1, -7, 90, ''",
        "5, 90, -9, -1, ''",
    })
    void aCertificateThatIsNotValidReplacesNoneThatIs(int from, int until, int newFrom, int newUntil, String expected) {
        NodeCertificates authority = new NodeCertificates(directory, "ours");
        TlsContexts contexts = contexts(authority, from, until);
        List<CertificateInUse> before = contexts.presentedBy("phones");
        List<String> refused = new ArrayList<>();
        CertificatesInUse inUse = new CertificatesInUse(DAY, line -> {});
        contexts.watch(inUse);

        validity(authority, newFrom, newUntil);
        boolean isFirstLook = contexts.reloadChanged(line -> {}, refused::add);
        boolean isChanged = contexts.reloadChanged(line -> {}, refused::add);

        assertThat(isFirstLook).isFalse();
        assertThat(isChanged).isEqualTo(expected.isEmpty());
        assertThat(contexts.presentedBy("phones").equals(before)).isEqualTo(!expected.isEmpty());
        assertThat(inUse.refused())
                .containsEntry("tls.server_domains.default", !expected.isEmpty())
                .containsEntry("tls.client_domains.default", false);
        if (!expected.isEmpty()) {
            assertThat(refused)
                    .singleElement()
                    .asString()
                    .startsWith("tls.server_domains.default.certificate: " + directory.resolve("node/node.pem")
                            + " (expected: " + expected)
                    .contains("; the files that were read before stay in use: ");
        }
    }
}
