package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.observation.ProxyHeaderFailure;
import org.sipdispatch.transport.ProxyProtocolHeader.Progress;

class ProxyProtocolHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String V4 = "cb007107 c0000201 9c40 13c4";
    private static final String V6 = "20010db8000000000000000000000007 20010db8000000000000000000000001 9c40 13c5";
    private static final int MOST = 4096;
    private static final byte[] REQUEST = "OPTIONS sip:a SIP/2.0\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private static byte[] line(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] binary(String afterSignature) {
        return HexFormat.of().parseHex(SIGNATURE + afterSignature.replace(" ", ""));
    }

    private static byte[] with(byte[] header, byte[] more) {
        byte[] all = Arrays.copyOf(header, header.length + more.length);
        System.arraycopy(more, 0, all, header.length, more.length);
        return all;
    }

    private static String read(byte[] bytes) {
        return text(read(new ProxyProtocolHeader(MOST), bytes));
    }

    private static ProxyProtocolHeader read(ProxyProtocolHeader header, byte[] bytes) {
        header.add(bytes, 0, bytes.length);
        return header;
    }

    private static String text(ProxyProtocolHeader header) {
        return switch (header.progress()) {
            case MORE -> "more";
            case REFUSED -> header.error();
            case COMPLETE ->
                header.source() == null
                        ? "own address"
                        : header.source().toString().replace("/", "");
        };
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 203.0.113.7 192.0.2.1 40000 5060\\r\\n, 203.0.113.7:40000",
        "PROXY TCP4 255.255.255.255 0.0.0.0 65535 0\\r\\n, 255.255.255.255:65535",
        "PROXY TCP6 2001:db8::7 2001:DB8:0:0:0:0:0:1 40000 5061\\r\\n, [2001:db8:0:0:0:0:0:7]:40000",
        "PROXY UNKNOWN\\r\\n, own address",
        "PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\\r\\n,"
                + " own address",
    })
    void version1(String line, String expected) {
        assertThat(read(line(line))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "21 11 000c " + V4 + ", 203.0.113.7:40000",
        "21 21 0024 " + V6 + ", [2001:db8:0:0:0:0:0:7]:40000",
        "21 11 0013 " + V4 + " 04 0004 00000000, 203.0.113.7:40000",
        "20 00 0000, own address",
        "20 11 000c " + V4 + ", own address",
        "20 ff 0001 00, own address",
        "21 00 0000, own address",
        "21 00 0003 010203, own address",
        "21 10 000c " + V4 + ", own address",
        "21 12 000c " + V4 + ", own address",
        "21 22 0024 " + V6 + ", own address",
    })
    void version2(String bytes, String expected) {
        assertThat(read(binary(bytes))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"31", "32"})
    void unixSocketsHaveNoAddressForUs(String family) {
        byte[] header = with(binary("21" + family + "00d8"), new byte[216]);

        assertThat(read(header)).isEqualTo("own address");
        assertThat(read(Arrays.copyOf(header, header.length - 1))).isEqualTo("more");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    INVITE sip:a SIP/2.0\\r\\n | I (expected: PROXY or the signature of version 2)
                    PROXYTCP4 1.2.3.4 | PROXYT (expected: PROXY or the signature of version 2)
                    proxy TCP4 | p (expected: PROXY or the signature of version 2)
                    PROXY TCP4 1.2.3.4 1.2.3.5 1 2\\n | PROXY TCP4 1.2.3.4 1.2.3.5 1 2 (expected: a line that ends with CR LF)
                    PROXY TCP4 1.2.3.4\\rx | PROXY TCP4 1.2.3.4.x (expected: a line that ends with CR LF)
                    PROXY TCP4\\r\\n | PROXY TCP4 (expected: PROXY TCP4 or TCP6, two addresses and two ports, or PROXY UNKNOWN)
                    PROXY UDP4 1.2.3.4 1.2.3.5 1 2\\r\\n | PROXY UDP4 1.2.3.4 1.2.3.5 1 2 (expected: PROXY TCP4 or TCP6, two addresses and two ports, or PROXY UNKNOWN)
                    PROXY TCP4  1.2.3.4 1.2.3.5 1 2\\r\\n | PROXY TCP4  1.2.3.4 1.2.3.5 1 2 (expected: PROXY TCP4 or TCP6, two addresses and two ports, or PROXY UNKNOWN)
                    PROXY TCP4 1.2.3.4 1.2.3.5 1 2 3\\r\\n | PROXY TCP4 1.2.3.4 1.2.3.5 1 2 3 (expected: PROXY TCP4 or TCP6, two addresses and two ports, or PROXY UNKNOWN)
                    PROXY UNKNOWNx\\r\\n | PROXY UNKNOWNx (expected: PROXY TCP4 or TCP6, two addresses and two ports, or PROXY UNKNOWN)
                    PROXY TCP4 01.2.3.4 1.2.3.5 1 2\\r\\n | 01.2.3.4 (expected: an IPv4 address without leading zeros)
                    PROXY TCP4 1.2.3.256 1.2.3.5 1 2\\r\\n | 1.2.3.256 (expected: an IPv4 address without leading zeros)
                    PROXY TCP4 1.2.3 1.2.3.5 1 2\\r\\n | 1.2.3 (expected: an IPv4 address without leading zeros)
                    PROXY TCP4 ::1 ::1 1 2\\r\\n | ::1 (expected: an IPv4 address without leading zeros)
                    PROXY TCP4 a.example b.example 1 2\\r\\n | a.example (expected: an IPv4 address without leading zeros)
                    PROXY TCP6 1.2.3.4 ::1 1 2\\r\\n | 1.2.3.4 (expected: an IPv6 address)
                    PROXY TCP6 [::1] ::1 1 2\\r\\n | [::1] (expected: an IPv6 address)
                    PROXY TCP6 ::1 :::1 1 2\\r\\n | :::1 (expected: an IPv6 address)
                    PROXY TCP6 ::1%eth0 ::1 1 2\\r\\n | ::1%eth0 (expected: an IPv6 address)
                    PROXY TCP4 1.2.3.4 1.2.3.5 65536 2\\r\\n | 65536 (expected: a port from 0 to 65535 without leading zeros)
                    PROXY TCP4 1.2.3.4 1.2.3.5 01 2\\r\\n | 01 (expected: a port from 0 to 65535 without leading zeros)
                    PROXY TCP4 1.2.3.4 1.2.3.5 1 -2\\r\\n | -2 (expected: a port from 0 to 65535 without leading zeros)
                    """)
    void aMalformedLineIsNamed(String line, String error) {
        assertThat(read(line(line))).isEqualTo(error);
    }

    @Test
    void aLineHas107BytesAtMost() {
        String longest = "PROXY UNKNOWN " + "x".repeat(107 - 14 - 2);

        assertThat(read(line(longest + "\r\n"))).isEqualTo("own address");
        assertThat(read(line(longest + "xx")))
                .isEqualTo("no end after 107 bytes (expected: a line that ends with CR LF)");
        assertThat(read(line(longest + "x\r\n"))).startsWith("no end after 107 bytes");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    11 11 000c | 11 (expected: 20, LOCAL, or 21, PROXY, of version 2)
                    22 11 000c | 22 (expected: 20, LOCAL, or 21, PROXY, of version 2)
                    21 41 000c | 41 (expected: a family from 0 to 3 and a transport from 0 to 2)
                    21 f1 000c | f1 (expected: a family from 0 to 3 and a transport from 0 to 2)
                    21 13 000c | 13 (expected: a family from 0 to 3 and a transport from 0 to 2)
                    21 11 000b | 11 bytes of addresses (expected: 12 or more)
                    21 21 000c | 12 bytes of addresses (expected: 36 or more)
                    21 31 0024 | 36 bytes of addresses (expected: 216 or more)
                    """)
    void aMalformedBinaryHeaderIsNamed(String bytes, String error) {
        assertThat(read(binary(bytes))).isEqualTo(error);
    }

    @Test
    void keepAlivesAndRequestsAfterThemAreNoHeader() {
        assertThat(read(line("\r\n\r\nOPTIONS"))).isEqualTo("....O (expected: the signature of version 2)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "50524f58592054435034203230332e302e3131332e37203139322e302e322e3120343030303020353036300d0a",
                SIGNATURE + "2111000ccb007107c00002019c4013c4",
                SIGNATURE + "21110013cb007107c00002019c4013c404000400000000",
                SIGNATURE + "20000000",
            })
    void piecesOfAnySizeGiveTheSameAndLeaveWhatFollows(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        String expected = read(bytes);
        byte[] all = with(bytes, REQUEST);
        for (int cut = 0; cut <= all.length; cut++) {
            ProxyProtocolHeader header = new ProxyProtocolHeader(MOST);
            int first = header.add(all, 0, cut);
            int second = header.add(all, first, all.length);

            assertThat(first).isEqualTo(Math.min(cut, bytes.length));
            assertThat(second).isEqualTo(bytes.length);
            assertThat(text(header)).isEqualTo(expected);
        }
        for (int end = 0; end < bytes.length; end++) {
            assertThat(read(Arrays.copyOf(bytes, end))).isEqualTo("more");
        }
    }

    /** What HAProxy 2.6 sends with {@code proxy-v2-options crc32c,unique-id}. */
    private static final String CHECKED = "21 11 0016 7f000003 7f000001 9c40 7149 03 0004 9ed6c435 05 0000";

    /** Where the type of the checksum's TLV is. */
    private static final int TYPE = 28;

    @Test
    void theChecksumIsVerified() {
        byte[] header = binary(CHECKED);
        assertThat(read(header)).isEqualTo("127.0.0.3:40000");
        for (int i = 16; i < TYPE; i++) {
            byte[] changed = header.clone();
            changed[i] ^= 0x01;
            assertThat(read(new ProxyProtocolHeader(MOST), changed).failure())
                    .as("byte %s", i)
                    .isNotNull();
        }
        header[19]++;

        ProxyProtocolHeader wrong = read(new ProxyProtocolHeader(MOST), header);

        assertThat(wrong.failure()).isEqualTo(ProxyHeaderFailure.CHECKSUM);
        assertThat(wrong.error()).isEqualTo("a wrong CRC32C (expected: that of the header)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"04", "04 00", "04 0001", "04 0002 01", "03 0003 010203", "03 0005 0102030405"})
    void valuesThatDoNotEndWithTheHeaderAreRefused(String values) {
        String tlv = values.replace(" ", "");
        String length = String.format("%04x", 12 + tlv.length() / 2);

        assertThat(read(binary("2111" + length + V4 + tlv)))
                .isEqualTo("a TLV at byte 28 of " + (28 + tlv.length() / 2)
                        + " (expected: TLVs that end with the header, a CRC32C of 4 bytes)");
    }

    @Test
    void aHeaderIsReadToItsEndIfItIsNotLongerThanTheLimit() {
        byte[] header = with(binary("2111ffff" + V4), new byte[65_535 - 12]);
        ProxyProtocolHeader tooLong = read(new ProxyProtocolHeader(header.length - 1), header);

        assertThat(text(read(new ProxyProtocolHeader(header.length), header))).isEqualTo("203.0.113.7:40000");
        assertThat(tooLong.failure()).isEqualTo(ProxyHeaderFailure.TOO_LARGE);
        assertThat(tooLong.error()).isEqualTo("65551 bytes (expected: 65550 at most)");
        assertThat(tooLong.held()).isLessThan(200);
    }

    @ParameterizedTest
    @CsvSource({
        "P, may begin",
        "PROXY, may begin",
        "PROXY ·, begins",
        "PRACK, no header",
        "PUBLISH, no header",
        "REGISTER, no header",
        "\\r, may begin",
        "\\r\\n\\r, may begin",
        "\\r\\n\\r\\n, no header",
        "\\r\\n\\r\\n\\r\\n, no header",
        "\\r\\nOPTIONS, no header",
        "\\r\\n\\r\\n\\0, begins",
    })
    void keepAlivesAndRequestsAreNoHeader(String first, String expected) {
        byte[] bytes = line(first.replace("·", "").replace("\\0", "\0"));

        assertThat(
                        ProxyProtocolHeader.isBegun(bytes)
                                ? "begins"
                                : ProxyProtocolHeader.mayBegin(bytes) ? "may begin" : "no header")
                .isEqualTo(expected);
    }

    @Test
    void anyBytesEndInAnAnswer() {
        Random random = new Random(4711);
        for (int i = 0; i < 20_000; i++) {
            byte[] header =
                    i % 2 == 0 ? binary("2111000c" + V4) : line("PROXY TCP4 203.0.113.7 192.0.2.1 40000 5060\r\n");
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                header[random.nextInt(header.length)] = (byte) random.nextInt(256);
            }
            ProxyProtocolHeader read = read(new ProxyProtocolHeader(MOST), header);

            assertThat(read.error().isEmpty()).isEqualTo(read.progress() != Progress.REFUSED);
            assertThat(read.failure() == null).isEqualTo(read.progress() != Progress.REFUSED);
            assertThat(read.source() == null || read.progress() == Progress.COMPLETE)
                    .isTrue();
        }
    }
}
