package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.sets.Algorithm.CALL_LOAD;
import static org.sipdispatch.sets.Algorithm.LEAST_IN_FLIGHT;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeastInFlightTest {
    @Test
    void theFewestCallsWin() {
        LoadedSet set = LoadedSet.of(1, 1, 1).inFlight(3, 1, 2);

        assertThat(set.select(LEAST_IN_FLIGHT, "F")).containsExactly(1, 2, 0);
        assertThat(set.inFlight(3, 4, 2).pick(LEAST_IN_FLIGHT)).isEqualTo(2);
        assertThat(set.inFlight(0, 4, 2).pick(LEAST_IN_FLIGHT)).isZero();
    }

    @Test
    void callsCountInProportionToTheWeight() {
        assertThat(LoadedSet.of(1, 4).inFlight(1, 3).pick(LEAST_IN_FLIGHT)).isEqualTo(1);
        assertThat(LoadedSet.of(1, 4).inFlight(1, 5).pick(LEAST_IN_FLIGHT)).isZero();
        assertThat(LoadedSet.of(0, 4).inFlight(0, 500).pick(LEAST_IN_FLIGHT)).isEqualTo(1);
        assertThat(LoadedSet.of(0, 4).without(1).pick(LEAST_IN_FLIGHT)).isZero();
    }

    /** Requests that are no calls leave all counts at 0: they must not all go to the first member. */
    @Test
    void equalOnesTakeTurns() {
        assertThat(LoadedSet.of(1, 1, 1, 1).counts(LEAST_IN_FLIGHT, 4000)).containsExactly(1000, 1000, 1000, 1000);
        int[] many = LoadedSet.ofMany(100, "1 0 -").counts(LEAST_IN_FLIGHT, 10_000);
        assertThat(Arrays.stream(many).min().getAsInt()).isGreaterThan(90);
        assertThat(Arrays.stream(many).max().getAsInt()).isLessThan(110);
    }

    @Test
    void eachLaneBeginsSomewhereElse() {
        int[] firsts = new int[4];

        for (int lane = 0; lane < 400; lane++) {
            firsts[LoadedSet.seeded(lane, "1 0 -", "1 0 -", "1 0 -", "1 0 -").pick(LEAST_IN_FLIGHT)]++;
        }

        assertThat(Arrays.stream(firsts).min().getAsInt()).isGreaterThan(50);
    }

    @Test
    void oneThatIsNotUsableIsNotSelected() {
        LoadedSet set = LoadedSet.of(1, 1, 1).inFlight(3, 1, 2);

        assertThat(set.without(1).select(LEAST_IN_FLIGHT, "F")).containsExactly(2, 0);
        assertThat(set.without(0, 1, 2).select(LEAST_IN_FLIGHT, "F")).isEmpty();
        assertThat(set.without().pick(LEAST_IN_FLIGHT)).isEqualTo(1);
    }

    /** In sets of any size: calls begin where they are selected, and end at any time. */
    @ParameterizedTest
    @ValueSource(ints = {3, 30, 300, 3000})
    void callsStayEven(int size) {
        LoadedSet set = LoadedSet.ofMany(size, "1 0 -");
        SplittableRandom random = new SplittableRandom(5);
        List<Integer> calls = new ArrayList<>();
        int target = 20 * size;

        for (int step = 0; step < 6 * target; step++) {
            if (calls.size() < target || random.nextBoolean()) {
                int picked = set.pick(LEAST_IN_FLIGHT);
                set.load(picked).inFlight++;
                calls.add(picked);
            } else {
                int ended = random.nextInt(calls.size());
                set.load(calls.get(ended)).inFlight--;
                calls.set(ended, calls.get(calls.size() - 1));
                calls.remove(calls.size() - 1);
            }
        }

        double mean = (double) calls.size() / size;
        long most = IntStream.range(0, size)
                .mapToLong(i -> set.load(i).inFlight)
                .max()
                .getAsLong();
        assertThat((double) most).isLessThan(mean + 3);
    }

    @Test
    void aFullOneIsNotSelected() {
        LoadedSet set = LoadedSet.ofRows("1 0 maxload=2;duid=a", "9 0 maxload=30", "1 0 -")
                .inFlight(2, 29, 28);

        assertThat(set.select(CALL_LOAD, "F")).containsExactly(2, 1);
        assertThat(set.inFlight(2, 30, 31).select(CALL_LOAD, "F")).containsExactly(2);
        assertThat(set.inFlight(1, 30, 31).select(CALL_LOAD, "F")).containsExactly(0, 2);
    }

    @Test
    void ifAllAreFullNoneIsSelected() {
        LoadedSet set = LoadedSet.ofMany(3, "1 0 maxload=5").inFlight(5, 5, 5);

        assertThat(set.select(CALL_LOAD, "F")).isEmpty();
        assertThat(set.select(CALL_LOAD, "FD")).isEmpty();
        assertThat(set.inFlight(5, 5, 0).select(CALL_LOAD, "FD")).containsExactly(2);
        assertThat(set.inFlight(5, 4, 0).select(CALL_LOAD, "F")).containsExactly(2, 1);
    }

    @Test
    void aPlaceThatBecomesFreeInALargeFullSetIsFound() {
        LoadedSet set = LoadedSet.ofMany(1000, "1 0 maxload=1");
        for (int i = 0; i < 1000; i++) {
            set.load(i).inFlight = 1;
        }
        assertThat(set.pick(CALL_LOAD)).isEqualTo(-1);

        set.load(777).inFlight = 0;
        int picks = 1;
        while (picks < 10 && set.pick(CALL_LOAD) != 777) {
            picks++;
        }

        assertThat(picks).isLessThan(6);
    }

    @Test
    void theExplanationHasTheCalls() {
        LoadedSet set =
                LoadedSet.ofRows("1 0 maxload=2", "1 0 maxload=30", "1 0 -").inFlight(2, 7, 3);

        assertThat(set.why(CALL_LOAD, "F"))
                .containsExactly(
                        "full; 2 of 2 in flight",
                        "next in the failover list; 7 of 30 in flight",
                        "first: 3 in flight, the fewest of those that were read, or its turn among equal ones");
    }
}
