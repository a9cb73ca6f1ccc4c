package org.sipdispatch.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownSocketsTest {
    private final KnownSockets cluster = KnownSockets.cluster(CatalogSamples.SOCKETS);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "main",
                "udp:10.0.0.1:5060",
                "udp:10.9.9.9",
                "TCP:10.9.9.9:5080",
                "tls:10.9.9.9",
                "udp:[2001:db8::1]:5070",
                "udp:node2.example.com:5060"
            })
    void aClusterKnowsOurSocketsAndWhatMayBeAnothers(String socket) {
        assertThat(cluster.isKnown(socket)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "other",
                "udp",
                "udp:",
                "sctp:10.0.0.1:5060",
                "udp:10.0.0.1:0",
                "udp:10.0.0.300:5060",
                "udp:a@10.0.0.1",
                "udp:10.0.0.1;lr",
                "udp:10.0.0.1:x"
            })
    void anUnknownNameOrAMistypedAddressIsKnownToNobody(String socket) {
        assertThat(cluster.isKnown(socket)).isFalse();
    }
}
