package org.sipdispatch.sets;

/**
 * Selects by weight. Weights 5, 3, 2 give the first half of all numbers to index 0, the next three tenths to index 1. A
 * selection takes the same time for any number of weights: a table has the index at which the search begins.
 */
final class WeightWheel {
    /** Each member's weights end here; the last one is the sum. */
    private final long[] ends;
    /** For each of as many equal parts of the sum: the first index in it. */
    private final int[] starts;

    private final long total;

    /**
     * Creates a wheel.
     *
     * @param weights 0 to 2^36 each, from one to a million; if all are 0, each counts as 1
     */
    WeightWheel(long[] weights) {
        int size = weights.length;
        long sum = 0;
        for (long weight : weights) {
            sum += weight;
        }
        boolean equal = sum == 0;
        total = equal ? size : sum;
        ends = new long[size];
        long end = 0;
        for (int i = 0; i < size; i++) {
            end += equal ? 1 : weights[i];
            ends[i] = end;
        }
        starts = new int[size];
        int index = 0;
        for (int part = 0; part < size; part++) {
            // One less, because a rounded number may be too large.
            long begin = (long) ((double) part / size * total) - 1;
            while (ends[index] <= begin) {
                index++;
            }
            starts[part] = index;
        }
    }

    /** The index for a number; all 64-bit numbers, unsigned, are equally likely. */
    int index(long number) {
        long at = part(number, total);
        int index = starts[(int) part(number, ends.length)];
        while (ends[index] <= at) {
            index++;
        }
        return index;
    }

    long total() {
        return total;
    }

    /** The number's part of {@code parts} equal ones, from 0. */
    static long part(long number, long parts) {
        return Math.multiplyHigh(number, parts) + (number >> 63 & parts);
    }
}
