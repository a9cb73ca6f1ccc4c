package org.sipdispatch.sets;

/** The values by which one selection ranks the members of a set, the smallest first. */
public interface Ranking {
    /** The value of a member that follows all others and is never the first choice. */
    long LAST = Long.MAX_VALUE;

    /**
     * The values of the first {@code size} members; those of members that are not usable are ignored. Null if they
     * cannot be determined: nothing is selected then. Called on the lane's thread.
     */
    long[] values(SetView set, int size);

    /** What is compared, for explanations: {@code $stat(in_flight:%u)}. */
    String text();
}
