package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rendezvous hashing in sets that are too large to compare all members for each key. */
class RendezvousTreeTest {
    private static final int KEYS = 100_000;
    private static final int[] HASHES = new Random(3).ints(KEYS).toArray();

    private static SetView view(int size, IntUnaryOperator weight) {
        List<SetView.SetMember> members = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            members.add(new SetView.SetMember(
                    new Destination(
                            "default", 1, "sip:192.0.2." + i, null, weight.applyAsInt(i), 0, "", Integer.toString(i)),
                    true));
        }
        return SetView.of(Views.ID, members);
    }

    private static int[] picks(SetView view) {
        RoundRobinState state = new RoundRobinState(view.size());
        Picker picker = Algorithm.RENDEZVOUS.picker();
        return IntStream.of(HASHES)
                .map(hash -> picker.first(view, state, hash, false))
                .toArray();
    }

    private static int[] counts(int[] picks, int size) {
        int[] counts = new int[size];
        IntStream.of(picks).forEach(pick -> counts[pick]++);
        return counts;
    }

    /** Also in between, where some keys draw and some compare. Six standard deviations. */
    @ParameterizedTest
    @ValueSource(ints = {33, 64, 95, 96, 500})
    void sharesAreThoseOfTheWeights(int size) {
        int[] counts = counts(picks(view(size, i -> i % 5)), size);

        int sum = IntStream.range(0, size).map(i -> i % 5).sum();
        int[] byWeight = new int[5];
        for (int i = 0; i < size; i++) {
            double share = (double) KEYS * (i % 5) / sum;
            assertThat((double) counts[i]).isCloseTo(share, within(6 * Math.sqrt(share)));
            byWeight[i % 5] += counts[i];
        }
        for (int weight = 0; weight < 5; weight++) {
            int same = weight;
            double share = (double) KEYS
                    * IntStream.range(0, size).filter(i -> i % 5 == same).count()
                    * weight
                    / sum;
            assertThat((double) byWeight[weight]).isCloseTo(share, within(KEYS / 100.0));
        }
    }

    @Test
    void weightsOfZeroAloneShareEvenly() {
        int[] counts = counts(picks(view(100, i -> 0)), 100);

        for (int count : counts) {
            assertThat(count).isCloseTo(KEYS / 100, within(200));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 300})
    void deadMembersLoseTheirKeysToAllOthersAndGetThemBack(int size) {
        SetView whole = view(size, i -> 1 + i % 2);
        SetView without = whole.withActive(place -> place % 10 != 7);
        int[] before = picks(whole);
        int[] during = picks(without);
        int[] again = picks(without.withActive(place -> true));

        int[] inherited = new int[size];
        int moved = 0;
        for (int i = 0; i < KEYS; i++) {
            if (before[i] % 10 == 7) {
                moved++;
                inherited[during[i]]++;
            } else {
                assertThat(during[i]).isEqualTo(before[i]);
            }
        }
        assertThat(again).containsExactly(before);
        int weights = IntStream.range(0, size)
                .filter(i -> i % 10 != 7)
                .map(i -> 1 + i % 2)
                .sum();
        for (int i = 0; i < size; i++) {
            double share = i % 10 == 7 ? 0 : (double) moved * (1 + i % 2) / weights;
            assertThat((double) inherited[i]).isCloseTo(share, within(6 * Math.sqrt(share)));
        }
    }

    /** No one gets much more than its share when one dies. */
    @Test
    void nobodyInheritsMuch() {
        int size = 100;
        int[] counts = counts(picks(view(size, i -> 1).withActive(place -> place != 11)), size);

        assertThat(IntStream.of(counts).max().getAsInt()).isLessThan((int) (1.2 * KEYS / size));
    }

    /** The last one is defined or not; its share would be the least that can move. */
    @ParameterizedTest
    @CsvSource({"33, 3", "65, 4", "97, 5", "300, 6", "1000, 7"})
    void aDefinitionMovesFewKeys(int size, int shares) {
        int[] with = picks(view(size, i -> 1));
        int[] without = picks(view(size - 1, i -> 1));

        long moved = IntStream.range(0, KEYS).filter(i -> with[i] != without[i]).count();
        assertThat(moved).isLessThan((long) shares * KEYS / size);
    }

    @Test
    void aWeightMovesFewKeys() {
        int[] before = picks(view(100, i -> 10));
        int[] after = picks(view(100, i -> i == 50 ? 20 : 10));

        long moved = IntStream.range(0, KEYS).filter(i -> before[i] != after[i]).count();
        assertThat(moved).isLessThan(5 * KEYS / 100);
    }

    @Test
    void theOrderOfTheRowsDoesNotMatter() {
        SetView view = view(100, i -> 1 + i % 3);
        SetView turned = SetView.of(
                Views.ID,
                IntStream.range(0, 100)
                        .mapToObj(i -> new SetView.SetMember(view.member(99 - i), true))
                        .toList());
        int[] picks = picks(view);
        int[] mirrored = picks(turned);

        for (int i = 0; i < KEYS; i++) {
            assertThat(mirrored[i]).isEqualTo(99 - picks[i]);
        }
    }

    @Test
    void theFailoverOrderBeginsWithThoseThatWouldInherit() {
        SetView whole = view(100, i -> i == 3 ? 0 : 1 + i % 2);
        RoundRobinState state = new RoundRobinState(100);
        for (int i = 0; i < 300; i++) {
            List<Destination> order =
                    Selection.select(whole, state, Algorithm.RENDEZVOUS, HASHES[i], SelectFlags.parse("F"));
            assertThat(new HashSet<>(order)).hasSize(100);
            assertThat(order.get(99).description()).isEqualTo("3");
            List<Destination> dead = order.subList(0, 5);

            SetView without = whole.withActive(place -> !dead.contains(whole.member(place)));

            assertThat(Selection.select(without, state, Algorithm.RENDEZVOUS, HASHES[i], SelectFlags.parse("FM3")))
                    .isEqualTo(order.subList(5, 8));
        }
    }

    /** Nearly all draws of a key give the same member. */
    @Test
    void theSecondInTheListInheritsFromOneWithNearlyAllTheWeight() {
        SetView whole = view(100, i -> i == 0 ? 10_000 : 1 + i % 2);
        SetView without = whole.withActive(place -> place != 0);
        RoundRobinState state = new RoundRobinState(100);
        Picker picker = Algorithm.RENDEZVOUS.picker();
        for (int i = 0; i < 200; i++) {
            int hash = HASHES[i];
            int first = picker.first(whole, state, hash, false);
            int[] order = picker.order(whole, state, first, hash, false, 100);

            assertThat(order).hasSize(100).doesNotHaveDuplicates().startsWith(first);
            if (first == 0) {
                assertThat(order[1]).isEqualTo(picker.first(without, state, hash, false));
            }
        }
    }

    @Test
    void ifNearlyAllAreDeadTheOthersShareTheKeys() {
        SetView view = view(1000, i -> 1).withActive(place -> place % 500 == 1);
        Map<Integer, Integer> counts = new HashMap<>();
        RoundRobinState state = new RoundRobinState(1000);
        for (int i = 0; i < 1000; i++) {
            counts.merge(Algorithm.RENDEZVOUS.picker().first(view, state, HASHES[i], false), 1, Integer::sum);
        }

        assertThat(counts).containsOnlyKeys(1, 501);
        assertThat(counts.get(1)).isBetween(400, 600);
    }

    @Test
    void theReserveStandsIn() {
        SetView view = view(100, i -> 1);
        RoundRobinState state = new RoundRobinState(100);

        List<Destination> order = Selection.select(view, state, Algorithm.RENDEZVOUS, 5, SelectFlags.parse("FDM4"));
        assertThat(order).hasSize(5).endsWith(view.member(99)).doesNotHaveDuplicates();
        assertThat(Selection.select(
                        view.withActive(place -> place == 99), state, Algorithm.RENDEZVOUS, 5, SelectFlags.parse("FD")))
                .containsExactly(view.member(99));
    }
}
