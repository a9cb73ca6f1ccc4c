package org.sipdispatch.sets;

/** The first usable member: with priorities 9, 5, 1 the picks are a a a, and b b b once a is down. */
final class PriorityPick implements Pick {
    @Override
    public int first(SetView set, Cursor cursor, int hash, boolean reserve) {
        return set.isActive(0) ? 0 : Pick.nextActive(set, 0, reserve);
    }

    @Override
    public String whyFirst(SetView set, Cursor cursor, int first, int hash, boolean reserve) {
        return first == 0 ? "the highest priority" : "the highest priority of the usable ones";
    }

    @Override
    public String whyNext() {
        return "next in the order of priority";
    }
}
