package org.sipdispatch.sets;

/**
 * Weighted round robin without runs: on each selection every usable member gains its weight as credit; the member with
 * the most credit is selected and loses the sum of all gains. Weights 5, 1, 1 give a a b a c a a. If all weights are 0,
 * each counts as 1.
 */
final class SmoothRoundRobin implements Picker {
    @Override
    public int first(SetView set, RoundRobinState cursor, int hash, boolean reserve) {
        int picked = cursor.turns(set, Picker.size(set, reserve)).next();
        return picked == Turns.NONE ? Picker.reserve(set, reserve) : picked;
    }

    @Override
    public String whyFirst(SetView set, RoundRobinState cursor, int first, int hash, boolean reserve) {
        return "round robin: its credit of " + cursor.credit(first) + " plus its weight is the largest";
    }
}
