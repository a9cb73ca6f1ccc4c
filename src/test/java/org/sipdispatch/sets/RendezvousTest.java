package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.sipdispatch.sets.Algorithm.RENDEZVOUS;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RendezvousTest {
    private static final int KEYS = 60_000;

    private final int[] keys = new Random(42).ints(KEYS).toArray();

    @Test
    void sharesFollowTheWeights() {
        int[] counts = counts(Views.of(5, 3, 2));

        assertThat(counts[0]).isCloseTo(KEYS * 5 / 10, within(KEYS / 50));
        assertThat(counts[1]).isCloseTo(KEYS * 3 / 10, within(KEYS / 50));
        assertThat(counts[2]).isCloseTo(KEYS * 2 / 10, within(KEYS / 50));
    }

    @Test
    void aDeadMembersKeysSpreadOverAllOthersByWeightAndNothingElseMoves() {
        SetView whole = Views.of(2, 4, 2, 1);
        SetView without = Views.without("a", 2, 4, 2, 1);
        int[] inherited = new int[4];
        int lost = 0;

        for (int key : keys) {
            String before = pick(whole, key, "");
            String after = pick(without, key, "");
            if (before.equals("a")) {
                lost++;
                inherited[after.charAt(0) - 'a']++;
            } else {
                assertThat(after).isEqualTo(before);
            }
        }

        assertThat(inherited[0]).isZero();
        assertThat(inherited[1]).isCloseTo(lost * 4 / 7, within(lost / 20));
        assertThat(inherited[2]).isCloseTo(lost * 2 / 7, within(lost / 20));
        assertThat(inherited[3]).isCloseTo(lost / 7, within(lost / 20));
    }

    @Test
    void aReturningMemberGetsExactlyItsOwnBack() {
        SetView before = Views.of(1, 1, 1);
        SetView after = Views.of(1, 1, 1);

        for (int key : keys) {
            assertThat(pick(after, key, "")).isEqualTo(pick(before, key, ""));
        }
    }

    @Test
    void theOrderOfTheRowsDoesNotMatter() {
        SetView turned = SetView.of(
                Views.ID,
                java.util.List.of(
                        new SetView.SetMember(Views.destination("c", 1, 0), true),
                        new SetView.SetMember(Views.destination("a", 1, 0), true),
                        new SetView.SetMember(Views.destination("b", 1, 0), true)));

        for (int i = 0; i < 1000; i++) {
            assertThat(pick(turned, keys[i], "F")).isEqualTo(pick(Views.of(1, 1, 1), keys[i], "F"));
        }
    }

    @Test
    void theFailoverOrderIsTheOrderInWhichMembersWouldInherit() {
        SetView whole = Views.of(3, 1, 2, 1);
        for (int i = 0; i < 1000; i++) {
            String order = pick(whole, keys[i], "F");

            assertThat(order).hasSize(4);
            assertThat(pick(Views.without(order.substring(0, 1), 3, 1, 2, 1), keys[i], "F"))
                    .isEqualTo(order.substring(1));
        }
    }

    @Test
    void weightZeroComesLast() {
        for (int i = 0; i < 1000; i++) {
            assertThat(pick(Views.of(0, 1, 1), keys[i], "F")).endsWith("a");
        }
    }

    @Test
    void weightsOfZeroAloneShareEvenly() {
        int[] counts = counts(Views.of(0, 0));

        assertThat(counts[0]).isCloseTo(KEYS / 2, within(KEYS / 50));
    }

    @ParameterizedTest
    @CsvSource({"F, 4", "FM1, 1", "FM2, 2", "FD, 4", "FDM1, 2", "FDM2, 3"})
    void theLimitHoldsAndTheReserveStandsBehindIt(String flags, int size) {
        String order = pick(Views.of(1, 1, 1, 1), 7, flags);

        assertThat(order).hasSize(size);
        if (flags.contains("D")) {
            assertThat(order).endsWith("d");
        }
    }

    @Test
    void theReserveStandsInWhenAllOthersAreDown() {
        assertThat(pick(Views.without("ab", 1, 1, 1), 7, "FD")).isEqualTo("c");
        assertThat(pick(Views.without("abc", 1, 1, 1), 7, "FD")).isEmpty();
    }

    private int[] counts(SetView view) {
        int[] counts = new int[view.size()];
        for (int key : keys) {
            counts[pick(view, key, "").charAt(0) - 'a']++;
        }
        return counts;
    }

    private static String pick(SetView view, int key, String flags) {
        return Views.select(view, new RoundRobinState(view.size()), RENDEZVOUS, key, flags);
    }
}
