package org.sipdispatch.sets;

/**
 * Weighted round robin without runs: on each selection every usable member gains its weight as credit; the member with
 * the most credit is selected and loses the sum of all gains. Weights 5, 1, 1 give a a b a c a a. If all weights are 0,
 * each counts as 1.
 */
final class SmoothRoundRobin implements Picker {
    @Override
    public int first(SetView set, RoundRobinState cursor, int hash, boolean reserve) {
        int size = Picker.size(set, reserve);
        boolean weighted = false;
        for (int i = 0; i < size; i++) {
            weighted |= set.isActive(i) && set.weight(i) > 0;
        }
        long earned = 0;
        int picked = NONE;
        for (int i = 0; i < size; i++) {
            int weight = weighted ? set.weight(i) : 1;
            if (set.isActive(i) && weight > 0) {
                earned += weight;
                cursor.credit[i] += weight;
                picked = picked == NONE || cursor.credit[i] > cursor.credit[picked] ? i : picked;
            }
        }
        if (picked == NONE) {
            return Picker.reserve(set, reserve);
        }
        cursor.credit[picked] -= earned;
        return picked;
    }

    @Override
    public String whyFirst(SetView set, RoundRobinState cursor, int first, int hash, boolean reserve) {
        return "round robin: its credit of " + cursor.credit[first] + " plus its weight is the largest";
    }
}
