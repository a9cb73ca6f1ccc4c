package org.sipdispatch.sets;

/** Selects the first usable member. With priorities 9, 5, 1 the selections are a a a, and b b b after a has failed. */
final class PriorityPicker implements Picker {
    @Override
    public int first(SetView set, RoundRobinState cursor, int hash, boolean reserve) {
        return set.isActive(0) ? 0 : Picker.nextActive(set, 0, reserve);
    }

    @Override
    public String whyFirst(SetView set, RoundRobinState cursor, int first, int hash, boolean reserve) {
        return first == 0 ? "the highest priority" : "the highest priority of the usable ones";
    }

    @Override
    public String whyNext() {
        return "next in the order of priority";
    }
}
