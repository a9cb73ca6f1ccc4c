package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.sets.Algorithm.BEST_OF;
import static org.sipdispatch.sets.Algorithm.LATENCY_PRIORITY;
import static org.sipdispatch.sets.Algorithm.LATENCY_TIERS;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tiers of latency, and how a destination that was slow is found to be quick again. */
class LatencyTrialsTest {
    /** The tiers end at 20, 100 and 500 ms. */
    @Test
    void theQuickestTierServesAndTheNextOneStandsIn() {
        LoadedSet set = LoadedSet.of(1, 1, 1, 1).latencies(90, 20, 600, 0);

        assertHalves(set.counts(LATENCY_TIERS, 1000), 1, 3);
        assertThat(set.without(1, 3).counts(LATENCY_TIERS, 10)).containsExactly(10, 0, 0, 0);
        assertThat(set.select(LATENCY_TIERS, "F")).containsExactly(0, 2);
        assertHalves(set.without().latencies(21, 21, 101, 500).counts(LATENCY_TIERS, 1000), 0, 1);
        assertThat(set.why(LATENCY_TIERS, "").get(2))
                .isEqualTo("flag F is not set: one pick only; 101 ms, tier 3, weight 1");
    }

    private static void assertHalves(int[] counts, int one, int other) {
        assertThat(counts[one]).isBetween(495, 505);
        assertThat(counts[one] + counts[other]).isEqualTo(1000);
    }

    /** Between two measurements nothing changes, so that a selection needs no look at all members. */
    @Test
    void latenciesCountFromTheNextMeasurementOn() {
        LoadedSet set = LoadedSet.of(1, 1).latencies(10, 300);
        assertThat(set.counts(LATENCY_TIERS, 10)).containsExactly(10, 0);

        set.load(0).latencyMs = 400;
        set.load(1).latencyMs = 10;
        assertThat(set.counts(LATENCY_TIERS, 10)).containsExactly(10, 0);
        assertThat(set.measured().counts(LATENCY_TIERS, 10)).containsExactly(0, 10);
    }

    @ParameterizedTest
    @EnumSource(names = {"LATENCY_TIERS", "LATENCY_PRIORITY", "RELATIVE_WEIGHT", "BEST_OF"})
    void oneThatWasSlowGetsOneRequestInTenSeconds(Algorithm algorithm) {
        LoadedSet set = LoadedSet.ofMany(4, "50 30 cc=1");
        set.latencies(10, 10, 10, 3000);
        assertThat(set.counts(algorithm, 1000)[3]).isZero();

        set.load(3).idle = true;
        set.measured();
        int[] counts = set.counts(algorithm, 99);
        assertThat(counts[3]).isLessThanOrEqualTo(1);
        int trials = counts[3];
        for (int i = 0; i < 1000; i++) {
            if (set.pick(algorithm) == 3) {
                trials++;
                set.load(3).idle = false;
            }
        }
        assertThat(trials).isEqualTo(1);
    }

    @Test
    void trialsAreOneSelectionInAHundredAtMost() {
        LoadedSet set = LoadedSet.ofMany(50, "1 0 -");
        for (int i = 1; i < 50; i++) {
            set.load(i).latencyMs = 2000;
            set.load(i).idle = true;
        }
        set.measured();
        int trials = 0;

        for (int i = 0; i < 3000; i++) {
            int picked = set.pick(LATENCY_TIERS);
            if (picked != 0) {
                trials++;
                set.load(picked).idle = false;
            }
        }

        assertThat(trials).isBetween(29, 30);
    }

    /** A member whose own priority is lower is no candidate for a trial, and neither is one in use. */
    @Test
    void onlyOneThatItsLatencyKeepsOutGetsATrial() {
        LoadedSet set = LoadedSet.ofRows("1 30 -", "1 20 -", "1 30 -");
        set.latencies(5, 5, 900);
        set.load(0).idle = true;
        set.load(1).idle = true;
        set.measured();

        assertThat(set.counts(LATENCY_PRIORITY, 1000)).containsExactly(1000, 0, 0);
        assertThat(set.counts(BEST_OF, 1000)[2]).isLessThan(10);
    }

    /** Weight 0 asks for no requests. */
    @ParameterizedTest
    @EnumSource(names = {"LATENCY_TIERS", "RELATIVE_WEIGHT", "BEST_OF"})
    void oneWithoutWeightGetsNoTrial(Algorithm algorithm) {
        LoadedSet set = LoadedSet.ofRows("5 0 -", "0 0 -", "0 0 cc=1");
        set.load(1).idle = true;
        set.load(2).idle = true;

        assertThat(set.latencies(5, 900, 900).counts(algorithm, 1000)).containsExactly(1000, 0, 0);
    }
}
