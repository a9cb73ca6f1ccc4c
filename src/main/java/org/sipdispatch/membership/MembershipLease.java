package org.sipdispatch.membership;

import akka.actor.Address;
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
import java.util.stream.Collectors;
import org.sipdispatch.destination.MembershipCheck;

/**
 * This node's lease on its membership, in one session. Each other node is asked repeatedly whether it counts this node
 * as a member. The lease is valid for a fixed time after the questions were sent that a majority, including this node,
 * has answered with yes. That time is shorter than the other nodes need to down a silent node, so of two nodes that
 * could own a destination at least one has no lease. Thread-safe.
 */
public final class MembershipLease implements MembershipCheck {
    /**
     * A node's last answer.
     *
     * @param address the address that was asked; a node has one in all of its sessions
     * @param askedNanos when the answered question was sent
     * @param countsAsMember whether it counts this node as a member
     * @param member whether it is in a cluster
     * @param current whether its lease is valid
     * @param reachable the nodes that have answered it lately
     */
    private record PeerAnswer(
            Address address,
            long askedNanos,
            boolean countsAsMember,
            boolean member,
            boolean current,
            Set<Long> reachable) {}

    private final PauseDetector detector;
    private final LongSupplier nanoClock;
    private final long lengthNanos;
    private final JoinableNodes joinable;
    private final Map<Long, PeerAnswer> answers = new HashMap<>();
    private final Map<Long, Long> promises = new HashMap<>();
    private final Map<Long, Long> statusesReceived = new HashMap<>();
    private volatile boolean confirmed;
    private volatile long confirmedNanos;
    private volatile long confirmedPauses;
    private volatile boolean ended;
    private volatile Runnable onEnd = () -> {};
    private volatile boolean hasStatuses;
    private volatile boolean alone;
    private volatile boolean ownershipLost;
    private final ClusterHeartbeatWriter heartbeat = new ClusterHeartbeatWriter();
    private volatile Set<String> missing = Set.of();
    private Set<Long> survivors;

    public MembershipLease(PauseDetector detector, Duration length, LongSupplier nanoClock) {
        this.detector = detector;
        this.nanoClock = nanoClock;
        this.lengthNanos = length.toNanos();
        joinable = new JoinableNodes(length, nanoClock);
    }

    @Override
    public boolean isCurrent() {
        return confirmed
                && !ended
                && !ownershipLost
                && detector.pauses() == confirmedPauses
                && nanoClock.getAsLong() - confirmedNanos < lengthNanos;
    }

    @Override
    public long pauses() {
        return detector.pauses();
    }

    /** The nodes that this node may join, while it is in no cluster. */
    JoinableNodes joinable() {
        return joinable;
    }

    /**
     * Records a node's answer.
     *
     * @param countsAsMember whether it counts this node as a member
     * @param member whether it is in a cluster
     * @param current whether its lease is valid
     * @param reachable the nodes that have answered it lately
     */
    synchronized void answered(
            long node,
            long askedNanos,
            boolean countsAsMember,
            boolean member,
            boolean current,
            Collection<Long> reachable) {
        PeerAnswer before = answers.get(node);
        if (before == null || before.askedNanos <= askedNanos) {
            Address address = joinable.askedNode(askedNanos);
            answers.put(
                    node, new PeerAnswer(address, askedNanos, countsAsMember, member, current, Set.copyOf(reachable)));
        }
    }

    /** Whether any other node has lately answered that it counts this node as a member. */
    synchronized boolean isCountedLately() {
        return answeredLately().stream().anyMatch(node -> answers.get(node).countsAsMember);
    }

    /** Number of other nodes that have lately answered that they are in no cluster. */
    synchronized int outside() {
        return (int) newestSessions().values().stream()
                .filter(node -> !answers.get(node).member)
                .count();
    }

    /** Number of other nodes that have answered a question sent within the last lease length. */
    public synchronized int answering() {
        return newestSessions().size();
    }

    /** The numbers of the nodes that have answered lately, by address: also those of sessions that ended just now. */
    private Map<Address, Long> newestSessions() {
        Map<Address, Long> newest = new HashMap<>();
        for (long node : answeredLately()) {
            PeerAnswer answer = answers.get(node);
            if (answer.address != null) {
                newest.merge(
                        answer.address,
                        node,
                        (one, other) -> answers.get(one).askedNanos - answers.get(other).askedNanos > 0 ? one : other);
            }
        }
        return newest;
    }

