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
}
