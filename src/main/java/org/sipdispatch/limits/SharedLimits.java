package org.sipdispatch.limits;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Shares the limits of one node with the other nodes, in one session in the cluster: holds the node's shares while its
 * membership lease is valid, allocates those of all nodes if the others report to this one, and tells the others which
 * calls were answered and have ended. Not thread-safe. All times are nanoseconds of the clock of {@link NodeLimits}.
 */
public final class SharedLimits {
    /** This node's membership. */
    public interface Membership {
        /** The nodes with a vote, oldest first; empty while this node has none. */
        List<Long> voters();

        /** All nodes of the cluster. */
        Set<Long> present();

        /** The nodes that have answered this node within the length of a lease. */
        Set<Long> answering();

        /** The nodes whose lease may rely on a promise of this node. */
        Set<Long> promised();

        /** For how much longer this node's lease is valid; 0 if it is not. */
        long remainingNanos();

        /** The length of a lease. */
        long leaseNanos();
    }

    /** Sends messages to the nodes, this one included. */
    public interface Messenger {
        void report(long to, ShareReport report);

        void grant(long to, ShareGrant grant);

        void poke(long to, SharePoke poke);

        /** Calls through the node {@code of} were answered. */
        void answered(long to, long of, List<AnsweredCall> calls);

        /** This node knows of these answered calls. */
        void known(long to, List<Long> keys);

        void ended(long to, List<Long> keys);

        void compare(long to, CallDigests digests);
    }

    /** A call whose answer waits until another node knows of it. */
    private record ToldCall(long node, Runnable known, long sinceNanos) {}

    private static final int MOST_IN_A_MESSAGE = 500;
    private static final long PATIENCE_NANOS = 100_000_000;
    private static final long COUNT_NANOS = 500_000_000;
    private static final long COMPARE_NANOS = 2_000_000_000;

    private final NodeLimits limits;
    private final long self;
    private final Membership membership;
    private final Messenger messenger;
    private final ShareHolder holder;
    private final Allocator allocator;
    private final CallsOfNodes calls;
    private final CallComparison comparison;
    private final Set<Long> greeted = new HashSet<>();
    private final Map<Long, ToldCall> told = new LinkedHashMap<>();
    private int voters = 1;
    private long countedNanos;
    private long comparedNanos;
    private boolean leased;
    private long leasedUntilNanos;

    /** {@code self}: the number of this node in the cluster. */
    public SharedLimits(NodeLimits limits, long self, Membership membership, Messenger messenger) {
        this.limits = limits;
        this.self = self;
        this.membership = membership;
        this.messenger = messenger;
        holder = new ShareHolder(limits, self);
        calls = new CallsOfNodes(limits.news(), self);
        comparison = new CallComparison(calls.all(), self);
        allocator = new Allocator(limits, self, calls.all(), messenger::poke, membership.leaseNanos());
        limits.whileMember(() -> membership.remainingNanos() > 0);
    }

    /** Call this several times in 100 ms. */
    public void tick(long nowNanos) {
        List<Long> byAge = membership.voters();
        voters = Math.max(1, byAge.size());
        allocator.voters(Set.copyOf(byAge), membership.present(), nowNanos);
        greetNewNodes(nowNanos);
        turnToAllocator(byAge);
        if (isAllocating(nowNanos)) {
            allocator.tick(nowNanos);
        }
        holder.endPatience(nowNanos);
        calls.expire(nowNanos);
        told.values().removeIf(call -> {
            boolean isLate = nowNanos - call.sinceNanos > PATIENCE_NANOS;
            if (isLate) {
                call.known.run();
            }
            return isLate;
        });
        countCallsElsewhere(nowNanos);
        compareCalls(nowNanos);
        report(nowNanos);
    }

    /** For operators only, so twice a second is enough. */
    private void countCallsElsewhere(long nowNanos) {
        if (nowNanos - countedNanos >= COUNT_NANOS) {
            countedNanos = nowNanos;
            Set<Long> own = Set.of(self);
            limits.all().forEach(one -> one.elsewhere(calls.all().outside(own, one.name())));
        }
    }

    /** News may be lost, or be told to a node that has just left. */
    private void compareCalls(long nowNanos) {
        boolean isNothing = limits.isEmpty() && calls.all().size() == 0;
        if (nowNanos - comparedNanos >= COMPARE_NANOS && !isNothing) {
            comparedNanos = nowNanos;
            Set<Long> present = membership.present();
            comparison.retain(present);
            others().forEach(node -> messenger.compare(node, comparison.digests(node, present)));
        }
    }

    /** Another node says what it knows of answered calls. */
    public void compared(CallDigests theirs, long nowNanos) {
        Set<Long> present = membership.present();
        if (present.contains(theirs.node())) {
            comparison
                    .toTell(theirs, present, nowNanos)
                    .forEach((of, known) -> inParts(known, part -> messenger.answered(theirs.node(), of, part)));
        }
    }

    /** The allocator is the oldest voter that answers this node. */
    private void turnToAllocator(List<Long> byAge) {
        Set<Long> answering = membership.answering();
        long oldest = byAge.stream()
                .filter(voter -> voter == self || answering.contains(voter))
                .findFirst()
                .orElse(ShareHolder.NOBODY);
        if (oldest != holder.allocator()) {
            allocator.begin();
            holder.turnTo(oldest);
        }
    }