    /**
     * Whether any other node has lately answered that it is in a cluster and has a valid lease. A node that has resumed
     * in a cluster of the past is a member too, and has no lease.
     */
    synchronized boolean isClusterSeen() {
        return answeredLately().stream().map(answers::get).anyMatch(answer -> answer.member && answer.current);
    }

    /** Records that another node without a valid lease has sent all statuses that it knows. */
    public synchronized void statusesReceived(long node) {
        statusesReceived.put(node, nanoClock.getAsLong());
    }

    /**
     * Whether this node knows every status that was confirmed to an operator: each node that has answered lately has
     * also sent its statuses without a valid lease, and those nodes and this one are a majority. Any majority that has
     * confirmed a status includes one of them.
     *
     * @param nodes number of configured nodes
     */
    public synchronized boolean hasStatusesOfMajority(int nodes) {
        long now = nanoClock.getAsLong();
        Collection<Long> answering = newestSessions().values();
        return 2 * (1 + answering.size()) > nodes
                && answering.stream()
                        .allMatch(node ->
                                statusesReceived.containsKey(node) && now - statusesReceived.get(node) < lengthNanos);
    }

    /**
     * Renews the lease if a majority has confirmed this node.
     *
     * @param members the numbers of all nodes of the cluster including this one
     * @param counted size of the electorate, at least the number of members
     * @return whether the lease is valid now
     */
    synchronized boolean renew(Set<Long> members, int counted, long self) {
        alone = counted == 1;
        ownershipLost &= alone;
        long pauses = detector.pauses();
        long now = nanoClock.getAsLong();
        int needed = counted / 2;
        List<Long> asked = new ArrayList<>();
        answers.forEach((node, answer) -> {
            boolean afterPause = pauses == 0 || answer.askedNanos - detector.pausedAtNanos() >= 0;
            if (answer.countsAsMember && afterPause && node != self && members.contains(node)) {
                asked.add(now - answer.askedNanos);
            }
        });
        Collections.sort(asked);
        if (members.contains(self) && asked.size() >= needed && needed > 0) {
            confirm(now - asked.get(needed - 1), pauses);
        }
        return isCurrent();
    }

    /** Renews the lease of the only node of a cluster, which needs no answers. */
    synchronized void renewAlone(long pauses) {
        confirm(nanoClock.getAsLong(), pauses);
    }

    private void confirm(long askedNanos, long pauses) {
        confirmed = false;
        confirmedNanos = askedNanos;
        confirmedPauses = pauses;
        confirmed = true;
    }

    /** How long a lease is valid without being renewed, in nanoseconds. */
    public long lengthNanos() {
        return lengthNanos;
    }

    /** For how much longer the lease is valid, in nanoseconds; 0 if it is not. */
    public long remainingNanos() {
        return isCurrent() ? confirmedNanos + lengthNanos - nanoClock.getAsLong() : 0;
    }

    /** The nodes whose lease may rely on a promise of this node. */
    public synchronized Set<Long> promisedLately() {
        long now = nanoClock.getAsLong();
        return promises.keySet().stream()
                .filter(node -> now - promises.get(node) < lengthNanos)
                .collect(Collectors.toSet());
    }

    /** When the questions were sent whose answers confirmed this node last, in nanoseconds of the clock. */
    long confirmedNanos() {
        return confirmedNanos;
    }

    /**
     * Promises another node to count it as a member. The other node's lease relies on that for the lease length.
     *
     * @return false if this node's lease has ended: a node that leaves promises nothing
     */
    synchronized boolean promise(long node) {
        if (!ended) {
            promises.put(node, nanoClock.getAsLong());
        }
        return !ended;
    }

    /** Whether the lease of a node other than these may still rely on a promise of this node. */
    synchronized boolean hasPromisedOtherThan(Set<Long> nodes) {
        return !nodes.containsAll(promisedLately());
    }

    /** {@code task}: run at the end of the lease. */
    void whenEnded(Runnable task) {
        onEnd = task;
    }

