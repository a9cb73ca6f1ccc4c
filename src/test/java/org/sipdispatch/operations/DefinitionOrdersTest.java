package org.sipdispatch.operations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefinitionOrdersTest {
    @ParameterizedTest
    @CsvSource({
        "[2001:db8::1],   2001:db8::1,        true",
        "[2001:db8::1],   [2001:db8:0:0::1],  true",
        "[2001:DB8::1],   2001:db8::1,        true",
        "[2001:db8::1],   2001:db8::2,        false",
        "10.0.0.1,        10.0.0.1,           true",
        "10.0.0.1,        10.0.0.12,          false",
        "gw1.example.com, GW1.example.com,    true",
        "gw1.example.com, 10.0.0.1,           false",
        "10.0.0.1,        gw1.example.com,    false"
    })
    void addressesAreComparedByWhatTheyMeanAndNamesAsTheyStand(String host, String wanted, boolean same) {
        assertThat(DefinitionOrders.isSame(host, wanted)).isEqualTo(same);
    }
}
