package org.sipdispatch.sets;

/** The usable members in the order of their costs, equal ones in that of their turns. */
interface CostOrder {
    /** The result of {@link #first} if no member is usable. */
    int NONE = -1;

    int first();

    /**
     * A member's cost has changed, or its turn, or both.
     *
     * @param turn the one before
     * @param cost the one before
     */
    void changed(int member, int turn, double cost);

    /** All members have new turns in the same order. */
    void renumbered();
}
