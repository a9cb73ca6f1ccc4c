package org.sipdispatch.limits;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * The answered calls of all nodes that have places in limits, also of nodes that do not run any more: their calls continue
 * between the user agents. Not thread-safe. All times are nanoseconds of the same monotonic clock.
 */
public final class AnsweredCalls implements Allocator.CallsOfOthers {
    /** The calls of each node are in so many buckets, by their keys. */
    static final int BUCKETS = 16;

    private static final long MS = 1_000_000;

    private record Entry(long node, List<String> limits, long endNanos) {
        Entry with(Entry before) {
            return new Entry(
                    node,
                    before.limits.size() > limits.size() ? before.limits : limits,
                    before.endNanos - endNanos > 0 ? before.endNanos : endNanos);
        }
    }

    /** The calls of one node. */
    private static final class OfNode {
        private final Map<String, Integer> ofLimits = new HashMap<>();
        private final long[] hashes = new long[BUCKETS];
        private int calls;

        void add(long key, Entry entry, int sign) {
            calls += sign;
            hashes[bucket(key)] ^= hash(key, entry);
            for (String limit : entry.limits) {
                ofLimits.merge(limit, sign, (before, change) -> before + change == 0 ? null : before + change);
            }
        }
    }

    private final Map<Long, Entry> calls = new HashMap<>();
    private final Map<Long, OfNode> counts = new HashMap<>();

    private static int bucket(long key) {
        return (int) Math.floorMod(key, (long) BUCKETS);
    }

    /** The same on all nodes; the sum of several shows which of them there are (finalizer of SplitMix64). */
    private static long hash(long key, Entry entry) {
        long z = key + entry.limits.hashCode() * 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    /** Adds a call of a node. If it is known, it counts for the longer time, and in the limits of the longer list. */
    public void add(long node, AnsweredCall call, long nowNanos) {
        Entry news = new Entry(node, call.limits(), nowNanos + call.longestMs() * MS);
        Entry before = calls.get(call.key());
        remove(call.key());
        Entry entry = before == null ? news : news.with(before);
        calls.put(call.key(), entry);
        counts.computeIfAbsent(node, unused -> new OfNode()).add(call.key(), entry, 1);
    }

    /** The number of the node that has a call; null if it is unknown. */
    Long nodeOf(long key) {
        Entry entry = calls.get(key);
        return entry == null ? null : entry.node;
    }

    /** Removes a call that has ended; does nothing if it is unknown. */
    public void remove(long key) {
        Entry entry = calls.remove(key);
        if (entry == null) {
            return;
        }
        OfNode ofNode = counts.get(entry.node);
        ofNode.add(key, entry, -1);
        if (ofNode.calls == 0) {
            counts.remove(entry.node);
        }
    }

    /** Removes the calls that have exceeded their longest time. */
    public void expire(long nowNanos) {
        List<Long> over = new ArrayList<>();
        calls.forEach((key, entry) -> {
            if (entry.endNanos - nowNanos <= 0) {
                over.add(key);
            }
        });
        over.forEach(this::remove);
    }

    /** The calls of a node. */
    public List<AnsweredCall> of(long node, long nowNanos) {
        List<AnsweredCall> all = new ArrayList<>();
        calls.forEach((key, entry) -> {
            if (entry.node == node) {
                all.add(call(key, entry, nowNanos));
            }
        });
        return all;
    }

    /** A hash of the calls in each bucket, of all of these nodes together. */
    long[] hashes(LongPredicate nodes) {
        long[] sum = new long[BUCKETS];
        counts.forEach((node, ofNode) -> {
            for (int i = 0; nodes.test(node) && i < BUCKETS; i++) {
                sum[i] ^= ofNode.hashes[i];
            }
        });
        return sum;
    }

    /** Adds the calls of these nodes in a bucket to {@code to}, by node; returns how many there are. */
    int collect(LongPredicate nodes, int bucket, long nowNanos, Map<Long, List<AnsweredCall>> to) {
        int[] sum = new int[1];
        calls.forEach((key, entry) -> {
            if (bucket(key) == bucket && nodes.test(entry.node)) {
                sum[0]++;
                to.computeIfAbsent(entry.node, unused -> new ArrayList<>()).add(call(key, entry, nowNanos));
            }
        });
        return sum[0];
    }

    private static AnsweredCall call(long key, Entry entry, long nowNanos) {
        return new AnsweredCall(key, Math.max(0, (entry.endNanos - nowNanos) / MS), entry.limits);
    }

    /** The nodes that have or had calls. */
    public Set<Long> nodes() {
        return Set.copyOf(counts.keySet());
    }

    public int size() {
        return calls.size();
    }

    @Override
    public int outside(Set<Long> nodes, String limit) {
        int sum = 0;
        for (Map.Entry<Long, OfNode> one : counts.entrySet()) {
            sum += nodes.contains(one.getKey()) ? 0 : one.getValue().ofLimits.getOrDefault(limit, 0);
        }
        return sum;
    }
}
