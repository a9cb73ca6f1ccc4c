package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FirstBytesHintTest {
    private static byte[] bytes(String text) {
        return text.translateEscapes().getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({
        "'\\26\\3\\1\\2', TLS",
        "'GET / HTTP/1.1\\r\\nHost: a\\r\\n', HTTP",
        "'OPTIONS * HTTP/1.0\\r\\n', HTTP",
        "'OPTIONS sip:a@example.com SIP/2.0\\r\\n', SIP",
        "'INVITE SIPS:a SIP/2.0', SIP",
        "'INVITE tel:+1 SIP/2.0', SIP",
        "'SIP/2.0 200 OK', SIP",
        "'\\r\\n\\r\\n', SIP",
        "'\\r\\nREGISTER', SIP",
        "'\\r\\n\\r\\n\\0\\r\\nQUIT', ''",
        "'\\26', ''",
        "'PROXY TCP4 10.0.0.1', ''",
        "'', ''",
    })
    void theKindOfAProtocolIsInItsFirstBytes(String first, String kind) {
        assertThat(FirstBytesHint.kind(bytes(first))).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({
        "'PROXY TCP4 10.0.0.1 10.0.0.2 1 2\\r\\n', true",
        "'PROXY TCP6 ::1 ::1 1 2\\r\\n', true",
        "'PROXY UNKNOWN\\r\\n', true",
        "'\\r\\n\\r\\n\\0\\r\\nQUIT\\n!', true",
        "'PROXY sip:a@example.com SIP/2.0\\r\\n', false",
        "'\\r\\n\\r\\n', false",
        "'INVITE sip:a SIP/2.0\\r\\n', false",
        "'', false",
    })
    void aHeaderIsToldFromMessages(String first, boolean isHeader) {
        assertThat(ProxyProtocolHeader.isHeader(bytes(first))).isEqualTo(isHeader);
    }
}
