package org.sipdispatch.sets;

/**
 * Takes the hash modulo the sum of weights and finds the member with that remainder. If that member is not usable,
 * repeats this with the usable members only. Weights 5, 3, 2: remainders 0 to 4 select the first member, 5 to 7 the
 * second, 8 and 9 the third. Sums are kept in 16 bits as in OpenSIPS, so that large weights wrap in the same way.
 */
final class HashPicker implements Picker {
    private final String noun;

    /** {@code noun}: the name of the hash in explanations. */
    HashPicker(String noun) {
        this.noun = noun;
    }

    @Override
    public int first(SetView set, RoundRobinState cursor, int hash, boolean reserve) {
        int size = Picker.size(set, reserve);
        int candidate = walk(set, size, hash, false);
        if (candidate >= 0 && set.isActive(candidate)) {
            return candidate;
        }
        int second = walk(set, size, hash, true);
        return second >= 0 ? second : Picker.reserve(set, reserve);
    }

    @Override
    public String whyFirst(SetView set, RoundRobinState cursor, int first, int hash, boolean reserve) {
        int size = Picker.size(set, reserve);
        String one = noun + " " + Integer.toUnsignedString(hash) + " " + division(set, size, hash, false);
        int candidate = walk(set, size, hash, false);
        return candidate == first
                ? one
                : one + " is " + set.member(candidate).uri() + ", not usable; among the usable ones "
                        + division(set, size, hash, true);
    }

    private static String division(SetView set, int size, int hash, boolean activeOnly) {
        int divisor = divisor(set, size, activeOnly);
        return "mod " + Math.abs(divisor) + (divisor > 0 ? " (sum of weights)" : "") + " = "
                + Integer.toUnsignedString(Integer.remainderUnsigned(hash, Math.abs(divisor)));
    }

    private static int walk(SetView set, int size, int hash, boolean activeOnly) {
        int divisor = divisor(set, size, activeOnly);
        if (divisor == 0) {
            return NONE;
        }
        return divisor < 0
                ? nth(set, size, Integer.remainderUnsigned(hash, -divisor), activeOnly)
                : weighted(set, size, Integer.remainderUnsigned(hash, divisor), activeOnly);
    }

    /** The sum of weights; if it is 0, the negated number of members. */
    private static int divisor(SetView set, int size, boolean activeOnly) {
        int total = 0;
        int members = 0;
        for (int i = 0; i < size; i++) {
            if (!activeOnly || set.isActive(i)) {
                total = total + set.weight(i) & 0xffff;
                members++;
            }
        }
        return total == 0 ? -members : total;
    }

    private static int weighted(SetView set, int size, int rest, boolean activeOnly) {
        int running = 0;
        for (int i = 0; i < size; i++) {
            if (!activeOnly || set.isActive(i)) {
                running = running + set.weight(i) & 0xffff;
                if (rest < running) {
                    return i;
                }
            }
        }
        return NONE;
    }

    private static int nth(SetView set, int size, int wanted, boolean activeOnly) {
        int seen = 0;
        for (int i = 0; i < size; i++) {
            if ((!activeOnly || set.isActive(i)) && seen++ == wanted) {
                return i;
            }
        }
        return NONE;
    }
}
