package org.sipdispatch.destination;

/**
 * Orders the statuses of a destination without a clock: each actor of the destination begins a new term and counts its
 * changes within it. Two actors have begun the same term if the node of one was paused, or cut off, before the other
 * nodes knew of its term. So the changes are compared before the nodes: the start of an actor, which changes nothing,
 * is older than every change of the other one.
 *
 * @param term grows with each actor of the destination, from 1; 0 for what comes only from the table
 * @param change grows with each change within a term
 * @param node the number of the actor's node, which distinguishes two actors that began the same term
 */
public record StatusVersion(long term, long change, long node) implements Comparable<StatusVersion>, WireMessage {
    /** Less than the version of any actor. */
    public static final StatusVersion NONE = new StatusVersion(0, 0, 0);

    public StatusVersion nextTerm(long ofNode) {
        return new StatusVersion(term + 1, 0, ofNode);
    }

    public StatusVersion nextChange() {
        return new StatusVersion(term, change + 1, node);
    }

    /** Whether the same actor produced both versions. */
    public boolean isOfSameActor(StatusVersion other) {
        return term == other.term && node == other.node;
    }

    boolean isOfLaterTerm(StatusVersion other) {
        return term > other.term;
    }

    /** Whether another actor of the same term produced this version, and it is newer than the other version. */
    boolean isNewerInSameTerm(StatusVersion other) {
        return term == other.term && node != other.node && isAfter(other);
    }

    public boolean isAfter(StatusVersion other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(StatusVersion other) {
        int byTerm = Long.compare(term, other.term);
        int byChange = Long.compare(change, other.change);
        return byTerm != 0 ? byTerm : byChange != 0 ? byChange : Long.compare(node, other.node);
    }
}
