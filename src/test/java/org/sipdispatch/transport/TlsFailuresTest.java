package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

class TlsFailuresTest {
    @Test
    void theTextOfAFailureIsOneLineOfLimitedLength() {
        SSLException failure = new SSLException("outer", new CertificateException("x\nWARN y" + "z".repeat(2_000)));

        assertThat(TlsFailures.text(failure))
                .startsWith("x?WARN yzzz")
                .endsWith("z...")
                .hasSizeLessThan(1_000);
    }
}
