package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The TCP ports to which no request within a dialog is sent. */
class ProtectedPortsTest {
    private final ProtectedPorts guarded = new ProtectedPorts(
            List.of(() -> 8558, () -> 25520), Stream.of("203.0.113.7", "[2001:db8::7]", "sip.example"));

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 8558, true",
        "127.0.9.9, 25520, true",
        "::1, 8558, true",
        "203.0.113.7, 25520, true",
        "2001:db8::7, 8558, true",
        "127.0.0.1, 5060, false",
        "203.0.113.8, 8558, false",
        "2001:db8::8, 25520, false",
    })
    void thoseOfThisHostAre(String address, int port, boolean expected) {
        assertThat(guarded.test(new InetSocketAddress(address, port))).isEqualTo(expected);
    }
}
