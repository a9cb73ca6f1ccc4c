package org.sipdispatch.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.agents.Certificates;

class CertificateNamesTest {
    private static final List<String> NAMES =
            List.of("sip.example.com", "*.gw.example.com", "192.0.2.1", "2001:db8:0:0:0:0:0:1");

    @TempDir
    static Path directory;

    @ParameterizedTest
    @CsvSource({
        "sip.example.com, false, true",
        "SIP.Example.com, false, true",
        "sip.example.com., false, true",
        "example.com, false, false",
        "a.sip.example.com, false, false",
        "a.gw.example.com, false, false",
        "a.gw.example.com, true, true",
        "b.a.gw.example.com, true, false",
        "gw.example.com, true, false",
        "192.0.2.1, false, true",
        "192.0.2.2, false, false",
        "2001:db8::1, false, true",
        "[2001:db8::1], false, true",
        "2001:db8::2, false, false",
    })
    void aNameMatchesAsRfc5922Says(String wanted, boolean wildcards, boolean matches) {
        assertThat(CertificateNames.match(NAMES, wanted, wildcards)).isEqualTo(matches);
    }

    /** RFC 5922 section 7.1. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            URI:sip:Example.com,DNS:gw.example.com,IP:192.0.2.1    | example.com
            URI:sip:example.com:5061;transport=tls,URI:sip:b.org   | example.com b.org
            DNS:GW.example.com,IP:192.0.2.1,email:a@example.com    | gw.example.com 192.0.2.1
            URI:sip:bob@example.com,DNS:gw.example.com             | gw.example.com
            URI:sips:example.com,URI:https://web.example.com,DNS:a | a
            URI:sip:bob@example.com                                | ''
            URI:sip:bob;x@example.com                              | ''
            URI:sip:bob:secret@example.com                         | ''
            email:a@example.com                                    | ''
            """)
    void theDomainsOfSipUrisAreTheIdentitiesElseTheHosts(String alternatives, String expected) {
        assertThat(String.join(" ", CertificateNames.of(certificate(alternatives))))
                .isEqualTo(expected);
    }

    @Test
    void onlyACertificateWithoutAlternativeNamesIsForItsCommonName() {
        assertThat(CertificateNames.of(certificate("DNS:a"))).doesNotContain("one");

        assertThat(CertificateNames.of(read("ca"))).containsExactly("ca");
    }

    /** Directories put the name of the host below those of the containers that it is in. */
    @ParameterizedTest
    @CsvSource({
        "/DC=example/DC=corp/CN=Computers/CN=sbc01.corp.example, sbc01.corp.example",
        "/CN=sbc01.corp.example/O=test, sbc01.corp.example",
        "/CN=Computers/CN=sbc01.corp.example+UID=sbc01, sbc01.corp.example",
        "/O=test, ''",
    })
    void theMostSpecificCommonNameCounts(String subject, String expected) {
        assumeTrue(Certificates.canBeMade(), "no openssl here to make certificates with");
        new Certificates(directory)
                .openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout subject.key"
                        + " -out subject.pem -days 2 -multivalue-rdn -subj " + subject);

        assertThat(CertificateNames.commonName(read("subject")).orElse("")).isEqualTo(expected);
        assertThat(String.join(" ", CertificateNames.of(read("subject")))).isEqualTo(expected);
    }

    @Test
    void theCertificateOfThisNodeIsShownForAnyOfItsNames() {
        assertThat(CertificateNames.ofOwn(certificate("URI:sip:example.com,DNS:gw.example.com,IP:192.0.2.1")))
                .containsExactly("example.com", "gw.example.com", "192.0.2.1");
        assertThat(CertificateNames.ofOwn(read("ca"))).containsExactly("ca");
    }

    private static X509Certificate certificate(String alternatives) {
        assumeTrue(Certificates.canBeMade(), "no openssl here to make certificates with");
        Certificates certificates = new Certificates(directory);
        certificates.authority("ca");
        certificates.signed("one", alternatives, "ca", "", "-days 2");
        return read("one");
    }

    private static X509Certificate read(String name) {
        return new PemFile("--cert", directory.resolve(name + ".pem").toString())
                .certificates()
                .get(0);
    }
}
