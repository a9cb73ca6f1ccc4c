package org.sipdispatch.sets;

import java.util.Arrays;

/**
 * Weighted rendezvous hashing: every usable member draws a number from the key and its own id, and the highest draw
 * wins. The keys of a failed member are distributed over all others by weight and no other key moves; when the member
 * returns, it gets exactly its own keys back. The failover order is the order of the draws, so that failover traffic is
 * distributed, too.
 */
final class Rendezvous implements Picker {
    @Override
    public int first(SetView set, RoundRobinState cursor, int hash, boolean reserve) {
        int best = NONE;
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < Picker.size(set, reserve); i++) {
            double draw = draw(set, i, hash);
            if (set.isActive(i) && draw > highest) {
                highest = draw;
                best = i;
            }
        }
        return best == NONE ? Picker.reserve(set, reserve) : best;
    }

    @Override
    public String whyFirst(SetView set, RoundRobinState cursor, int first, int hash, boolean reserve) {
        return "the highest draw of the usable ones from hash " + Integer.toUnsignedString(hash);
    }

    @Override
    public String whyNext() {
        return "the next highest draw";
    }

    @Override
    public int[] order(SetView set, RoundRobinState cursor, int first, int hash, boolean reserve, int most) {
        int last = set.size() - 1;
        int size = Picker.size(set, reserve);
        double[] draws = new double[size];
        for (int i = 0; i < size; i++) {
            draws[i] = draw(set, i, hash);
        }
        int[] order = java.util.stream.IntStream.range(0, size)
                .filter(i -> set.isActive(i) && i != first)
                .boxed()
                .sorted((left, right) -> Double.compare(draws[right], draws[left]))
                .mapToInt(Integer::intValue)
                .limit(Math.max(0, most - 1))
                .toArray();
        boolean standIn = reserve && first != last && set.isActive(last);
        int[] whole = new int[order.length + (standIn ? 2 : 1)];
        whole[0] = first;
        System.arraycopy(order, 0, whole, 1, order.length);
        if (standIn) {
            whole[whole.length - 1] = last;
        }
        return Arrays.copyOf(whole, whole.length);
    }

    /** The negative inverse of an exponential draw with the weight as its rate. Weight 0 ranks after all others. */
    private static double draw(SetView set, int index, int hash) {
        long mixed = SplitMix64.mix(set.seed(index) ^ SplitMix64.mix(hash));
        double unit = ((mixed >>> 11) + 0.5) * 0x1.0p-53;
        int weight = set.weight(index);
        return weight > 0 ? -weight / Math.log(unit) : unit - 1;
    }
}
