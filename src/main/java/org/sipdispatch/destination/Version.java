package org.sipdispatch.destination;

/**
 * Orders the statuses of a destination without a clock: each actor of the destination begins a new term and counts its
 * changes within it.
 *
 * @param term grows with each actor of the destination, from 1; 0 for what comes only from the table
 * @param change grows with each change within a term
 * @param node the number of the actor's node, which distinguishes two actors that began the same term
 */
public record Version(long term, long change, long node) implements Comparable<Version>, WireMessage {
    /** Less than the version of any actor. */
    public static final Version NONE = new Version(0, 0, 0);

    public Version nextTerm(long ofNode) {
        return new Version(term + 1, 0, ofNode);
    }

    public Version nextChange() {
        return new Version(term, change + 1, node);
    }

    /** Whether the same actor produced both versions. */
    boolean isOfSameTerm(Version other) {
        return term == other.term && node == other.node;
    }

    /** Whether a later actor produced this version than the other one. */
    boolean isOfLaterTerm(Version other) {
        return isAfter(other) && !isOfSameTerm(other);
    }

    public boolean isAfter(Version other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Version other) {
        int byTerm = Long.compare(term, other.term);
        int byNode = Long.compare(node, other.node);
        return byTerm != 0 ? byTerm : byNode != 0 ? byNode : Long.compare(change, other.change);
    }
}
