package org.sipdispatch.destination;

/**
 * A journal record: a change of a destination's status.
 *
 * @param atMs in milliseconds since 1970
 */
public record JournalEntry(ChangeCause cause, Status status, long atMs) {
    /** The cause of the change. The journal stores a fixed number for each, see {@link JournalEntrySerializer}. */
    public enum ChangeCause {
        /** A counter changed. */
        COUNT,
        /** Probes or traffic changed the state as operators see it. */
        TRANSITION,
        /** An operator's order. */
        OPERATOR,
        /** The destination is no longer defined. */
        REMOVED;

        /** Whether an operator made the change: probes and traffic would not make it again. */
        boolean isOrdered() {
            return this == OPERATOR || this == REMOVED;
        }
    }

    /**
     * The record of a change. A counter update with a visible change is a transition. An order that begins a state has the
     * time of the state, also if the clock has advanced while it was executed: the history compares the two to find
     * orders without effect.
     *
     * @param isVisible whether the state changes as operators see it
     * @param nowMs in milliseconds since 1970
     */
    static JournalEntry between(Status before, Status after, ChangeCause cause, boolean isVisible, long nowMs) {
        boolean begins = cause == ChangeCause.OPERATOR && after.sinceMs() != before.sinceMs();
        return new JournalEntry(
                isVisible && cause == ChangeCause.COUNT ? ChangeCause.TRANSITION : cause,
                after,
                begins ? after.sinceMs() : nowMs);
    }
}
