package org.sipdispatch.limits;

import java.util.List;
import java.util.Set;

/** The answered calls of all nodes in one session of this node. Not thread-safe. */
final class CallsOfNodes {
    private static final int MOST_ENDED = 10_000;
    private static final long EXPIRY_NANOS = 10_000_000_000L;

    private final CallNews news;
    private final long self;
    private final AnsweredCalls all = new AnsweredCalls();
    private long expiredNanos;

    /** {@code self}: the number of this node in the cluster. */
    CallsOfNodes(CallNews news, long self) {
        this.news = news;
        this.self = self;
        news.begin(self);
    }

    AnsweredCalls all() {
        return all;
    }

    /** A call of this node was answered. */
    void ownAnswered(AnsweredCall call, long nowNanos) {
        if (!news.isOver(self, call.key())) {
            all.add(self, call, nowNanos);
        }
    }

    /**
     * A node tells of a call. One of this node, as another node knows it from an earlier session, remains that of this
     * node.
     *
     * @param node the number of the node that has the call, or had it when it was in the cluster
     * @param present the nodes of the cluster: a call that one of them has is not that of another one
     * @return false if the call has ended already
     */
    boolean answered(long node, AnsweredCall call, Set<Long> present, long nowNanos) {
        if (news.isOver(node, call.key())) {
            return false;
        }
        Long before = all.nodeOf(call.key());
        boolean isOfPresent = before != null && before != node && present.contains(before) && !present.contains(node);
        if (!news.has(call.key()) && call.longestMs() > 0) {
            all.add(isOfPresent ? before : node, call, nowNanos);
        }
        return true;
    }

    /** A call has ended; does nothing if it is unknown. */
    void ended(long key) {
        news.endedElsewhere(key);
        all.remove(key);
    }

    /** The calls that have ended lately. */
    List<Long> endedLately() {
        return news.endedLately(MOST_ENDED);
    }

    /** Removes the calls that have exceeded their longest time, every ten seconds. */
    void expire(long nowNanos) {
        if (nowNanos - expiredNanos >= EXPIRY_NANOS) {
            expiredNanos = nowNanos;
            all.expire(nowNanos);
        }
    }
}
