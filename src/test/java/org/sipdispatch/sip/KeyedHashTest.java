package org.sipdispatch.sip;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyedHashTest {
    @Test
    void agreesWithThePublishedVectors() {
        KeyedHash hash = KeyedHash.ofKeys(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        byte[] bytes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};

        hash.begin();
        hash.feed(bytes, 0, 15);

        assertThat(hash.value()).isEqualTo(0xa129ca6149be45e5L);
    }
}
