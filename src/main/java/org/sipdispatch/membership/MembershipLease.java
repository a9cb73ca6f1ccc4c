package org.sipdispatch.membership;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.sipdispatch.destination.MembershipCheck;

/**
 * What the other nodes have confirmed to this one, in one membership of the cluster. Each is asked again and again
 * whether it counts this node in; the lease lasts for a while from the time at which those questions were asked that a
 * majority, this node included, has answered with yes. That while is shorter than the time the others need to take a silent node
 * out, so of two nodes that could own a destination one has no lease. Thread-safe.
 */
public final class MembershipLease implements MembershipCheck {
    /**
     * What a node has said last.
     *
     * @param askedNanos when the question was asked that it answered
     * @param countsIn whether it counts this node in
     * @param member whether it is part of a cluster
     * @param hears the nodes that it has heard lately itself
     */
    private record Heard(long askedNanos, boolean countsIn, boolean member, Set<Long> hears) {}

    private final PauseDetector detector;
    private final LongSupplier nanoClock;
    private final long lengthNanos;
    private final Map<Long, Heard> heard = new HashMap<>();
    private volatile boolean confirmed;
    private volatile long confirmedNanos;
    private volatile long confirmedPauses;
    private volatile boolean ended;
    private volatile Set<String> missing = Set.of();
    private Set<Long> goesOn;

    public MembershipLease(PauseDetector detector, Duration length, LongSupplier nanoClock) {
        this.detector = detector;
        this.nanoClock = nanoClock;
        this.lengthNanos = length.toNanos();
    }

    @Override
    public boolean isCurrent() {
        return confirmed
                && !ended
                && detector.pauses() == confirmedPauses
                && nanoClock.getAsLong() - confirmedNanos < lengthNanos;
    }

    @Override
    public long pauses() {
        return detector.pauses();
    }

    /**
     * A node has answered.
     *
     * @param countsIn whether it counts this node in
     * @param member whether it is part of a cluster
     * @param hears the nodes that it has heard lately
     */
    synchronized void answered(long node, long askedNanos, boolean countsIn, boolean member, Collection<Long> hears) {
        Heard before = heard.get(node);
        if (before == null || before.askedNanos <= askedNanos) {
            heard.put(node, new Heard(askedNanos, countsIn, member, Set.copyOf(hears)));
        }
    }

    /** How many other nodes have said lately that they are in no cluster. */
    synchronized int outside() {
        int outside = 0;
        for (long node : heardLately()) {
            outside += heard.get(node).member ? 0 : 1;
        }
        return outside;
    }

    /** How many other nodes have said lately that they are part of a cluster. */
    synchronized int inside() {
        return heardLately().size() - outside();
    }

    /**
     * Whether so many nodes are in no cluster, this one included, that the others cannot decide anything: all that have
     * answered lately, and a majority.
     *
     * @param nodes how many nodes the configuration names
     */
    public synchronized boolean areMostOutside(int nodes) {
        return inside() == 0 && 2 * (1 + outside()) > nodes;
    }

    /**
     * Counts who has confirmed this node.
     *
     * @param members the numbers of all nodes of the cluster, this one included
     * @param counted how many nodes it is of which a majority is needed; at least as many as there are members
     * @return whether the lease is valid now
     */
    synchronized boolean renew(Set<Long> members, int counted, long self) {
        long pauses = detector.pauses();
        long now = nanoClock.getAsLong();
        int needed = counted / 2;
        List<Long> asked = new ArrayList<>();
        heard.forEach((node, answer) -> {
            boolean afterPause = pauses == 0 || answer.askedNanos - detector.pausedAtNanos() >= 0;
            if (answer.countsIn && afterPause && node != self && members.contains(node)) {
                asked.add(now - answer.askedNanos);
            }
        });
        Collections.sort(asked);
        if (members.contains(self) && asked.size() >= needed && needed > 0) {
            confirm(now - asked.get(needed - 1), pauses);
        }
        return isCurrent();
    }

    /** A node that is the only one of its cluster needs nobody's answer. */
    synchronized void renewAlone(long pauses) {
        confirm(nanoClock.getAsLong(), pauses);
    }

    private void confirm(long askedNanos, long pauses) {
        confirmed = false;
        confirmedNanos = askedNanos;
        confirmedPauses = pauses;
        confirmed = true;
    }

    /** When the questions were asked, by the clock, that the majority has answered which confirmed this node last. */
    long confirmedNanos() {
        return confirmedNanos;
    }

    /** This node leaves the cluster: in this membership it decides nothing any more. */
    void end() {
        ended = true;
    }

    boolean isEnded() {
        return ended;
    }

    /** Those nodes were taken out, but no majority has gone on without them yet: their names. */
    void missing(Set<String> names) {
        missing = Set.copyOf(names);
    }

    Set<String> missing() {
        return missing;
    }

    /** The split brain resolver lets those nodes go on without the others. */
    synchronized void decided(Set<Long> side) {
        goesOn = Set.copyOf(side);
    }

    /** What was decided since this was asked last; null if nothing was. */
    synchronized Set<Long> takeDecided() {
        Set<Long> side = goesOn;
        goesOn = null;
        return side;
    }

    /** Whether a majority has ever confirmed this node in this membership. */
    public boolean wasConfirmed() {
        return confirmed;
    }

    /** Whether a majority has confirmed this node within that time, whatever happened since. */
    boolean wasConfirmedWithin(Duration time) {
        return confirmed && nanoClock.getAsLong() - confirmedNanos < time.toNanos();
    }

    /** The nodes that have answered a question of the last time of the lease's length. */
    public synchronized Set<Long> heardLately() {
        long now = nanoClock.getAsLong();
        Set<Long> lately = new HashSet<>();
        heard.forEach((node, answer) -> {
            if (now - answer.askedNanos < lengthNanos) {
                lately.add(node);
            }
        });
        return lately;
    }

    /**
     * The nodes of this side: this one, those that have lately said that they count it in, and those that these have heard. A
     * node that only some other one cannot hear is there: a link is cut, not the cluster. One that has gone on without this
     * node is not.
     */
    synchronized Set<Long> reachable(long self) {
        Set<Long> reachable = new HashSet<>();
        for (long node : heardLately()) {
            Heard answer = heard.get(node);
            if (answer.countsIn) {
                reachable.add(node);
                reachable.addAll(answer.hears);
            }
        }
        reachable.add(self);
        return reachable;
    }
}
