package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.sipdispatch.sets.Algorithm.LATENCY_PRIORITY;
import static org.sipdispatch.sets.Algorithm.LEAST_IN_FLIGHT;
import static org.sipdispatch.sets.Algorithm.PERCENT_WEIGHT;
import static org.sipdispatch.sets.Algorithm.PRIORITY_TIERS;
import static org.sipdispatch.sets.Algorithm.RELATIVE_WEIGHT;
import static org.sipdispatch.sets.Algorithm.SRV_TIERS;
import static org.sipdispatch.sets.Algorithm.TURNS_OR_PRIORITY;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The algorithms that select by weight or priority, with the examples of Kamailio's documentation. */
class WeightSharesTest {
    private static final int PICKS = 100_000;

    private static void assertShares(int[] counts, double... weights) {
        double sum = Arrays.stream(weights).sum();
        int picks = Arrays.stream(counts).sum();
        String all = Arrays.toString(counts);
        for (int i = 0; i < counts.length; i++) {
            double share = picks * weights[i] / sum;
            assertThat((double) counts[i])
                    .as("member %d of %s", i, all)
                    .isCloseTo(share, within(Math.max(1, share / 100)));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PERCENT_WEIGHT", "RELATIVE_WEIGHT", "PRIORITY_TIERS", "SRV_TIERS", "LATENCY_TIERS"})
    void sharesAreThoseOfTheWeights(Algorithm algorithm) {
        assertShares(LoadedSet.of(50, 30, 20).counts(algorithm, PICKS), 50, 30, 20);
        assertShares(LoadedSet.of(1, 99, 0, 400).counts(algorithm, PICKS), 1, 99, 0, 400);
        assertShares(LoadedSet.of(0, 0).counts(algorithm, PICKS), 1, 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"ROUND_ROBIN", "SMOOTH_ROUND_ROBIN"})
    void roundRobinHasTheSharesOfTheWeights(Algorithm algorithm) {
        assertShares(LoadedSet.of(50, 30, 20).counts(algorithm, PICKS), 50, 30, 20);
    }

    /** One in a hundred of all picks: more than six standard deviations. */
    @ParameterizedTest
    @EnumSource(
            names = {"CALL_ID", "FROM_URI", "TO_URI", "REQUEST_URI", "AUTH_USER", "HASH_PVAR", "RANDOM", "RENDEZVOUS"})
    void hashesAndChanceComeCloseToTheWeights(Algorithm algorithm) {
        int[] counts = LoadedSet.of(50, 30, 20).counts(algorithm, PICKS);

        assertThat(counts[0]).isCloseTo(PICKS / 2, within(PICKS / 100));
        assertThat(counts[1]).isCloseTo(PICKS * 3 / 10, within(PICKS / 100));
        assertThat(counts[2]).isCloseTo(PICKS / 5, within(PICKS / 100));
    }

    /** With calls that do not end. */
    @Test
    void callsInFlightHaveTheSharesOfTheWeights() {
        LoadedSet set = LoadedSet.of(50, 30, 20);
        int[] counts = new int[3];

        for (int i = 0; i < PICKS; i++) {
            int picked = set.pick(LEAST_IN_FLIGHT);
            set.load(picked).inFlight++;
            counts[picked]++;
        }

        assertShares(counts, 50, 30, 20);
    }

    @ParameterizedTest
    @EnumSource(names = {"PERCENT_WEIGHT", "RELATIVE_WEIGHT", "PRIORITY_TIERS", "SRV_TIERS", "LATENCY_TIERS"})
    void aDeadMembersShareGoesToAllOthersAndReturns(Algorithm algorithm) {
        LoadedSet set = LoadedSet.ofMany(30, "2 0 -");

        int[] whole = set.counts(algorithm, PICKS);
        int[] without = set.without(7).counts(algorithm, PICKS);
        int[] again = set.without().counts(algorithm, PICKS);

        double share = PICKS / 30.0;
        assertThat(without[7]).isZero();
        assertThat(Arrays.stream(without).max().getAsInt()).isLessThan((int) (1.05 * share));
        assertThat(whole[7]).isCloseTo((int) share, within(33));
        assertThat(again[7]).isCloseTo((int) share, within(33));
    }

    /** Kamailio gives the rest of 100 percent to the last member, and cuts what exceeds it. */
    @Test
    void weightsNeedNotAddUpToOneHundred() {
        assertShares(LoadedSet.of(30, 20).counts(PERCENT_WEIGHT, PICKS), 60, 40);
        assertShares(LoadedSet.of(100, 100, 50).counts(PERCENT_WEIGHT, PICKS), 40, 40, 20);
    }

    /** The example for algorithm 11 in Kamailio's documentation: 25, 50, 25 percent, and 33, 67 without the third. */
    @Test
    void relativeWeightsAreDividedAmongTheUsableOnes() {
        LoadedSet set = LoadedSet.ofRows("1 0 rweight=1", "1 0 rweight=2", "1 0 rweight=1");

        assertShares(set.counts(RELATIVE_WEIGHT, PICKS), 25, 50, 25);
        assertShares(set.without(2).counts(RELATIVE_WEIGHT, PICKS), 1, 2, 0);
    }

    /** Kamailio has one hundred slots: 26 equal members get three of them each, and the last one gets 25. */
    @ParameterizedTest
    @ValueSource(ints = {26, 101, 300})
    void manyMembersHaveEqualShares(int size) {
        double[] weights = new double[size];
        Arrays.fill(weights, 1);

        assertShares(LoadedSet.ofMany(size, "1 0 rweight=7").counts(RELATIVE_WEIGHT, PICKS), weights);
    }

    /** As in the example of Kamailio's documentation: 45 ms in place of 20 ms lower a weight of 50 by 25. */
    @Test
    void congestionLowersTheWeight() {
        LoadedSet set = LoadedSet.ofMany(2, "50 0 rweight=50;weight=50;cc=1");
        assertShares(set.counts(RELATIVE_WEIGHT, PICKS), 1, 1);

        set.load(0).usualMs = 20;
        set.load(1).usualMs = 20;
        set.latencies(45, 20);

        assertShares(set.counts(RELATIVE_WEIGHT, PICKS), 25, 50);
        assertThat(set.latencies(90, 20).counts(RELATIVE_WEIGHT, 1000)).containsExactly(0, 1000);
    }

    @Test
    void ifAllAreCongestedTheLeastCongestedGetsMost() {
        LoadedSet set = LoadedSet.ofMany(3, "50 0 cc=1").latencies(100, 200, 400);

        assertShares(set.counts(RELATIVE_WEIGHT, PICKS), 4, 2, 1);
    }

    /** A member without cc keeps its weight, however slow it is. */
    @Test
    void congestionCountsOnlyWhereItIsAskedFor() {
        LoadedSet set = LoadedSet.ofRows("50 0 cc=1", "50 0 rweight=10").latencies(30, 900);

        assertShares(set.counts(RELATIVE_WEIGHT, PICKS), 20, 10);
    }

    /** The table for algorithm 13 in Kamailio's documentation. */
    @Test
    void latencyLowersThePriority() {
        LoadedSet set = LoadedSet.ofMany(7, "1 30 -").latencies(21, 91, 61, 19, 32, 0, 201);

        assertShares(set.counts(LATENCY_PRIORITY, PICKS), 1, 0, 0, 1, 0, 1, 0);
        assertThat(set.why(LATENCY_PRIORITY, ""))
                .extracting(text -> text.replaceFirst(".*adjusted to (\\d+).*", "$1"))
                .containsExactly("30", "27", "28", "30", "29", "30", "24");
        assertThat(set.select(LATENCY_PRIORITY, "F").subList(3, 7)).containsExactly(4, 2, 1, 6);
    }

    @Test
    void withCongestionControlThePriorityFallsWithTheCongestion() {
        LoadedSet set = LoadedSet.ofMany(2, "1 30 cc=1");
        set.load(0).usualMs = 500;
        set.load(1).usualMs = 10;

        assertThat(set.latencies(520, 80).counts(LATENCY_PRIORITY, 100)).containsExactly(100, 0);
    }

    /** Priority 0 divides by nothing, and no priority falls below 1. */
    @Test
    void thePriorityIsAtLeastOneOrAsItWas() {
        assertThat(LoadedSet.ofRows("1 0 -", "1 2 -").latencies(900, 900).counts(LATENCY_PRIORITY, 100))
                .containsExactly(0, 100);
    }

    @Test
    void theLatencyOfTheAttributesCountsUntilOneIsMeasured() {
        LoadedSet set = LoadedSet.ofRows("1 30 latency=99", "1 30 -");
        assertThat(set.counts(LATENCY_PRIORITY, 100)).containsExactly(0, 100);

        assertThat(set.latencies(5, 50).counts(LATENCY_PRIORITY, 100)).containsExactly(100, 0);
    }

    @Test
    void theBestPriorityServesByWeightAndTheNextOneStandsIn() {
        String[] rows = {"5 10 -", "3 10 -", "1 1 -", "0 20 -"};
        LoadedSet set = LoadedSet.ofRows(rows);

        assertShares(set.without(3).counts(PRIORITY_TIERS, PICKS), 5, 3, 0, 0);
        assertShares(set.without(0, 1, 3).counts(PRIORITY_TIERS, 1000), 0, 0, 1, 0);
        assertThat(set.without().select(PRIORITY_TIERS, "F")).startsWith(3).endsWith(2);
        assertThat(set.select(SRV_TIERS, "F")).startsWith(2).endsWith(3);
        assertShares(LoadedSet.ofRows(rows).without(2).counts(SRV_TIERS, PICKS), 5, 3, 0, 0);
    }

    /** Kamailio walks on from a dead member of the first tier to the worst one. */
    @Test
    void theFailoverListGoesFromTierToTier() {
        LoadedSet set = LoadedSet.ofRows("1 3 -", "1 2 -", "1 3 -", "1 1 -", "0 3 -");

        for (int i = 0; i < 100; i++) {
            List<Integer> order = set.select(SRV_TIERS, "F");
            assertThat(order.subList(0, 2)).containsExactly(3, 1);
            assertThat(order.subList(2, 4)).containsExactlyInAnyOrder(0, 2);
            assertThat(order.get(4)).isEqualTo(4);
        }
    }

    /** A member that fails must not send all its calls to one neighbour. */
    @Test
    void theSecondOneDiffersFromRequestToRequest() {
        LoadedSet set = LoadedSet.of(1, 1, 1, 1);
        int[] seconds = new int[4];

        for (int i = 0; i < 20_000; i++) {
            List<Integer> order = set.select(PERCENT_WEIGHT, "F");
            if (order.get(0) == 0) {
                seconds[order.get(1)]++;
            }
        }

        assertThat(seconds[0]).isZero();
        assertThat(Arrays.stream(seconds, 1, 4).min().getAsInt()).isGreaterThan(1000);
    }

    @Test
    void equalPrioritiesTakeTurnsAndOthersFollowTheirOrder() {
        assertShares(LoadedSet.ofMany(3, "1 5 -").counts(TURNS_OR_PRIORITY, PICKS), 1, 1, 1);
        assertThat(LoadedSet.ofMany(3, "1 0 -").counts(TURNS_OR_PRIORITY, 100)).containsExactly(100, 0, 0);
        LoadedSet mixed = LoadedSet.ofRows("1 5 -", "1 9 -", "1 5 -");
        assertThat(mixed.select(TURNS_OR_PRIORITY, "F")).containsExactly(1, 0, 2);
        assertThat(mixed.without(1).select(TURNS_OR_PRIORITY, "F")).containsExactly(0, 2);
    }

    @Test
    void theReserveServesOnlyIfNoOtherDoes() {
        LoadedSet set = LoadedSet.of(1, 1, 9);

        assertThat(set.select(PERCENT_WEIGHT, "FD")).hasSize(3).endsWith(2);
        assertThat(set.select(PERCENT_WEIGHT, "FDM1")).hasSize(2).endsWith(2);
        assertThat(set.without(0, 1).select(PERCENT_WEIGHT, "FD")).containsExactly(2);
        assertThat(set.without(0, 1, 2).select(PERCENT_WEIGHT, "FD")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 6, 7})
    void withoutWeightsAllCountAlike(int number) {
        SetView view = Views.of(50, 30, 20);
        RoundRobinState state = new RoundRobinState(3);
        SelectFlags flags = SelectFlags.parse("").withoutWeights();
        int[] counts = new int[3];

        for (int i = 0; i < 3000; i++) {
            String name = Selection.select(view, state, Algorithm.ofKamailio(number), i, flags)
                    .get(0)
                    .description();
            counts[name.charAt(0) - 'a']++;
        }

        assertThat(counts).containsExactly(1000, 1000, 1000);
    }
}
