package org.sipdispatch.sip;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Retry-After: 120|120",
                "retry-after:  5 (I'm in a meeting)|5",
                "Retry-After: 18000;duration=3600|18000",
                "Retry-After: 120(busy)|120",
                "Retry-After: 0|0",
                "Retry-After: 999999999|999999999",
                "Retry-After: 1234567890|0",
                "Retry-After: -5|0",
                "Retry-After: 5s|0",
                "Retry-After: 1.5|0",
                "Retry-After: soon|0",
                "Retry-After:|0",
                "X-Retry-After: 7|0"
            })
    void theSecondsAreThoseOfTheHeaderField(String line, long seconds) {
        byte[] bytes = Ascii.bytes("SIP/2.0 503 Service Unavailable\r\n"
                + "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\n"
                + "Call-ID: x\r\nCSeq: 1 INVITE\r\n" + line + "\r\nContent-Length: 0\r\n\r\n");

        SipResponse response = (SipResponse) SipParser.parse(bytes, 0, bytes.length);

        assertThat(RetryAfter.seconds(response)).isEqualTo(seconds);
    }
}
