package org.sipdispatch.sets;

import java.util.BitSet;

/** An order by costs whose multiples are whole numbers: levels of these, in which turns are the places. */
final class CostLevels implements CostOrder {
    private final double[] costs;
    private final SelectionTurns turns;
    private final BitSet usable = new BitSet();
    private final int scale;
    private final MemberLevels levels;

    /**
     * Creates an order of members with their present costs.
     *
     * @param costs by member, 0 to infinity; the caller changes them
     * @param scale all finite costs are whole numbers divided by this one
     */
    CostLevels(double[] costs, SelectionTurns turns, int[] members, int scale) {
        this.costs = costs;
        this.turns = turns;
        this.scale = scale;
        for (int member : members) {
            usable.set(member);
        }
        levels = new MemberLevels(turns.numbers(), this::value);
        levels.fill();
    }

    private long value(int turn) {
        int member = turns.member(turn);
        return member == SelectionTurns.NONE || !usable.get(member) ? MemberLevels.ABSENT : level(costs[member]);
    }

    /** Two different quotients of small numbers are different doubles, and equal ones are equal. Infinity is LAST. */
    private long level(double cost) {
        return (long) (cost * scale + 0.5);
    }

    @Override
    public int first() {
        int turn = levels.first();
        return turn == MemberLevels.NONE ? NONE : turns.member(turn);
    }

    @Override
    public void changed(int member, int turn, double cost) {
        levels.remove(turn, level(cost));
        levels.add(turns.of(member), level(costs[member]));
    }

    @Override
    public void renumbered() {
        levels.fill();
    }
}
