package org.sipdispatch.sets;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Which members of a set get only a part of their requests, because they have just come back. Immutable. */
final class SlowShares {
    /** The share of a member that gets all of its requests. */
    static final int ALL = 100;
    /** All members get all of their requests. */
    static final SlowShares NONE = new SlowShares(new int[0]);

    private final int[] percents;

    private SlowShares(int[] percents) {
        this.percents = percents;
    }

    /** {@code percents}: the share of each member, 1 to 100; not copied. */
    static SlowShares of(int[] percents) {
        return Arrays.stream(percents).allMatch(percent -> percent == ALL) ? NONE : new SlowShares(percents);
    }

    int percent(int place) {
        return percents.length == 0 ? ALL : percents[place];
    }

    /** The different shares below {@link #ALL}, ascending. */
    int[] steps() {
        return IntStream.of(percents)
                .filter(percent -> percent < ALL)
                .distinct()
                .sorted()
                .toArray();
    }

    boolean isSame(SlowShares other) {
        return Arrays.equals(percents, other.percents);
    }
}
