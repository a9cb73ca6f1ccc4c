package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.Limits;
import org.sipdispatch.transaction.SocketAddresses;

class HandshakeLimitsTest {
    private static final InetAddress ONE = SocketAddresses.of(new byte[] {(byte) 192, 0, 2, 1});
    private static final InetAddress OTHER = SocketAddresses.of(new byte[] {(byte) 192, 0, 2, 2});

    private final Limits counted = new Limits();

    private HandshakeLimits limits(int open, int openOfSource, int rate, int rateOfSource) {
        return new HandshakeLimits(
                new TlsLimitSettings(Duration.ofSeconds(10), open, openOfSource, rate, rateOfSource), counted);
    }

    @Test
    void oneAddressMayHaveItsShareOfOpenHandshakesOnly() {
        HandshakeLimits limits = limits(10, 2, 100, 100);
        HandshakeLimits.HandshakePermit first = limits.begin(ONE, 0);
        limits.begin(ONE, 0);

        assertThat(limits.begin(ONE, 0)).isNull();
        assertThat(limits.begin(OTHER, 0)).isNotNull();
        first.end();
        first.end();

        assertThat(limits.begin(ONE, 0)).isNotNull();
        assertThat(limits.begin(ONE, 0)).isNull();
        assertThat(counted.hits(Limit.HANDSHAKES_OF_SOURCE)).isEqualTo(2);
    }

    @Test
    void theAddressesWithTheSameFirst64BitsAreOneSource() {
        HandshakeLimits limits = limits(10, 1, 100, 100);
        limits.begin(ipv6(1, 1), 0);

        assertThat(limits.begin(ipv6(1, 2), 0)).isNull();
        assertThat(limits.begin(ipv6(2, 1), 0)).isNotNull();
        assertThat(counted.hits(Limit.HANDSHAKES_OF_SOURCE)).isOne();
    }

    /** {@code 2001:db8:0:network::host}. */
    private static InetAddress ipv6(int network, int host) {
        return SocketAddresses.of(
                new byte[] {0x20, 1, 0x0d, (byte) 0xb8, 0, 0, 0, (byte) network, 0, 0, 0, 0, 0, 0, 0, (byte) host});
    }

    @Test
    void allTogetherMayHaveSoManyOpen() {
        HandshakeLimits limits = limits(2, 2, 100, 100);
        limits.begin(ONE, 0);
        limits.begin(OTHER, 0);

        assertThat(limits.begin(OTHER, 0)).isNull();
        assertThat(counted.hits(Limit.HANDSHAKES)).isOne();
    }

    @Test
    void oneAddressMayBeginSoManyInASecond() {
        HandshakeLimits limits = limits(100, 100, 100, 2);
        limits.begin(ONE, 100).end();
        limits.begin(ONE, 900).end();

        assertThat(limits.begin(ONE, 999)).isNull();
        assertThat(limits.begin(OTHER, 999)).isNotNull();
        assertThat(limits.begin(ONE, 1_000)).isNotNull();
        assertThat(counted.hits(Limit.HANDSHAKE_RATE_OF_SOURCE)).isOne();
    }

    @Test
    void allTogetherMayBeginSoManyInASecond() {
        HandshakeLimits limits = limits(100, 100, 2, 2);
        limits.begin(ONE, 0).end();
        limits.begin(OTHER, 0).end();

        assertThat(limits.begin(OTHER, 0)).isNull();
        assertThat(limits.begin(OTHER, 1_000)).isNotNull();
        assertThat(counted.hits(Limit.HANDSHAKE_RATE)).isOne();
    }
}
