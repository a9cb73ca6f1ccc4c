package org.sipdispatch.pauses;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.pauses.PauseSteps.Step;

class PauseStepsTest {
    private static final int TOTAL_MS = 35_000;

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void oneNodeAtLeastAlwaysRunsAndAllDoInTheEnd(int nodes) {
        for (long seed = 0; seed < 200; seed++) {
            Set<Integer> stopped = new HashSet<>();
            for (Step step : PauseSteps.of(seed, nodes, TOTAL_MS)) {
                assertThat(step.stops() ? stopped.add(step.node()) : stopped.remove(step.node()))
                        .isTrue();
                assertThat(stopped.size()).isLessThan(nodes);
            }
            assertThat(stopped).isEmpty();
        }
    }

    @Test
    void theSameSeedGivesTheSameStepsAndAnotherOneOthers() {
        assertThat(PauseSteps.of(7, 3, TOTAL_MS))
                .isEqualTo(PauseSteps.of(7, 3, TOTAL_MS))
                .isNotEqualTo(PauseSteps.of(8, 3, TOTAL_MS));
    }

    @Test
    void oneAndTwoNodesArePausedForShortAndForLong() {
        List<Long> lengths = LongStream.range(0, 50)
                .boxed()
                .flatMap(seed -> PauseSteps.of(seed, 3, TOTAL_MS).stream())
                .filter(Step::stops)
                .map(Step::atMs)
                .toList();

        assertThat(lengths).hasSizeGreaterThan(100);
        assertThat(longestPauseMs()).isBetween(20_000L, 31_000L);
    }

    private static long longestPauseMs() {
        long longest = 0;
        for (long seed = 0; seed < 50; seed++) {
            List<Step> steps = PauseSteps.of(seed, 3, TOTAL_MS);
            for (Step stop : steps) {
                long untilMs = steps.stream()
                        .filter(step -> !step.stops() && step.node() == stop.node() && step.atMs() > stop.atMs())
                        .mapToLong(Step::atMs)
                        .findFirst()
                        .orElse(stop.atMs());
                longest = stop.stops() ? Math.max(longest, untilMs - stop.atMs()) : longest;
            }
        }
        return longest;
    }
}
