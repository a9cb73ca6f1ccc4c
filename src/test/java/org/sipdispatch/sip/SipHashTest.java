package org.sipdispatch.sip;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SipHashTest {
    @ParameterizedTest
    @CsvSource({"0, 726fdb47dd0e0e31", "7, ab0200f58b01d137", "8, 93f5f5799a932462", "15, a129ca6149be45e5"})
    void agreesWithThePublishedVectors(int length, String expected) {
        SipHash hash = SipHash.ofKeys(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        byte[] bytes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};

        hash.reset();
        hash.feed(bytes, 0, length);

        assertThat(Long.toHexString(hash.value())).isEqualTo(expected);
    }

    /** However the bytes are divided, the words that are compressed are the same. */
    @Test
    void theDivisionIntoRangesDoesNotChangeTheBytesThatAreHashed() {
        SipHash hash = SipHash.ofKeys(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        byte[] bytes = new byte[40];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 37 - 100);
        }
        hash.reset();
        hash.feed(bytes, 0, bytes.length);
        long whole = hash.value();

        for (int first = 0; first <= bytes.length; first++) {
            for (int second = first; second <= bytes.length; second++) {
                hash.reset();
                hash.feed(bytes, 0, first);
                hash.feed(bytes, first, second);
                hash.feed(bytes, second, bytes.length);
                assertThat(hash.value()).as("%s, %s", first, second).isEqualTo(whole);
            }
        }
    }

    @Test
    void rangesAreDistinguishedByTheirLengths() {
        SipHash hash = SipHash.of("secret");
        byte[] bytes = Ascii.bytes("abc");

        long first = hash.reset().add(bytes, 0, 2).add(bytes, 2, 3).value();
        long second = hash.reset().add(bytes, 0, 1).add(bytes, 1, 3).value();

        assertThat(first).isNotEqualTo(second);
    }
}
