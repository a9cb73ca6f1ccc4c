package org.sipdispatch.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods and cipher suites of OpenSSL in the words of this program. */
class TlsVersionsTest {
    @ParameterizedTest
    @CsvSource({
        "TLSv1_2, TLSv1_2, false",
        "TLSv1_3, TLSv1_3, false",
        "tlsv1_2-tlsv1_3, , false",
        "TLSv1_2-, , false",
        "TLSv1-TLSv1_3, , true",
        "TLSv1_1-, , true",
        "-TLSv1_2, TLSv1_2, true",
        "TLSv1-TLSv1_2, TLSv1_2, true",
        "-, , true",
        "SSLv23, , true",
        "TLSany, , true",
        "TLSv1.2+, , false",
        "TLSv1.3+, TLSv1_3, false",
        "TLSv1.3, TLSv1_3, false",
        "TLSv1.2, TLSv1_2, false",
        "TLSv1.1+, , true",
        "TLSv1+, , true"
    })
    void aMethodBecomesTheVersionsThatAreSupported(String method, String setting, boolean allowsOlder) {
        TlsVersions versions = TlsVersions.of(method);

        assertThat(versions.setting()).isEqualTo(setting);
        assertThat(versions.isUsable()).isTrue();
        assertThat(versions.allowsOlder()).isEqualTo(allowsOlder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1", "TLSv1.0", "TLSv1.1", "SSLv3", "SSLv2", "TLSv1-TLSv1_1"})
    void anOldVersionIsNotUsable(String method) {
        assertThat(TlsVersions.of(method).isUsable()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "TLS", "TLSv1_4", "TLSv1_2-newest", "newest-TLSv1_2", "+"})
    void otherTextIsNoMethod(String method) {
        assertThat(TlsVersions.of(method)).isNull();
    }

    @Test
    void suitesHaveTheNamesOfJava() {
        CipherSuites suites = CipherSuites.of(
                "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-CHACHA20-POLY1305,ECDHE-RSA-AES256-SHA384"
                        + " ECDHE-RSA-AES128-SHA:TLS_DHE_RSA_WITH_AES_256_GCM_SHA384:!aNULL:!MD5",
                false);

        assertThat(suites.suites())
                .containsExactly(
                        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                        "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
                        "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
                        "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384");
        assertThat(suites.others()).isEmpty();
    }

    /** A list for OpenSSL leaves TLS 1.3 as it is. */
    @Test
    void aListDoesNotTurnTheNewestVersionOff() {
        assertThat(CipherSuites.of("ECDHE-RSA-AES256-GCM-SHA384", true).suites())
                .isEqualTo(List.of(
                        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                        "TLS_AES_256_GCM_SHA384",
                        "TLS_CHACHA20_POLY1305_SHA256",
                        "TLS_AES_128_GCM_SHA256"));
    }

    @Test
    void whatIsNoSuiteOfJavaIsNamed() {
        assertThat(CipherSuites.of("HIGH:RC4-MD5:!SHA1:@STRENGTH", true).others())
                .containsExactly("HIGH", "RC4-MD5", "!SHA1", "@STRENGTH");
        assertThat(CipherSuites.of("HIGH:!aNULL", true).suites()).isEmpty();
    }
}
