package org.sipdispatch.sets;

import java.util.Arrays;

/**
 * Weighted rendezvous hashing: every usable member draws a number from the key and its own id, and the highest draw
 * wins. The keys of a failed member are distributed over all others by weight and no other key moves; when the member
 * returns, it gets exactly its own keys back. The failover order is the order of the draws, so that failover traffic is
 * distributed, too.
 */
final class Rendezvous implements Picker {
    /** So that the rounding of a draw does not decide. */
    private static final double NEARLY = 1 - 1e-9;

    @Override
    public int first(SetView set, RoundRobinState cursor, int hash, boolean reserve) {
        int best = NONE;
        double highest = Double.NEGATIVE_INFINITY;
        int size = Picker.size(set, reserve);
        for (int i = 0; i < size; i++) {
            if (!set.isActive(i) || isLower(set, i, hash, highest)) {
                continue;
            }
            double draw = draw(set, i, hash);
            if (draw > highest) {
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

    /**
     * Whether the draw is certainly lower than that, without a logarithm: since -ln(x) is at least 1 - x, a draw is at
     * most weight / (1 - x). In a large set nearly all are.
     */
    private static boolean isLower(SetView set, int index, int hash, double highest) {
        return set.weight(index) < highest * (1 - unit(set, index, hash)) * NEARLY;
    }

    /** A number between 0 and 1, without both. */
    private static double unit(SetView set, int index, int hash) {
        long mixed = SplitMix64.mix(set.seed(index) ^ SplitMix64.mix(hash));
        return ((mixed >>> 11) + 0.5) * 0x1.0p-53;
    }

    /** The negative inverse of an exponential draw with the weight as its rate. Weight 0 ranks after all others. */
    private static double draw(SetView set, int index, int hash) {
        double unit = unit(set, index, hash);
        int weight = set.weight(index);
        return weight > 0 ? -weight / Math.log(unit) : unit - 1;
    }
}
