package org.sipdispatch.pauses;

/** The version of a destination's status in the notation of the nodes: {@code term.change}. */
public record StateVersion(long term, long change) implements Comparable<StateVersion> {
    public static StateVersion of(String text) {
        int dot = text.indexOf('.');
        return new StateVersion(Long.parseLong(text.substring(0, dot)), Long.parseLong(text.substring(dot + 1)));
    }

    /** Whether an actor decided the status. Otherwise it is the initial state of the table. */
    public boolean isOfAnActor() {
        return term > 0;
    }

    @Override
    public int compareTo(StateVersion other) {
        int byTerm = Long.compare(term, other.term);
        return byTerm != 0 ? byTerm : Long.compare(change, other.change);
    }

    @Override
    public String toString() {
        return term + "." + change;
    }
}
