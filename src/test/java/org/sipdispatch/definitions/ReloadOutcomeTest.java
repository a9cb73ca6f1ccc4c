package org.sipdispatch.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReloadOutcomeTest {
    @Test
    void ofVeryManyLinesAThousandAreReported() {
        List<String> lines = IntStream.range(0, 2500).mapToObj(i -> "+ " + i).toList();

        ReloadOutcome outcome = ReloadOutcome.brief(3, lines, List.of("one"), "");

        assertThat(outcome.changes()).hasSize(1001).startsWith("+ 0").endsWith("... and 1500 more");
        assertThat(outcome.warnings()).containsExactly("one");
    }

    @Test
    void aRefusalNamesTheOptionThatSkipsTheRows() {
        assertThat(ReloadOutcome.refusal(List.of("one", "two")))
                .isEqualTo("rows: 2 that cannot be used (expected: none, or an order to skip them such as"
                        + " sip-dispatcher reload --skip-bad-rows); one; two");
    }

    @Test
    void longLinesAreFewer() {
        ReloadOutcome outcome = ReloadOutcome.brief(3, List.of(), Collections.nCopies(100, "ü".repeat(10_240)), "");

        assertThat(outcome.warnings()).hasSize(21).endsWith("... and 80 more");
    }
}
