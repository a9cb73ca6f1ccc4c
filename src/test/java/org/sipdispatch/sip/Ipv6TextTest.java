package org.sipdispatch.sip;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Comparing an IPv6 address in any spelling with bytes gives the same result as parsing it. */
class Ipv6TextTest {
    private static boolean reads(String text, byte[] address) {
        byte[] bytes = Ascii.bytes(text);
        return IpLiteral.isV6(bytes, 0, bytes.length, address);
    }

    @Property(tries = 2_000)
    void everySpellingIsTheSameAddress(@ForAll @Size(8) int[] groups, @ForAll int from, @ForAll int length) {
        byte[] address = new byte[16];
        StringBuilder text = new StringBuilder();
        // Most groups are small, so that runs of zeros occur.
        int gap = Math.floorMod(from, 9);
        int gapEnd = Math.min(8, gap + Math.floorMod(length, 9));
        for (int i = 0; i < 8; i++) {
            int group = i >= gap && i < gapEnd ? 0 : groups[i] & (i % 2 == 0 ? 0xffff : 1);
            address[2 * i] = (byte) (group >> 8);
            address[2 * i + 1] = (byte) group;
            if (i == gap && gapEnd > gap) {
                text.append("::");
            } else if (i < gap || i >= gapEnd) {
                boolean first = text.isEmpty() || text.charAt(text.length() - 1) == ':';
                text.append(first ? "" : ":").append(Integer.toHexString(group));
            }
        }

        assertThat(IpLiteral.parse(text.toString())).as(text.toString()).isEqualTo(address);
        assertThat(reads(text.toString(), address)).as(text.toString()).isTrue();
        address[15] ^= 1;
        assertThat(reads(text.toString(), address)).as(text.toString()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", ":::", "::1::", "1", "::g", "::00000", "1:2:3:4:5:6:7:8:9", "::1.2.3.4", "::1:"})
    void whatIsNoSpellingOfItIsNotEqual(String text) {
        assertThat(reads(text, new byte[16])).isFalse();
    }
}
