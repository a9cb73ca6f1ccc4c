package org.sipdispatch.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpLiteralTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "127.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "1::",
                "[::1]",
                "2001:db8::1",
                "[2001:DB8::9:1]",
                "1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7::",
                "::2:3:4:5:6:7:8",
                "1:2:3::5:6:7:8",
                "2001:db8::192.0.2.1",
                "::192.0.2.1",
                "1:2:3:4:5:6:192.0.2.1",
                "fe80:0000:0000:0000:0204:61ff:fe9d:f156",
            })
    void aLiteralIsReadAsTheJdkReadsIt(String text) throws UnknownHostException {
        assertThat(IpLiteral.parse(text)).isEqualTo(InetAddress.getByName(text).getAddress());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"::", "::1", "1::", "2001:db8::9", "1:0:0:2::3", "1::2:0:0:3:4", "1:0:2:3:4:5:6:7", "fe80::a:0:b"
            })
    void anAddressIsWrittenAsShortAsRfc5952(String text) {
        assertThat(IpLiteral.text(IpLiteral.parse(text))).isEqualTo(text);
    }

    @Test
    void aMappedAddressKeepsItsSixteenBytes() {
        assertThat(IpLiteral.parse("[::ffff:192.0.2.1]"))
                .isEqualTo(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) 192, 0, 2, 1});
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "1.2.3",
                "1.2.3.",
                "1.2.3.4.",
                "1.2.3.4.5",
                "1..3.4",
                "256.1.1.1",
                "1.2.3.0004",
                "1.2.3.x",
                "-1.2.3.4",
                "example.com",
                "[1.2.3.4]",
                "[]",
                "[",
                "]",
                "[::1",
                ":",
                ":::",
                ":1",
                "1:",
                "::1:",
                ":1::",
                "1::2::3",
                "1:::2",
                "2001:db8:::192.0.2.1",
                "12345::",
                "g::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7:192.0.2.1",
                "1:2:3:4:5:192.0.2.1",
                "::192.0.2",
                "::192.0.2.1:5",
                "fe80::1%eth0",
            })
    void whatIsNoLiteralIsRefused(String text) {
        assertThat(IpLiteral.parse(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            10.0.0.1,            true
            127.0.0.1,           true
            223.255.255.255,     true
            0.0.0.0,             false
            0.1.2.3,             false
            224.0.0.1,           false
            239.255.255.255,     false
            240.0.0.1,           false
            255.255.255.255,     false
            ::,                  false
            ::1,                 true
            2001:db8::1,         true
            fe80::1,             true
            ff02::1,             false
            ::ffff:10.0.0.1,     true
            ::ffff:224.0.0.1,    false
            ::ffff:0.0.0.0,      false
            ::ffff:255.255.255.255, false
            """)
    void sipIsSentToOneHostOnly(String text, boolean expected) {
        assertThat(IpLiteral.isUnicast(IpLiteral.parse(text))).isEqualTo(expected);
    }
}
