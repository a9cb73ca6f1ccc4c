package org.sipdispatch.sets;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * Weighted rendezvous hashing: the keys of a failed member are distributed over all others by weight and no other key
 * moves; when the member returns, it gets exactly its own keys back. The failover order begins with those that would
 * inherit the key, so that failover traffic is distributed, too.
 *
 * <p>In a set of up to {@link #COMPARED} members every one draws a number from the key and its own id, and the highest
 * draw of a usable one wins. In a set of {@link #DRAWN} members or more that would take too long: the key draws members
 * from a {@link RendezvousTree} until one is usable. In between, some keys do the one and some the other, so that no
 * member that is added moves all keys.
 */
final class Rendezvous implements Picker {
    /** So many members are compared. */
    static final int COMPARED = 32;
    /** From so many members on, all keys draw. */
    static final int DRAWN = 96;

    /** So often a key draws; if no usable one is drawn, the usable ones are compared then. */
    private static final int MOST_DRAWS = 64;
    /** So many different members a key draws for its failover list. */
    private static final int DRAWN_IN_ORDER = 16;

    /** So that the rounding of a draw does not decide. */
    private static final double NEARLY = 1 - 1e-9;

    @Override
    public int first(SetView set, RoundRobinState cursor, int hash, boolean reserve) {
        int size = Picker.size(set, reserve);
        if (draws(size, hash)) {
            RendezvousTree tree = set.rendezvous(reserve);
            for (int attempt = 0; attempt < MOST_DRAWS; attempt++) {
                int place = tree.draw(hash, attempt);
                if (set.isActive(place)) {
                    return place;
                }
            }
        }
        int best = highest(set, size, hash);
        return best == NONE ? Picker.reserve(set, reserve) : best;
    }

    /** Whether this key draws members, and does not compare all. */
    private static boolean draws(int size, int hash) {
        return size > COMPARED
                && (size >= DRAWN
                        || WeightWheel.part(SplitMix64.mix(~(long) hash), DRAWN - COMPARED) < size - COMPARED);
    }

    private static int highest(SetView set, int size, int hash) {
        int best = NONE;
        double highest = Double.NEGATIVE_INFINITY;
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
        return best;
    }

    @Override
    public String whyFirst(SetView set, RoundRobinState cursor, int first, int hash, boolean reserve) {
        String key = "hash " + Integer.toUnsignedString(hash);
        return draws(Picker.size(set, reserve), hash)
                ? "the first usable one that is drawn for " + key
                : "the highest draw of the usable ones from " + key;
    }

    @Override
    public String whyNext() {
        return "the next draw";
    }

    @Override
    public int[] order(SetView set, RoundRobinState cursor, int first, int hash, boolean reserve, int most) {
        int last = set.size() - 1;
        int size = Picker.size(set, reserve);
        if (first >= size) {
            return new int[] {first};
        }
        int[] order = draws(size, hash)
                ? drawn(set, first, hash, reserve, Math.min(size, Math.max(1, most)))
                : compared(set, size, first, hash, most);
        if (!reserve || first == last || !set.isActive(last)) {
            return order;
        }
        int[] whole = Arrays.copyOf(order, order.length + 1);
        whole[order.length] = last;
        return whole;
    }

    private static int[] compared(SetView set, int size, int first, int hash, int most) {
        double[] draws = new double[size];
        for (int i = 0; i < size; i++) {
            draws[i] = set.isActive(i) ? draw(set, i, hash) : Double.NEGATIVE_INFINITY;
        }
        draws[first] = Double.POSITIVE_INFINITY;
        return IntStream.range(0, size)
                .filter(set::isActive)
                .boxed()
                .sorted((left, right) -> Double.compare(draws[right], draws[left]))
                .mapToInt(Integer::intValue)
                .limit(Math.max(1, most))
                .toArray();
    }

    /**
     * The members that the key draws, then the others around the set, from a random one on; weight 0 comes last. If no
     * other than the first is drawn, all are compared.
     */
    private static int[] drawn(SetView set, int first, int hash, boolean reserve, int most) {
        int size = Picker.size(set, reserve);
        RendezvousTree tree = set.rendezvous(reserve);
        int[] order = new int[most];
        BitSet listed = new BitSet(size);
        int count = 0;
        order[count++] = first;
        listed.set(first);
        int enough = Math.min(most, DRAWN_IN_ORDER);
        for (int attempt = 0; attempt < MOST_DRAWS && count < enough; attempt++) {
            int place = tree.draw(hash, attempt);
            if (set.isActive(place) && !listed.get(place)) {
                order[count++] = place;
                listed.set(place);
            }
        }
        if (count == 1 && most > 1) {
            // All draws give one heavy member, or one that is not usable: first() would compare the others, too.
            return compared(set, size, first, hash, most);
        }
        int start = Balancer.startOf(size, hash);
        for (int step = 0; step < 2 * size && count < most; step++) {
            int place = (start + step) % size;
            boolean isTurn = step < size == set.weight(place) > 0;
            if (isTurn && set.isActive(place) && !listed.get(place)) {
                order[count++] = place;
            }
        }
        return Arrays.copyOf(order, count);
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