    /**
     * Ends the lease: this node leaves the cluster and decides nothing more in this session, even if a node resumes
     * before this one has left.
     */
    void end() {
        synchronized (this) {
            ended = true;
        }
        onEnd.run();
    }

    /**
     * Ends the lease unless it {@linkplain #hasPromisedOtherThan has promised} another node than these.
     *
     * @return whether the lease has ended
     */
    boolean endUnlessPromised(Set<Long> nodes) {
        synchronized (this) {
            if (!ended && hasPromisedOtherThan(nodes)) {
                return false;
            }
            ended = true;
        }
        onEnd.run();
        return true;
    }

    boolean isEnded() {
        return ended;
    }

    /** This node has read the statuses that a majority of its cluster knows. */
    public void statusesRead() {
        hasStatuses = true;
    }

    /**
     * Whether this node knows the statuses of the cluster that it joined. Without them it must not continue alone: it
     * would begin terms that another node has used.
     */
    boolean hasStatuses() {
        return hasStatuses;
    }

    ClusterHeartbeatWriter heartbeat() {
        return heartbeat;
    }

    boolean isAlone() {
        return alone;
    }

    /** Whether this node wrote the heartbeat of its cluster within this time. */
    boolean wasHeartbeatWrittenWithin(Duration time) {
        return heartbeat.isWritten() && ageNanos(heartbeat.writtenNanos()) < time.toNanos();
    }

    /** Includes time during which the monotonic clock stood still. */
    private long ageNanos(long nanos) {
        return nanoClock.getAsLong() - nanos + detector.suspendedNanosSince(nanos);
    }

    /**
     * Another node has taken the heartbeat over from this node. If this node is alone in its cluster, another cluster
     * may exist, and the lease is not valid until that is known.
     */
    synchronized void ownershipLost() {
        ownershipLost = alone;
    }

    boolean isOwnershipLost() {
        return ownershipLost;
    }

    /** No other cluster has taken the heartbeat over. */
    synchronized void ownershipConfirmed() {
        ownershipLost = false;
    }

    /** Sets the names of the nodes that were downed without a majority having continued without them yet. */
    void missing(Set<String> names) {
        missing = Set.copyOf(names);
    }

    Set<String> missing() {
        return missing;
    }

    /** The split brain resolver decided that these nodes survive without the others. */
    synchronized void setSurvivors(Set<Long> side) {
        survivors = Set.copyOf(side);
    }

    /** The surviving nodes decided since the last call; null if nothing was decided. */
    synchronized Set<Long> takeSurvivors() {
        Set<Long> side = survivors;
        survivors = null;
        return side;
    }

    /** Whether a majority has ever confirmed this node in this session. */
    public boolean wasConfirmed() {
        return confirmed;
    }

    /** Whether a majority has confirmed this node within this time, even if the lease has ended since. */
    boolean wasConfirmedWithin(Duration time) {
        return confirmed && ageNanos(confirmedNanos) < time.toNanos();
    }

    /** The nodes that have answered a question sent within the last lease length. */
    public synchronized Set<Long> answeredLately() {
        long now = nanoClock.getAsLong();
        return answers.keySet().stream()
                .filter(node -> now - answers.get(node).askedNanos < lengthNanos)
                .collect(Collectors.toSet());
    }

    /** Nanoseconds since the last answered question was sent, or since {@code sinceNanos} if that is later. */
    synchronized long silentNanos(long sinceNanos) {
        long last = sinceNanos;
        for (PeerAnswer answer : answers.values()) {
            last = answer.askedNanos - last > 0 ? answer.askedNanos : last;
        }
        return ageNanos(last);
    }

    /**
     * The nodes on this side of a partition: this node, the nodes that lately answered that they count it as a member,
     * and the nodes that have answered those. A node that only some other node cannot reach is included: a link is cut,
     * not the cluster. A node that has continued without this node is not.
     */
    synchronized Set<Long> reachable(long self) {
        Set<Long> reachable = new HashSet<>();
        for (long node : answeredLately()) {
            PeerAnswer answer = answers.get(node);
            if (answer.countsAsMember) {
                reachable.add(node);
                reachable.addAll(answer.reachable);
            }
        }
        reachable.add(self);
        return reachable;
    }
}
