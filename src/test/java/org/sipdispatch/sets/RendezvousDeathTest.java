package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One of thirty members dies and returns. */
class RendezvousDeathTest {
    private static final int SIZE = 30;
    private static final int DEAD = 11;
    private static final int KEYS = 100_000;

    private static SetView view() {
        List<SetView.SetMember> members = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            members.add(new SetView.SetMember(
                    new Destination("default", 1, "sip:192.0.2." + i, null, 1, 0, "", Integer.toString(i)), true));
        }
        return SetView.of(Views.ID, members);
    }

    private static int pick(SetView view, int key) {
        return Integer.parseInt(Views.select(view, new RoundRobinState(SIZE), Algorithm.RENDEZVOUS, key, ""));
    }

    @Test
    void nobodyGetsMuchMoreAndTheKeysReturn() {
        SetView whole = view();
        SetView without = whole.withActive(place -> place != DEAD);
        SetView again = without.withActive(place -> true);
        int[] counts = new int[SIZE];
        int wrong = 0;

        for (int key : new Random(1).ints(KEYS).toArray()) {
            int before = pick(whole, key);
            int during = pick(without, key);
            counts[during]++;
            wrong += (during == before) == (before != DEAD) && pick(again, key) == before ? 0 : 1;
        }

        assertThat(wrong).isZero();
        for (int count : counts) {
            assertThat(count).isLessThan((int) (1.2 * KEYS / SIZE));
        }
    }
}
