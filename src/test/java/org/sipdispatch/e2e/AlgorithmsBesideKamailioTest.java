package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.e2e.BesideKamailio.Orders;

/**
 * The algorithms by weight and priority beside those of a running Kamailio: the same list, the same calls, the same death
 * and return of a destination. Neither draws at random. Kamailio has 100 slots in an order that it shuffles once, so its
 * shares of 100 calls in a row are exact; ours differ from the exact share by a few turns, however many calls there are.
 */
@Tag("long")
@Timeout(300)
class AlgorithmsBesideKamailioTest {
    private static final int CALLS = 600;
    /** One in a hundred of the calls. */
    private static final int FEW = CALLS / 100;

    private static final int AGENTS = 26;
    private static final String LIST = """
            1 @0 0 0 weight=50
            1 @1 0 0 weight=30
            1 @2 0 0 weight=20
            2 @0 0 0 weight=30
            2 @1 0 0 weight=20
            3 @0 0 0 weight=100
            3 @1 0 0 weight=100
            3 @2 0 0 weight=50
            4 @0 0 0 rweight=1
            4 @1 0 0 rweight=2
            4 @2 0 0 rweight=1
            5 @0 0 0 rweight=1
            5 @1 0 0
            6 @0 0 30 latency=21
            6 @1 0 30 latency=91
            6 @2 0 30 latency=61
            6 @3 0 30 latency=19
            6 @4 0 30 latency=32
            6 @5 0 30
            6 @6 0 30 latency=201
            7 @0 0 5
            7 @1 0 5
            7 @2 0 5
            8 @0 0 5
            8 @1 0 9
            8 @2 0 5
            9 @0 0 10 rweight=3
            9 @1 0 10 rweight=1
            9 @2 0 20 rweight=1
            10 @0 0 10 rweight=3
            10 @1 0 10 rweight=1
            """;

    private static BesideKamailio beside;

    @BeforeAll
    static void start() {
        assertThat(KamailioProcess.hasModule("dispatcher"))
                .as("Kamailio with its module dispatcher is installed (package kamailio)")
                .isTrue();
        StringBuilder list = new StringBuilder(LIST);
        for (int i = 0; i < AGENTS; i++) {
            list.append("11 @").append(i).append(" 0 0 rweight=7\n");
        }
        beside = BesideKamailio.start(
                AGENTS,
                list.toString(),
                false,
                "1-0",
                "8-0",
                "1-9",
                "2-9",
                "3-9",
                "4-11",
                "5-11",
                "11-11",
                "6-13",
                "7-4",
                "7-8",
                "7-14",
                "8-8",
                "8-14",
                "9-15",
                "10-11");
    }

    @AfterAll
    static void close() {
        if (beside != null) {
            beside.close();
        }
    }

    /** So that a failed test leaves all alive. */
    @AfterEach
    void revive() {
        beside.silent(false, 0, 1, 2, 3);
    }

    private static void assertShares(int[] counts, double... weights) {
        double sum = Arrays.stream(weights).sum();
        int calls = Arrays.stream(counts).sum();
        for (int i = 0; i < weights.length; i++) {
            assertThat((double) counts[i])
                    .as("agent %d of %s", i, Arrays.toString(counts))
                    .isCloseTo(calls * weights[i] / sum, within((double) FEW));
        }
    }

    private static void print(String what, Orders orders, int agents) {
        System.out.printf(
                "figures: %s: Kamailio %s, here %s%n",
                what, Arrays.toString(orders.firstsOfKamailio(agents)), Arrays.toString(orders.firstsHere(agents)));
    }

