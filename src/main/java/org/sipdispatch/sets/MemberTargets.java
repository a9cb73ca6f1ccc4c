package org.sipdispatch.sets;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import java.util.function.IntFunction;

/** The addresses of the targets of a set's members. Immutable. */
final class MemberTargets {
    /** No member has targets. */
    static final MemberTargets NONE = new MemberTargets(new TargetAddresses[0]);

    /** By index, null for a member without targets; empty if no member has any. */
    private final TargetAddresses[] addresses;

    private MemberTargets(TargetAddresses[] addresses) {
        this.addresses = addresses;
    }

    boolean isEmpty() {
        return addresses.length == 0;
    }

    /** The addresses of a member's targets; null if it has none. */
    TargetAddresses get(int place) {
        return addresses.length == 0 ? null : addresses[place];
    }

    /**
     * The same with other addresses of some members; this object if none differs.
     *
     * @param size how many members the set has
     * @param places the indexes of the members that may have changed; the function is called for these only
     * @param now returns null for a member without targets
     */
    MemberTargets with(int size, BitSet places, IntFunction<TargetAddresses> now) {
        TargetAddresses[] changed = addresses;
        for (int i = places.nextSetBit(0); i >= 0; i = places.nextSetBit(i + 1)) {
            TargetAddresses present = now.apply(i);
            if (!Objects.equals(present, get(i))) {
                changed = changed == addresses ? Arrays.copyOf(addresses, size) : changed;
                changed[i] = present;
            }
        }
        if (changed == addresses) {
            return this;
        }
        return Arrays.stream(changed).allMatch(Objects::isNull) ? NONE : new MemberTargets(changed);
    }
}
