package org.sipdispatch.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.settings.SettingException;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16, 10.1.255.255, true",
        "10.1.0.0/16, 10.2.0.0, false",
        "10.1.2.3, 10.1.2.3, true",
        "10.1.2.3, 10.1.2.4, false",
        "10.1.2.3/32, 10.1.2.3, true",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "192.168.128.0/17, 192.168.128.1, true",
        "192.168.128.0/17, 192.168.127.255, false",
        "10.0.0.0/9, 10.127.0.1, true",
        "10.0.0.0/9, 10.128.0.1, false",
        "10.1.2.3/16, 10.1.9.9, true",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "2001:db8::1, 2001:db8::1, true",
        "2001:db8::/63, 2001:db8:0:1::, true",
        "2001:db8::/64, 2001:db8:0:1::, false",
        "::/0, 2001:db8::1, true"
    })
    void aBlockHoldsItsAddresses(String block, String address, boolean held) {
        assertThat(Cidr.parse("key", block).contains(Facts.address(address))).isEqualTo(held);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.1.0.0/",
                "10.1.0.0/33",
                "10.1.0.0/-1",
                "10.1.0",
                "10.1.0.0/16/8",
                "2001:db8::/129",
                "a/8",
                "/8"
            })
    void anythingElseIsRefused(String block) {
        assertThatThrownBy(() -> Cidr.parse("rules[0].when.source", block))
                .isInstanceOf(SettingException.class)
                .hasMessage("rules[0].when.source: " + block
                        + " (expected: an address block such as 10.1.0.0/16 or 2001:db8::/32)");
    }
}