    @Test
    void percentWeightHasTheSameSharesUntilOneDies() {
        Orders orders = beside.ask("1-9", CALLS);
        print("9 with 50, 30, 20", orders, 3);
        assertThat(orders.firstsOfKamailio(3)).containsExactly(300, 180, 120);
        assertShares(orders.firstsHere(3), 50, 30, 20);

        beside.silent(true, 1);
        orders = beside.ask("1-9", CALLS);
        print("9 with 50, 30, 20, the second one dead", orders, 3);
        // Kamailio goes on to the next one in its order, which is that of the list in reverse.
        assertThat(orders.firstsOfKamailio(3)).containsExactly(480, 0, 120);
        assertShares(orders.firstsHere(3), 50, 0, 20);

        beside.silent(false, 1);
        orders = beside.ask("1-9", CALLS);
        assertThat(orders.firstsOfKamailio(3)).containsExactly(300, 180, 120);
        assertShares(orders.firstsHere(3), 50, 30, 20);
    }

    @Test
    void percentWeightIsInProportionHereWhereKamailioFillsOrCutsAHundredSlots() {
        Orders fewer = beside.ask("2-9", CALLS);
        print("9 with 30, 20", fewer, 2);
        assertThat(fewer.firstsOfKamailio(2)).containsExactly(480, 120);
        assertShares(fewer.firstsHere(2), 30, 20);

        Orders more = beside.ask("3-9", CALLS);
        print("9 with 100, 100, 50", more, 3);
        assertThat(more.firstsOfKamailio(3)).containsExactly(0, 300, 300);
        assertShares(more.firstsHere(3), 100, 100, 50);
    }

    /** The example of Kamailio's documentation. */
    @Test
    void relativeWeightHasTheSameSharesAlsoAfterADeath() {
        Orders orders = beside.ask("4-11", CALLS);
        print("11 with 1, 2, 1", orders, 3);
        assertThat(orders.firstsOfKamailio(3)).containsExactly(150, 300, 150);
        assertShares(orders.firstsHere(3), 1, 2, 1);

        beside.silent(true, 2);
        orders = beside.ask("4-11", CALLS);
        print("11 with 1, 2, 1, the third one dead", orders, 3);
        // 33 and 66 of 100 slots, and the last one of the list gets the rest.
        assertShares(orders.firstsOfKamailio(3), 34, 66, 0);
        assertShares(orders.firstsHere(3), 1, 2, 0);

        beside.silent(false, 2);
        orders = beside.ask("4-11", CALLS);
        assertThat(orders.firstsOfKamailio(3)).containsExactly(150, 300, 150);
        assertShares(orders.firstsHere(3), 1, 2, 1);
    }

    @Test
    void relativeWeightIsExactHereWhereKamailioHasWholePercents() {
        Orders many = beside.ask("11-11", CALLS);
        print("11 with 26 equal ones", many, AGENTS);
        int[] kamailio = new int[AGENTS];
        Arrays.fill(kamailio, 3 * CALLS / 100);
        kamailio[0] = 25 * CALLS / 100;
        assertThat(many.firstsOfKamailio(AGENTS)).containsExactly(kamailio);
        double[] equal = new double[AGENTS];
        Arrays.fill(equal, 1);
        assertShares(many.firstsHere(AGENTS), equal);

        Orders without = beside.ask("5-11", CALLS);
        print("11 with 1 and no rweight", without, 2);
        assertThat(without.firstsOfKamailio(2)).containsExactly(CALLS, 0);
        assertShares(without.firstsHere(2), 1, 1);
    }

    /** The table of Kamailio's documentation, with its latencies in the list. */
    @Test
    void latencyPriorityHasTheSameOrderAlsoAfterADeath() {
        Orders orders = beside.ask("6-13", CALLS);
        print("13", orders, 7);
        assertThat(orders.firstsOfKamailio(7)).containsExactly(200, 0, 0, 200, 0, 200, 0);
        assertShares(orders.firstsHere(7), 1, 0, 0, 1, 0, 1, 0);
        assertSameTail(orders, 3, List.of(4, 2, 1, 6));

        beside.silent(true, 3);
        orders = beside.ask("6-13", CALLS);
        print("13, the fourth one dead", orders, 7);
        assertShares(orders.firstsOfKamailio(7), 1, 0, 0, 0, 0, 1, 0);
        assertShares(orders.firstsHere(7), 1, 0, 0, 0, 0, 1, 0);
        assertSameTail(orders, 2, List.of(4, 2, 1, 6));

        beside.silent(false, 3);
        orders = beside.ask("6-13", CALLS);
        assertShares(orders.firstsOfKamailio(7), 1, 0, 0, 1, 0, 1, 0);
        assertShares(orders.firstsHere(7), 1, 0, 0, 1, 0, 1, 0);
    }

