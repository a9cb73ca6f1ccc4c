package org.sipdispatch.sets;

import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/**
 * Finds the member for a hash: takes the hash modulo the sum of weights, and the first member up to which the sum is
 * larger than the remainder. Weights 5, 3, 2: remainders 0 to 4 select the first member, 5 to 7 the second, 8 and 9 the
 * third. If all weights are 0, each counts as 1. Sums are kept in 16 bits as in OpenSIPS, so that large weights wrap in
 * the same way. A search takes the same time for any number of members: a table has the index at which it begins.
 */
final class RemainderTable {
    /** The result of {@link #index} if there are no members. */
    static final int NONE = -1;

    private static final int SUM_BITS = 0xffff;

    private final int divisor;
    private final boolean weighted;
    /** For each member: the largest sum up to it. */
    private final int[] ends;
    /** For each of as many equal parts of the remainders: the first index in it. */
    private final int[] starts;

    /**
     * Creates a table.
     *
     * @param size the members' indexes end before this one
     * @param takesPart whether the member at an index does
     * @param weight the weight of the member at an index
     */
    RemainderTable(int size, IntPredicate takesPart, IntUnaryOperator weight) {
        int sum = 0;
        int members = 0;
        for (int i = 0; i < size; i++) {
            if (takesPart.test(i)) {
                sum = sum + weight.applyAsInt(i) & SUM_BITS;
                members++;
            }
        }
        weighted = sum > 0;
        divisor = weighted ? sum : members;
        ends = new int[size];
        int running = 0;
        int largest = 0;
        for (int i = 0; i < size; i++) {
            if (takesPart.test(i)) {
                running = weighted ? running + weight.applyAsInt(i) & SUM_BITS : running + 1;
                largest = Math.max(largest, running);
            }
            ends[i] = largest;
        }
        starts = new int[divisor == 0 ? 0 : size];
        int index = 0;
        for (int part = 0; part < starts.length; part++) {
            long begin = (long) part * divisor / size;
            while (ends[index] <= begin) {
                index++;
            }
            starts[part] = index;
        }
    }

    /** The sum of weights, or the number of members if that is 0. */
    int divisor() {
        return divisor;
    }

    boolean isWeighted() {
        return weighted;
    }

    /** The member's index. */
    int index(int hash) {
        if (divisor == 0) {
            return NONE;
        }
        int remainder = Integer.remainderUnsigned(hash, divisor);
        int index = starts[(int) ((long) remainder * starts.length / divisor)];
        while (ends[index] <= remainder) {
            index++;
        }
        return index;
    }
}
