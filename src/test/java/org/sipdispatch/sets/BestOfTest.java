package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.sipdispatch.sets.Algorithm.BEST_OF;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BestOfTest {
    private static final int PICKS = 100_000;

    @Test
    void withoutCallsAndLatenciesTheSharesAreThoseOfTheWeights() {
        int[] counts = LoadedSet.of(50, 30, 20, 0).counts(BEST_OF, PICKS);

        assertThat(counts[0]).isCloseTo(PICKS / 2, within(PICKS / 100));
        assertThat(counts[1]).isCloseTo(PICKS * 3 / 10, within(PICKS / 100));
        assertThat(counts[2]).isCloseTo(PICKS / 5, within(PICKS / 100));
        assertThat(counts[3]).isZero();
    }

    @Test
    void aSlowOneIsSelectedOnlyWhenTheOthersHaveTenTimesItsCalls() {
        LoadedSet set = LoadedSet.of(1, 1, 1, 1).latencies(100, 1000, 100, 100);

        assertThat(set.inFlight(3, 0, 3, 3).counts(BEST_OF, 1000)[1]).isZero();
        assertThat(set.inFlight(20, 0, 20, 20).counts(BEST_OF, 1000)[1]).isGreaterThan(700);
    }

    /** Three of four are compared, so that chance decides too; with two, both are. */
    @Test
    void theBestDoesNotGetEverything() {
        int[] counts = LoadedSet.of(1, 1, 1, 1).latencies(10, 100, 100, 100).counts(BEST_OF, PICKS);

        assertThat(counts[0]).isCloseTo(PICKS * 3 / 4, within(PICKS / 50));
        assertThat(LoadedSet.of(1, 1).latencies(10, 100).counts(BEST_OF, 1000)[1])
                .isLessThan(30);
        assertThat(LoadedSet.of(1).pick(BEST_OF)).isZero();
    }

    @Test
    void latenciesBelowTwiceTheLowestOneAreEqual() {
        int[] counts = LoadedSet.of(1, 1, 1, 1).latencies(10, 13, 16, 19).counts(BEST_OF, PICKS);

        assertThat(Arrays.stream(counts))
                .allSatisfy(count -> assertThat(count).isCloseTo(PICKS / 4, within(PICKS / 100)));
    }

    @Test
    void oneWithoutALatencyHasTheLowestOfTheSet() {
        LoadedSet set = LoadedSet.of(1, 1, 1).latencies(0, 40, 80);

        assertThat(set.inFlight(1, 0, 0).counts(BEST_OF, 1000)[0]).isLessThan(400);
        assertThat(set.inFlight(0, 1, 1).counts(BEST_OF, 1000)[0]).isGreaterThan(600);
    }

    @Test
    void callsCountInProportionToTheWeight() {
        LoadedSet set = LoadedSet.of(1, 3).latencies(50, 50);

        assertThat(set.inFlight(10, 29).counts(BEST_OF, 1000)[1]).isGreaterThan(900);
        assertThat(set.inFlight(10, 31).counts(BEST_OF, 1000)[0]).isGreaterThan(650);
    }

    /**
     * Three nodes, each of which knows only its own calls, and the same destinations: a call takes its destination's
     * latency, which all nodes measure at the same time. No destination ever has many times its share of the calls.
     */
    @Test
    void nodesThatDecideByOldLatenciesDoNotRunAfterEachOther() {
        int size = 12;
        List<LoadedSet> nodes = new ArrayList<>();
        String[] rows = new String[size];
        Arrays.fill(rows, "1 0 -");
        for (int node = 0; node < 3; node++) {
            nodes.add(LoadedSet.seeded(node, rows));
        }
        SplittableRandom random = new SplittableRandom(3);
        int[] calls = new int[size];
        List<int[]> running = new ArrayList<>();
        int most = 0;

        for (int step = 0; step < 30_000; step++) {
            int node = random.nextInt(3);
            int picked = nodes.get(node).pick(BEST_OF);
            nodes.get(node).load(picked).inFlight++;
            calls[picked]++;
            running.add(new int[] {node, picked});
            if (running.size() > 600) {
                int[] ended = running.remove(random.nextInt(running.size()));
                nodes.get(ended[0]).load(ended[1]).inFlight--;
                calls[ended[1]]--;
                most = Math.max(most, calls[picked]);
            }
            if (step % 300 == 0) {
                // The latency grows with the calls of all nodes.
                for (LoadedSet one : nodes) {
                    one.latencies(
                            Arrays.stream(calls).mapToLong(count -> 10 + count).toArray());
                }
            }
        }

        assertThat(most).isLessThan(2 * 600 / size);
    }

    @Test
    void theFailoverListHasTheOthersByTheirProducts() {
        LoadedSet set = LoadedSet.of(1, 1, 1, 1).latencies(800, 10, 400, 100);

        for (int i = 0; i < 50; i++) {
            List<Integer> order = set.select(BEST_OF, "F");
            assertThat(order).hasSize(4).containsExactlyInAnyOrder(0, 1, 2, 3);
            List<Integer> others = new ArrayList<>(List.of(1, 3, 2, 0));
            others.remove(order.get(0));
            assertThat(order.subList(1, 4)).isEqualTo(others);
        }
        assertThat(set.without(0, 1, 2, 3).select(BEST_OF, "F")).isEmpty();
    }

    @Test
    void theExplanationHasCallsAndLatencies() {
        LoadedSet set = LoadedSet.of(1, 2).latencies(10, 90).inFlight(4, 5);

        assertThat(set.why(BEST_OF, "F"))
                .containsExactly(
                        "first: 4 in flight, 10 ms, weight 1, the best of 2 or a trial of an old latency",
                        "next in the failover list; 5 in flight, 90 ms, weight 2");
    }
}
