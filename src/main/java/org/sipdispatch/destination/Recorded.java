package org.sipdispatch.destination;

/**
 * What the journal keeps of a change.
 *
 * @param atMs in milliseconds since 1970
 */
public record Recorded(Kind kind, Status status, long atMs) {
    /** Why it is kept. Each has a number of its own in the journal, see {@link RecordedSerializer}. */
    public enum Kind {
        /** A counter changed. */
        COUNT,
        /** Evidence changed what is shown. */
        TRANSITION,
        /** An operator's word. */
        OPERATOR,
        /** It is defined no longer. */
        REMOVED;

        /** Whether people made the change: pings and traffic would not show it again. */
        boolean isOrdered() {
            return this == OPERATOR || this == REMOVED;
        }
    }
}
