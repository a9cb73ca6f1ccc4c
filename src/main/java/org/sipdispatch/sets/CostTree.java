package org.sipdispatch.sets;

import java.util.Arrays;

/** An order by any costs: a tournament tree, in which a change goes from a member up to the winner. */
final class CostTree implements CostOrder {
    private final double[] costs;
    private final SelectionTurns turns;
    /** The better one of each two; the winner at index 1, the members from {@link #leaves} on. */
    private final int[] winners;

    private final int leaves;

    /** @param costs by member; the caller changes them */
    CostTree(double[] costs, SelectionTurns turns, int[] usable) {
        this.costs = costs;
        this.turns = turns;
        leaves = Integer.highestOneBit(Math.max(1, costs.length - 1)) << 1;
        winners = new int[2 * leaves];
        Arrays.fill(winners, NONE);
        for (int member : usable) {
            winners[leaves + member] = member;
        }
        for (int node = leaves - 1; node > 0; node--) {
            winners[node] = better(winners[2 * node], winners[2 * node + 1]);
        }
    }

    private int better(int one, int other) {
        if (one == NONE || other == NONE) {
            return one == NONE ? other : one;
        } else if (costs[one] != costs[other]) {
            return costs[one] < costs[other] ? one : other;
        }
        return turns.of(one) < turns.of(other) ? one : other;
    }

    @Override
    public int first() {
        return winners[1];
    }

    @Override
    public void changed(int member, int turn, double cost) {
        for (int node = (leaves + member) / 2; node > 0; node /= 2) {
            winners[node] = better(winners[2 * node], winners[2 * node + 1]);
        }
    }

    @Override
    public void renumbered() {}
}
