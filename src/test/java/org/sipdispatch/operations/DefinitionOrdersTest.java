package org.sipdispatch.operations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.Status;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.sets.Destination;

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

    @Test
    void aStateForADestinationThatExistsIsIgnoredWithAWarning() {
        Definition row = new Definition(
                new Destination("default", 1, "sip:10.0.0.1", null, 1, 0, "", ""), DestinationState.ACTIVE, false);
        Status active = Status.initial(DestinationState.ACTIVE, 1);
        DestinationsSnapshot.KnownDestination known = new DestinationsSnapshot.KnownDestination(row, active);

        assertThat(DefinitionOrders.ignored(known, DestinationState.INACTIVE))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("state: Inactive (expected: none, because")
                        .contains("stays Active"));
        assertThat(DefinitionOrders.ignored(known, DestinationState.ACTIVE)).isEmpty();
        assertThat(DefinitionOrders.ignored(known, null)).isEmpty();
        assertThat(DefinitionOrders.ignored(null, DestinationState.INACTIVE)).isEmpty();
    }
}
