package org.sipdispatch.sets;

import java.util.Arrays;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Draws a member by weight for a key, in a time that grows with the logarithm of the number of members. A binary tree:
 * the bits of a member's seed, from the highest on, are its way from the root. At each node the key's number for that
 * level is compared with the weights on both sides. The tree has all members, usable or not, so a draw depends on the
 * definition only. Immutable.
 */
final class RendezvousTree {
    /** A node is three numbers: what goes left, and both sides, which are nodes or {@code ~place}. */
    private static final int NODE = 3;

    private static final int BITS = 31;
    private static final int DEEPEST = Long.SIZE;

    private final int root;
    private final int[] nodes;

    private RendezvousTree(int root, int[] nodes) {
        this.root = root;
        this.nodes = nodes;
    }

    /**
     * Creates a tree in which all members weigh the same.
     *
     * @param size 1 or more; the members' indexes end before this one
     * @param seed 64 bits of a hash of the member at an index
     */
    static RendezvousTree of(int size, IntToLongFunction seed) {
        Shape shape = new Shape(size, seed);
        int root = shape.branch(0, size, 0);
        return new RendezvousTree(root, Arrays.copyOf(shape.nodes, shape.end));
    }

    /** Builds the nodes; each one precedes those below it. */
    private static final class Shape {
        private final IntToLongFunction seed;
        private final int[] places;
        private int[] nodes = new int[NODE * 16];
        private int end;

        Shape(int size, IntToLongFunction seed) {
            this.seed = seed;
            places = IntStream.range(0, size).toArray();
        }

        /** The branch with these members, which have the same bits above this depth. */
        int branch(int from, int to, int depth) {
            if (to - from == 1 || depth == DEEPEST) {
                return ~places[from];
            }
            int middle = divided(from, to, 1L << DEEPEST - 1 - depth);
            int at = end;
            end += NODE;
            nodes = end > nodes.length ? Arrays.copyOf(nodes, 2 * nodes.length) : nodes;
            // A side without members never gets a key. It must refer to a member of the other one, if to any.
            int left = middle == from ? ~places[from] : branch(from, middle, depth + 1);
            int right = middle == to ? ~places[from] : branch(middle, to, depth + 1);
            nodes[at] = middle == from ? 0 : middle == to ? 1 << BITS : 1 << BITS - 1;
            nodes[at + 1] = left;
            nodes[at + 2] = right;
            return at;
        }

        /** Moves the members without that bit before the others; returns where these begin. */
        private int divided(int from, int to, long bit) {
            int low = from;
            for (int i = from; i < to; i++) {
                int place = places[i];
                if ((seed.applyAsLong(place) & bit) == 0) {
                    places[i] = places[low];
                    places[low] = place;
                    low++;
                }
            }
            return low;
        }
    }

    /** The same tree with these weights; if all are 0, each counts as 1. */
    RendezvousTree weighted(IntUnaryOperator weight) {
        RendezvousTree weighted = new RendezvousTree(root, nodes.clone());
        if (!weighted.weigh(weight)) {
            weighted.weigh(place -> 1);
        }
        return weighted;
    }

    /** Returns whether any member has a weight. */
    private boolean weigh(IntUnaryOperator weight) {
        long[] sums = new long[nodes.length / NODE];
        long sum = 0;
        for (int at = nodes.length - NODE; at >= 0; at -= NODE) {
            boolean isLeft = nodes[at] != 0;
            boolean isRight = nodes[at] != 1 << BITS;
            long left = isLeft ? sum(nodes[at + 1], sums, weight) : 0;
            long right = isRight ? sum(nodes[at + 2], sums, weight) : 0;
            sum = left + right;
            sums[at / NODE] = sum;
            nodes[at] = sum == 0 ? nodes[at] : (int) Math.round((double) left / sum * (1L << BITS));
        }
        return nodes.length == 0 || sum > 0;
    }

    private static long sum(int side, long[] sums, IntUnaryOperator weight) {
        return side < 0 ? weight.applyAsInt(~side) : sums[side / NODE];
    }

    /**
     * The index of a member.
     *
     * @param hash the key
     * @param attempt counts the draws for this key
     */
    int draw(int hash, int attempt) {
        long number = SplitMix64.mix((long) attempt << Integer.SIZE | hash & 0xffffffffL);
        int at = root;
        while (at >= 0) {
            // Each level has a number of its own, regardless of the node: so the processor computes it ahead of the
            // node.
            long draw = SplitMix64.mix(number) >>> Long.SIZE - BITS;
            number += SplitMix64.STEP;
            // Without a branch, which would be predicted wrongly every other time.
            int side = (int) ((nodes[at] & 0xffffffffL) - 1 - draw >>> Long.SIZE - 1);
            at = nodes[at + 1 + side];
        }
        return ~at;
    }
}
