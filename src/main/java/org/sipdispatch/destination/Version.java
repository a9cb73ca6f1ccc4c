package org.sipdispatch.destination;

/**
 * Orders what is known of a destination without any clock: each actor that takes a destination up begins a new term,
 * and counts its changes from there.
 *
 * @param term grows with each actor that takes the destination up, from 1; 0 for what was only written down
 * @param change grows with each change within a term
 * @param node the number of the node that the actor ran on, to tell two actors apart that began the same term
 */
public record Version(long term, long change, long node) implements Comparable<Version>, WireMessage {
    /** Before any actor. */
    public static final Version NONE = new Version(0, 0, 0);

    /** The first version of the next actor. */
    public Version nextTerm(long ofNode) {
        return new Version(term + 1, 0, ofNode);
    }

    public Version nextChange() {
        return new Version(term, change + 1, node);
    }

    /** Whether the same actor has given both. */
    boolean isOfSameTerm(Version other) {
        return term == other.term && node == other.node;
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
