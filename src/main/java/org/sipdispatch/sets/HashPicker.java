package org.sipdispatch.sets;

/**
 * Takes the hash modulo the sum of weights and finds the member with that remainder. If that member is not usable,
 * repeats this with the usable members only. The details are in {@link RemainderTable}.
 */
final class HashPicker implements Picker {
    private final String noun;

    /** {@code noun}: the name of the hash in explanations. */
    HashPicker(String noun) {
        this.noun = noun;
    }

    @Override
    public int first(SetView set, RoundRobinState cursor, int hash, boolean reserve) {
        int candidate = set.remainders(reserve, false).index(hash);
        if (candidate != RemainderTable.NONE && set.isActive(candidate)) {
            return candidate;
        }
        int second = set.remainders(reserve, true).index(hash);
        return second == RemainderTable.NONE ? Picker.reserve(set, reserve) : second;
    }

    @Override
    public String whyFirst(SetView set, RoundRobinState cursor, int first, int hash, boolean reserve) {
        RemainderTable all = set.remainders(reserve, false);
        String one = noun + " " + Integer.toUnsignedString(hash) + " " + division(all, hash);
        int candidate = all.index(hash);
        return candidate == first
                ? one
                : one + " is " + set.member(candidate).uri() + ", "
                        + set.state(candidate).text() + "; among the usable ones "
                        + division(set.remainders(reserve, true), hash);
    }

    private static String division(RemainderTable table, int hash) {
        return "mod " + table.divisor() + (table.isWeighted() ? " (sum of weights)" : "") + " = "
                + Integer.toUnsignedString(Integer.remainderUnsigned(hash, table.divisor()));
    }
}