    /**
     * Uses the shares as long as the membership lease is valid without a gap. In a gap other nodes may have got the free
     * places of this node, and may have reported to another allocator.
     */
    private void followLease(long nowNanos) {
        long remaining = membership.remainingNanos();
        if (remaining <= 0) {
            if (leased) {
                leased = false;
                limits.endLease(nowNanos);
            }
            return;
        }
        if (!leased || nowNanos - leasedUntilNanos >= 0) {
            limits.endLease(nowNanos);
            holder.lapsed();
            allocator.begin();
            leased = true;
        }
        leasedUntilNanos = nowNanos + remaining;
        limits.leaseUntil(leasedUntilNanos);
    }

    private boolean isAllocating(long nowNanos) {
        followLease(nowNanos);
        return leased && holder.allocator() == self;
    }

    private void report(long nowNanos) {
        followLease(nowNanos);
        ShareReport report = holder.report(voters, membership.promised(), nowNanos);
        if (report != null) {
            messenger.report(report.allocator(), report);
        }
    }

    /** A call waits for a place or token. */
    public void waiting(long nowNanos) {
        report(nowNanos);
    }

    /** A node reports its shares. */
    public void reported(ShareReport report, long nowNanos) {
        if (holder.allocator() != self) {
            turnToAllocator(membership.voters());
        }
        if (isAllocating(nowNanos)) {
            ShareGrant grant = allocator.report(report, nowNanos);
            if (grant != null) {
                messenger.grant(report.node(), grant);
            }
        }
    }

    /** The allocator has answered. */
    public void granted(ShareGrant grant, long nowNanos) {
        holder.granted(grant, nowNanos);
        report(nowNanos);
    }

    /** The allocator asks for a report. */
    public void poked(SharePoke poke, long nowNanos) {
        holder.poked(poke);
        report(nowNanos);
    }

    /**
     * A node that answers again, or has joined, learns all calls, and which have ended: news are lost while a link is cut, or
     * while a node does not know that it was removed.
     */
    private void greetNewNodes(long nowNanos) {
        Set<Long> present = membership.present();
        Set<Long> answering = membership.answering();
        greeted.removeIf(node -> !present.contains(node) || !answering.contains(node));
        for (long node : present) {
            if (node != self && answering.contains(node) && greeted.add(node)) {
                calls.all().nodes().stream()
                        .filter(one -> one == self || !present.contains(one))
                        .forEach(one ->
                                inParts(calls.all().of(one, nowNanos), part -> messenger.answered(node, one, part)));
                inParts(calls.endedLately(), part -> messenger.ended(node, part));
            }
        }
    }

    private static <T> void inParts(List<T> all, Consumer<List<T>> tell) {
        for (int from = 0; from < all.size(); from += MOST_IN_A_MESSAGE) {
            int to = Math.min(all.size(), from + MOST_IN_A_MESSAGE);
            tell.accept(List.copyOf(all.subList(from, to)));
        }
    }

    private List<Long> others() {
        return membership.present().stream().filter(node -> node != self).toList();
    }

    /**
     * A call of this node is about to be answered. Its answer waits, for a moment at most, until the allocator knows of
     * it, or the node that would be the next allocator: otherwise its place would be given away if this node died.
     */
    public void ownTold(AnsweredCall call, Runnable known, long nowNanos) {
        ownAnswered(call, nowNanos);
        Set<Long> answering = membership.answering();
        long next = membership.voters().stream()
                .filter(voter -> voter != self && answering.contains(voter))
                .findFirst()
                .orElse(ShareHolder.NOBODY);
        if (next == ShareHolder.NOBODY) {
            known.run();
        } else {
            ToldCall before = told.put(call.key(), new ToldCall(next, known, nowNanos));
            if (before != null) {
                before.known.run();
            }
        }
    }

    /** A node knows of these calls. */
    public void known(long node, List<Long> keys) {
        for (long key : keys) {
            ToldCall call = told.get(key);
            if (call != null && call.node == node) {
                told.remove(key);
                call.known.run();
            }
        }
    }

    /** The session ends: no answer waits any more. */
    public void stop() {
        told.values().forEach(call -> call.known.run());
        told.clear();
        limits.all().forEach(one -> one.elsewhere(0));
        limits.whileMember(() -> false);
    }

    /** A call of this node was answered. */
    public void ownAnswered(AnsweredCall call, long nowNanos) {
        calls.ownAnswered(call, nowNanos);
        others().forEach(node -> messenger.answered(node, self, List.of(call)));
    }

    /** A call has ended here, of this node or another one. */
    public void ownEnded(long key) {
        calls.ended(key);
        // Even if the call is unknown here: a node that was killed may have told only some nodes of it.
        tellEnded(List.of(key));
    }

    private void tellEnded(List<Long> keys) {
        others().forEach(node -> messenger.ended(node, keys));
    }

    /** Calls through a node, which may not run any more, were answered. */
    public void answered(long node, List<AnsweredCall> news, long nowNanos) {
        Set<Long> present = membership.present();
        List<Long> over = news.stream()
                .filter(call -> !calls.answered(node, call, present, nowNanos))
                .map(AnsweredCall::key)
                .toList();
        if (!over.isEmpty()) {
            tellEnded(over);
        }
        if (node != self) {
            messenger.known(node, news.stream().map(AnsweredCall::key).toList());
        }
    }

    /** Calls have ended at another node. */
    public void ended(List<Long> keys) {
        for (long key : keys) {
            calls.ended(key);
            if (limits.news().has(key)) {
                limits.endedElsewhere(key);
            }
        }
    }
}
