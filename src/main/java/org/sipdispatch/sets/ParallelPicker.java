package org.sipdispatch.sets;

import java.util.Arrays;

/**
 * Selects all usable members, highest priority first. The reserve is selected only if no other member is usable, because
 * no member waits for the failure of another one.
 */
final class ParallelPicker implements Picker {
    private static final PriorityPicker BY_PRIORITY = new PriorityPicker();

    @Override
    public int first(SetView set, RoundRobinState cursor, int hash, boolean reserve) {
        return BY_PRIORITY.first(set, cursor, hash, reserve);
    }

    @Override
    public int[] order(SetView set, RoundRobinState cursor, int first, int hash, boolean reserve, int most) {
        int size = Picker.size(set, reserve);
        int[] order = new int[Math.max(size, 1)];
        order[0] = first;
        int count = 1;
        for (int index = first + 1; index < size && count < most; index++) {
            if (set.isActive(index)) {
                order[count++] = index;
            }
        }
        return Arrays.copyOf(order, count);
    }

    @Override
    public String whyFirst(SetView set, RoundRobinState cursor, int first, int hash, boolean reserve) {
        return BY_PRIORITY.whyFirst(set, cursor, first, hash, reserve);
    }

    @Override
    public String whyNext() {
        return "at the same time";
    }
}
