package org.sipdispatch.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.agents.NodeCertificates;

class CertificatesInUseTest {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path directory;

    private final List<String> warnings = new ArrayList<>();
    private final CertificatesInUse certificates = new CertificatesInUse(DAY.multipliedBy(14), warnings::add);

    /** One that began and ends these days from now. */
    private CertificateInUse certificate(int from, int until) {
        Instant begin = Instant.now().plus(DAY.multipliedBy(from));
        Path files = new NodeCertificates(directory, "ours")
                .node("node", begin, DAY.multipliedBy(until - from), "sip.example.com");
        PemFile file = new PemFile("key", files + "/node.pem");
        return new CertificateInUse(file, file.certificates().get(0));
    }

    @ParameterizedTest
    @CsvSource({
        "-2, 15, ''",
        "-2, 13, ' expires at '",
        "-2, -1, ' expired at '",
        "2, 90, ' is not valid before '",
    })
    void thoseThatAreNotValidForLongAreToldWhenTheyAreLoadedAndEachDay(int from, int until, String expected) {
        CertificateInUse one = certificate(from, until);

        certificates.present("part", List.of(one));
        assertThat(warnings).hasSize(expected.isEmpty() ? 0 : 1);
        certificates.warn();

        assertThat(warnings)
                .hasSize(expected.isEmpty() ? 0 : 2)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("key: " + directory.resolve("node/node.pem") + expected)
                        .contains(": subject CN=sip.example.com, issuer CN=ours, for sip.example.com, valid until "
                                + one.end()));
    }

    @Test
    void aFileOfSeveralSettingsIsToldOnce() {
        CertificateInUse one = certificate(-2, 13);
        CertificateInUse same =
                new CertificateInUse(new PemFile("other", one.file().path()), one.certificate());

        certificates.present("part", List.of(one, same));

        assertThat(warnings).singleElement().asString().startsWith("key: ");
    }

    @Test
    void thoseOfAPartReplaceItsFormerOnes() {
        CertificateInUse one = certificate(-1, 90);
        CertificateInUse two = certificate(-1, 91);
        CertificateInUse three = certificate(-1, 92);

        certificates.present("tls", List.of(one));
        certificates.present("cluster", List.of(two));
        certificates.present("tls", List.of(three));

        assertThat(certificates.all()).containsExactly(two, three);
    }
}
