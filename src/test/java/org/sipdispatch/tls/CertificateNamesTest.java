package org.sipdispatch.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
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

    @Test
    void domainsOfSipUrisAndDnsNamesAndAddressesAreNamesButUsersAreNot() {
        assumeTrue(Certificates.canBeMade(), "no openssl here to make certificates with");
        Certificates certificates = new Certificates(directory);
        certificates.authority("ca");
        certificates.signed(
                "one",
                "URI:sip:Example.com,URI:sips:secure.example.com,URI:sip:bob@bob.example.com,URI:https://web.example.com,"
                        + "DNS:GW.example.com,IP:192.0.2.1,email:a@mail.example.com",
                "ca",
                "",
                "-days 2");

        assertThat(names(certificates, "one"))
                .containsExactly("example.com", "secure.example.com", "gw.example.com", "192.0.2.1");
        assertThat(names(certificates, "ca")).containsExactly("ca");
    }

    private static List<String> names(Certificates certificates, String name) {
        return CertificateNames.of(new PemFile("--cert", certificates.file(name + ".pem"))
                .certificates()
                .get(0));
    }
}
