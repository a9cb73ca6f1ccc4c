package org.sipdispatch.limits;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The answered calls of all nodes in one session of this node, and those that have ended lately: the news of a call may
 * arrive after that of its end. Not thread-safe.
 */
final class CallsOfNodes {
    private static final int MOST_ENDED = 10_000;
    private static final long EXPIRY_NANOS = 10_000_000_000L;

    private final NodeLimits limits;
    private final long self;
    private final AnsweredCalls all = new AnsweredCalls();
    private final Map<Long, Boolean> ended = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
            return size() > MOST_ENDED;
        }
    };
    private long expiredNanos;

    /** {@code self}: the number of this node in the cluster. */
    CallsOfNodes(NodeLimits limits, long self) {
        this.limits = limits;
        this.self = self;
        limits.news().begin(self);
    }

    AnsweredCalls all() {
        return all;
    }

    /**
     * A call was answered; one of this node, as another node knows it from an earlier session, remains that of this node.
     *
     * @return false if it has ended already
     */
    boolean answered(long node, AnsweredCall call, long nowNanos) {
        if (node != self && limits.news().isOver(node, call.key())) {
            ended.put(call.key(), Boolean.TRUE);
        }
        if (ended.containsKey(call.key())) {
            return false;
        }
        if (node == self || !limits.news().has(call.key())) {
            all.add(node, call, nowNanos);
        }
        return true;
    }

    /** A call has ended; returns whether that is news. */
    boolean ended(long key) {
        all.remove(key);
        return ended.put(key, Boolean.TRUE) == null;
    }

    /** The calls that have ended lately. */
    List<Long> endedLately() {
        return List.copyOf(ended.keySet());
    }

    /** Removes the calls that have exceeded their longest time, every ten seconds. */
    void expire(long nowNanos) {
        if (nowNanos - expiredNanos >= EXPIRY_NANOS) {
            expiredNanos = nowNanos;
            all.expire(nowNanos);
        }
    }
}