    private static void assertSameTail(Orders orders, int from, List<Integer> tail) {
        for (List<List<Integer>> side : List.of(orders.kamailio(), orders.here())) {
            assertThat(side)
                    .allSatisfy(order ->
                            assertThat(order.subList(from, order.size())).isEqualTo(tail));
        }
    }

    /** Kamailio has 14 since 6.1. It is 4 if all have the same priority above 0, otherwise 8. */
    @Test
    void turnsOrPriorityIsKamailiosRoundRobinOrItsOrder() {
        Orders turns = beside.ask("7-4", CALLS);
        Orders ours = beside.ask("7-14", CALLS);
        print("4 with equal priorities", turns, 3);
        print("14 with equal priorities", ours, 3);
        assertThat(turns.firstsOfKamailio(3)).containsExactly(200, 200, 200);
        assertShares(ours.firstsHere(3), 1, 1, 1);

        List<List<Integer>> byPriority = beside.ask("8-8", 5).kamailio();
        assertThat(byPriority).containsOnly(List.of(1, 2, 0));
        assertThat(beside.ask("8-14", 5).here()).isEqualTo(byPriority);

        beside.silent(true, 1);
        byPriority = beside.ask("8-8", 5).kamailio();
        assertThat(byPriority).containsOnly(List.of(2, 0));
        assertThat(beside.ask("8-14", 5).here()).isEqualTo(byPriority);
    }

    /** Among rows of the same priority Kamailio begins with the last one, and the import keeps that. */
    @Test
    void rowsOfTheSamePriorityHaveTheSameOrder() {
        for (String selection : List.of("7-8", "8-8")) {
            Orders orders = beside.ask(selection, 5);
            assertThat(orders.here()).isEqualTo(orders.kamailio());
        }
    }

    /** Also those of a destination that is up while another one is down. */
    @Test
    void callIdsHaveTheSameDestinationsAndFailoverLists() {
        for (String selection : List.of("1-0", "8-0")) {
            Orders orders = beside.ask(selection, 100);
            assertThat(orders.here()).isEqualTo(orders.kamailio());
        }

        beside.silent(true, 1);
        Orders orders = beside.ask("1-0", 100);
        long same = IntStream.range(0, 100)
                .filter(call -> orders.here().get(call).equals(orders.kamailio().get(call)))
                .count();
        System.out.printf("figures: 0, the second one of three dead: %d of 100 keys at the same destination%n", same);
        assertThat(same).isGreaterThan(66 - 20);
    }

    /** 15 is newer than any released Kamailio. Within its first tier it is 11. */
    @Test
    void srvTiersIsKamailiosRelativeWeightWithinTheFirstTier() {
        assertTier();

        beside.silent(true, 0, 1);
        assertThat(beside.ask("9-15", 20).here()).containsOnly(List.of(2));

        beside.silent(false, 0, 1);
        assertTier();
    }

    private void assertTier() {
        Orders tier = beside.ask("10-11", CALLS);
        Orders ours = beside.ask("9-15", CALLS);
        print("11 with 3, 1", tier, 2);
        print("15 with 3, 1 and a second tier", ours, 3);
        assertThat(tier.firstsOfKamailio(2)).containsExactly(450, 150);
        assertShares(ours.firstsHere(3), 3, 1, 0);
        assertThat(ours.here()).allSatisfy(order -> assertThat(order).hasSize(3).endsWith(2));
    }
}
