package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Both orders compared with a search through all members. */
class CostOrderTest {
    private static final int SCALE = 60;

    private static double cost(int member, double before, Random random) {
        int weight = 1 + member % 6;
        return switch (random.nextInt(8)) {
            case 0 -> Double.POSITIVE_INFINITY;
            case 1 -> (double) random.nextInt(200) / weight;
            default ->
                Math.max(0, Math.rint((Double.isInfinite(before) ? 0 : before * weight) + random.nextInt(3) - 1))
                        / weight;
        };
    }

    @Property(tries = 300)
    void theFirstOneHasTheLowestCostAndTheLongestTurn(@ForAll long seed) {
        Random random = new Random(seed);
        int size = 1 + random.nextInt(random.nextBoolean() ? 5 : 200);
        double[] costs = new double[size];
        SelectionTurns turns = new SelectionTurns(size, random.nextInt());
        int[] usable = IntStream.range(0, size)
                .filter(member -> member % 7 != random.nextInt(8))
                .toArray();
        List<CostOrder> orders =
                List.of(new CostTree(costs, turns, usable), new CostLevels(costs, turns, usable, SCALE));

        for (int step = 0; step < 300 && usable.length > 0; step++) {
            int first = IntStream.of(usable)
                    .boxed()
                    .min(Comparator.<Integer>comparingDouble(member -> costs[member])
                            .thenComparing(turns::of))
                    .orElseThrow();
            assertThat(orders).extracting(CostOrder::first).containsOnly(first);

            boolean isSelected = random.nextInt(3) > 0;
            int member = isSelected ? first : usable[random.nextInt(usable.length)];
            if (isSelected && turns.isFull()) {
                turns.renumber();
                orders.forEach(CostOrder::renumbered);
            }
            int turn = turns.of(member);
            double before = costs[member];
            if (isSelected) {
                turns.selected(member);
            }
            costs[member] = cost(member, before, random);
            orders.forEach(order -> order.changed(member, turn, before));
        }
    }
}
