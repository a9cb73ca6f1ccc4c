package org.sipdispatch.sets;

/**
 * A set of numbers from 0 on, of one bit each. A second bit for each word of bits says whether it has any, so that the
 * first one of 10,000 numbers is found with five reads at most.
 */
final class PlaceSet {
    /** The result if there is no such number. */
    static final int NONE = -1;

    private static final int WORD_BITS = 6;

    private final long[] words;
    /** Which words are not 0. */
    private final long[] summary;

    private int wordsInUse;

    /** An empty set, whose numbers will be below {@code size}. */
    PlaceSet(int size) {
        words = new long[words(size)];
        summary = new long[words(words.length)];
    }

    private static int words(int bits) {
        return bits + Long.SIZE - 1 >> WORD_BITS;
    }

    boolean isEmpty() {
        return wordsInUse == 0;
    }

    void add(int number) {
        int word = number >> WORD_BITS;
        long before = words[word];
        words[word] = before | 1L << number;
        if (before == 0) {
            summary[word >> WORD_BITS] |= 1L << word;
            wordsInUse++;
        }
    }

    /** Removes a number, which must be in the set. */
    void remove(int number) {
        int word = number >> WORD_BITS;
        long left = words[word] & ~(1L << number);
        words[word] = left;
        if (left == 0) {
            summary[word >> WORD_BITS] &= ~(1L << word);
            wordsInUse--;
        }
    }

    /** The smallest number; {@link #NONE} if the set is empty. */
    int first() {
        return firstIn(0);
    }

    private int firstIn(int from) {
        for (int i = from; i < summary.length; i++) {
            if (summary[i] != 0) {
                int word = i << WORD_BITS | Long.numberOfTrailingZeros(summary[i]);
                return word << WORD_BITS | Long.numberOfTrailingZeros(words[word]);
            }
        }
        return NONE;
    }

    /** The smallest number after this one; {@link #NONE} if there is none. */
    int after(int number) {
        int word = number >> WORD_BITS;
        // Two shifts, because one by 64 does nothing.
        long left = words[word] & -1L << number << 1;
        if (left != 0) {
            return word << WORD_BITS | Long.numberOfTrailingZeros(left);
        }
        int block = word >> WORD_BITS;
        long more = summary[block] & -1L << word << 1;
        if (more == 0) {
            return firstIn(block + 1);
        }
        int next = block << WORD_BITS | Long.numberOfTrailingZeros(more);
        return next << WORD_BITS | Long.numberOfTrailingZeros(words[next]);
    }
}
