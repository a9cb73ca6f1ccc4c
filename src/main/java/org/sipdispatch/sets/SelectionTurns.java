package org.sipdispatch.sets;

import java.util.Arrays;

/**
 * When each member was selected last, as a number: the smallest one is that of the member whose selection is the longest
 * ago. A selected member gets the next free number; when there is none, all get new ones in the same order.
 */
final class SelectionTurns {
    /** The member of a number that is free. */
    static final int NONE = -1;

    private static final int NUMBERS_PER_MEMBER = 2;
    /** So that small sets seldom get new numbers. */
    private static final int MORE_NUMBERS = 100;

    private final int[] turns;
    private final int[] members;
    private int next;

    /** So many members in an order that depends on this number. */
    SelectionTurns(int size, int random) {
        turns = new int[size];
        members = new int[NUMBERS_PER_MEMBER * size + MORE_NUMBERS];
        Arrays.fill(members, NONE);
        long[] shuffled = new long[size];
        Arrays.setAll(shuffled, member -> SplitMix64.mix((long) random << 32 | member) << 1 >>> 33 << 32 | member);
        Arrays.sort(shuffled);
        for (long member : shuffled) {
            take((int) member);
        }
    }

    private SelectionTurns(SelectionTurns other) {
        turns = other.turns.clone();
        members = other.members.clone();
        next = other.next;
    }

    SelectionTurns copy() {
        return new SelectionTurns(this);
    }

    private void take(int member) {
        turns[member] = next;
        members[next] = member;
        next++;
    }

    /** All numbers are smaller. */
    int numbers() {
        return members.length;
    }

    int of(int member) {
        return turns[member];
    }

    /** The member with this number, or {@link #NONE}. */
    int member(int turn) {
        return members[turn];
    }

    /** Whether no number is free. */
    boolean isFull() {
        return next == members.length;
    }

    /** Gives all members new numbers in the same order. */
    void renumber() {
        int count = next;
        next = 0;
        for (int turn = 0; turn < count; turn++) {
            int member = members[turn];
            members[turn] = NONE;
            if (member != NONE) {
                take(member);
            }
        }
    }

    /** The member has been selected. A number must be free. */
    void selected(int member) {
        members[turns[member]] = NONE;
        take(member);
    }
}
