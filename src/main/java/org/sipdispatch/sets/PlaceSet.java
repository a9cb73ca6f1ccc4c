package org.sipdispatch.sets;

/**
 * A set of numbers from 0 on. A bit of each word in a row says whether a word of the row before has any bit, so that the
 * first number of 10,000 is found with three reads. With 70 and 200 the words of the first row are 0, 64, 0, 256, and
 * that of the second one is 10.
 */
final class PlaceSet {
    /** The result if there is no such number. */
    static final int NONE = -1;

    private static final int WORD_BITS = 6;

    private final long[][] rows;

    /** An empty set, whose numbers will be below {@code size}. */
    PlaceSet(int size) {
        int count = 1;
        for (int words = words(size); words > 1; words = words(words)) {
            count++;
        }
        rows = new long[count][];
        int words = size;
        for (int row = 0; row < count; row++) {
            words = words(words);
            rows[row] = new long[words];
        }
    }

    private static int words(int bits) {
        return Math.max(1, bits + Long.SIZE - 1 >> WORD_BITS);
    }

    boolean isEmpty() {
        return rows[rows.length - 1][0] == 0;
    }

    void add(int number) {
        int bit = number;
        for (long[] row : rows) {
            long before = row[bit >> WORD_BITS];
            row[bit >> WORD_BITS] = before | 1L << bit;
            if (before != 0) {
                return;
            }
            bit >>= WORD_BITS;
        }
    }

    void remove(int number) {
        int bit = number;
        for (long[] row : rows) {
            long left = row[bit >> WORD_BITS] & ~(1L << bit);
            row[bit >> WORD_BITS] = left;
            if (left != 0) {
                return;
            }
            bit >>= WORD_BITS;
        }
    }

    /** The smallest number; {@link #NONE} if the set is empty. */
    int first() {
        return isEmpty() ? NONE : firstBelow(rows.length, 0);
    }

    /** The smallest number after this one; {@link #NONE} if there is none. */
    int after(int number) {
        int bit = number;
        for (int row = 0; row < rows.length; row++) {
            // A shift by 64 would be none.
            long above = rows[row][bit >> WORD_BITS] & -1L << bit << 1;
            if (above != 0) {
                return firstBelow(row, bit >> WORD_BITS << WORD_BITS | Long.numberOfTrailingZeros(above));
            }
            bit >>= WORD_BITS;
        }
        return NONE;
    }

    /** The smallest number below a word of this row; all words have bits. */
    private int firstBelow(int row, int word) {
        int bit = word;
        for (int below = row - 1; below >= 0; below--) {
            bit = bit << WORD_BITS | Long.numberOfTrailingZeros(rows[below][bit]);
        }
        return bit;
    }
}
