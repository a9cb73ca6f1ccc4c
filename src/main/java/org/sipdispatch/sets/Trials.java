package org.sipdispatch.sets;

/**
 * Members that get no requests because they were slow. Each of them gets one request in ten seconds, as a trial, but no
 * more than one in a hundred selections is one, so that trials do not change the latencies of the set.
 */
final class Trials {
    private static final int EVERY = 100;

    private int[] due = {};
    private int next;
    private int selections;

    /** Replaces the members that need a trial. */
    void replace(int[] places) {
        due = places;
        next = 0;
    }

    /** The member that gets this selection as its trial; {@link Balancer#NONE} if it is none. */
    int next(MemberLoad[] loads) {
        if (selections < EVERY) {
            selections++;
        }
        while (selections == EVERY && next < due.length) {
            int place = due[next];
            next++;
            if (loads[place].isIdle()) {
                selections = 0;
                return place;
            }
        }
        return Balancer.NONE;
    }

    Trials copy() {
        Trials copy = new Trials();
        copy.due = due;
        copy.next = next;
        copy.selections = selections;
        return copy;
    }
}
