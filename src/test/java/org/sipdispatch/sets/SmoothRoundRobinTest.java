package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Compares selections with the description: every member gains its weight, and the selected one loses the sum. */
class SmoothRoundRobinTest {
    private static final int PICKS = 40;

    /** The model: simple and slow. */
    private static int pick(SetView view, int size, long[] credits) {
        boolean weighted = false;
        for (int i = 0; i < size; i++) {
            weighted |= view.isActive(i) && view.weight(i) > 0;
        }
        long sum = 0;
        int picked = -1;
        for (int i = 0; i < size; i++) {
            int weight = weighted ? view.weight(i) : 1;
            if (view.isActive(i) && weight > 0) {
                sum += weight;
                credits[i] += weight;
                picked = picked < 0 || credits[i] > credits[picked] ? i : picked;
            }
        }
        if (picked >= 0) {
            credits[picked] -= sum;
        }
        return picked;
    }

    @Property(tries = 1000)
    void selectionsAreThoseOfTheModel(@ForAll long seed) {
        Random random = new Random(seed);
        int size = 2 + random.nextInt(9);
        int heaviest = random.nextInt(4);
        int[] weights = random.ints(size, 0, heaviest + 1).toArray();
        SetView view = Views.of(weights);
        RoundRobinState state = new RoundRobinState(size);
        long[] credits = new long[size];
        List<Integer> expected = new ArrayList<>();
        List<Integer> selected = new ArrayList<>();

        for (int i = 0; i < PICKS; i++) {
            if (random.nextInt(8) == 0) {
                SetView next = view.withActive(place -> random.nextInt(3) > 0);
                state.move(view, next);
                view = next;
            }
            boolean reserve = random.nextInt(20) == 0;
            int taken = view.isUsable() ? pick(view, reserve ? size - 1 : size, credits) : -1;
            expected.add(taken < 0 && view.isUsable() ? Picker.reserve(view, reserve) : taken);
            selected.add(view.isUsable() ? Algorithm.SMOOTH_ROUND_ROBIN.picker().first(view, state, 0, reserve) : -1);
            state = random.nextInt(10) == 0 ? state.copy() : state;
        }

        assertThat(selected).isEqualTo(expected);
    }
}
