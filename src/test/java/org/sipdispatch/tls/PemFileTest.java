package org.sipdispatch.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.settings.SettingException;

class PemFileTest {
    private static final CertificateAuthority.Issued ONE =
            CertificateAuthority.create("one", Instant.now(), Duration.ofDays(2));
    private static final CertificateAuthority.Issued TWO =
            CertificateAuthority.create("two", Instant.now(), Duration.ofDays(2));

    @TempDir
    private Path directory;

    private PemFile file(String text) throws IOException {
        return new PemFile(
                "--file", Files.writeString(directory.resolve("file.pem"), text).toString());
    }

    @Test
    void allCertificatesAreReadAndTextBetweenThemIsNot() throws IOException {
        String text = "# the first\n" + ONE.certificate() + "-- the second --\n" + ONE.key() + TWO.certificate();

        assertThat(file(text).certificates())
                .extracting(one -> one.getSubjectX500Principal().getName())
                .containsExactly("CN=one", "CN=two");
    }

    @Test
    void aFileThatWasCutOrDamagedIsRefusedWhereverThatIs() throws IOException {
        String whole = ONE.certificate() + TWO.certificate();
        int second = ONE.certificate().length();
        List<String> damaged = List.of(
                whole.substring(0, second + 40),
                whole.substring(0, whole.length() - 10),
                whole.substring(40),
                whole.replaceFirst("-----END CERTIFICATE-----\n", ""),
                whole.replaceFirst("-----END CERTIFICATE", "-----END CERTIFICAT"),
                whole.replaceFirst("\n[A-Za-z0-9+/]{4}", "\n*#!\\$"));

        for (String text : damaged) {
            assertThatThrownBy(() -> file(text).certificates())
                    .isInstanceOf(SettingException.class)
                    .hasMessageContaining("(expected: complete PEM blocks");
        }
    }

    @Test
    void aKeyAfterADamagedOneIsNotTaken() throws IOException {
        String text = ONE.key().substring(0, 60) + "\n" + TWO.key();

        assertThatThrownBy(() -> file(text).privateKey()).hasMessageContaining("(expected: complete PEM blocks");
    }
}
