package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.Section;

class UnpingedDestinationsTest {
    private static final List<Definition> ROWS = List.of(
            row("trunks", 2, DestinationState.PROBING, ""),
            row("default", 1, DestinationState.PROBING, "ds_ping_interval=0"),
            row("default", 1, DestinationState.PROBING, "ds_ping_interval=5"),
            row("default", 3, DestinationState.ACTIVE, ""),
            row("default", 4, DestinationState.INACTIVE, ""));

    private static Definition row(String partition, int set, DestinationState state, String attrs) {
        return new Definition(new Destination(partition, set, "sip:10.0.0.1", null, 1, 0, attrs, ""), state, false);
    }

    private static List<String> warnings(String probing) {
        Section section = Section.root(ConfigFactory.parseString("probing { " + probing + " }")
                .withFallback(ConfigFactory.defaultReference().getConfig("sip-dispatcher")));
        return UnpingedDestinations.warnings(ProbeSettings.from(section.section("probing")), ROWS);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ds_ping_interval = 0 | 2 rows of sets default:1, trunks:2 that are not pinged (expected: a probing.ds_ping_interval above 0
            ds_ping_interval = 9 | 1 row of sets default:1 that are not pinged (expected: a ds_ping_interval above 0 in their attrs, or none
            """)
    void oneLineTellsTheRowsInStateProbingThatAreNotPinged(String probing, String line) {
        assertThat(warnings(probing))
                .containsExactly(
                        "state: 2, Probing, in " + line + ", or state 0); without pings they never take traffic");
    }

    @Test
    void aSetOutsideTheProbingListIsNotPinged() {
        assertThat(warnings("ds_ping_interval = 9, ds_probing_list = \"1\""))
                .hasSize(2)
                .anySatisfy(line -> assertThat(line)
                        .contains("1 row of sets trunks:2", "(expected: their sets in probing.ds_probing_list"));
    }
}
