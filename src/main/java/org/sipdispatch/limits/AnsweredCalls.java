package org.sipdispatch.limits;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The answered calls of all nodes that have places in limits, also of nodes that do not run any more: their calls continue
 * between the user agents. Not thread-safe. All times are nanoseconds of the same monotonic clock.
 */
public final class AnsweredCalls implements Allocator.CallsOfOthers {
    private static final long MS = 1_000_000;

    private record Entry(long node, List<String> limits, long endNanos) {}

    private final Map<Long, Entry> calls = new HashMap<>();
    private final Map<Long, Map<String, Integer>> counts = new HashMap<>();

    /** Adds a call of a node; replaces what was known of it. */
    public void add(long node, AnsweredCall call, long nowNanos) {
        remove(call.key());
        calls.put(call.key(), new Entry(node, call.limits(), nowNanos + call.longestMs() * MS));
        Map<String, Integer> ofNode = counts.computeIfAbsent(node, unused -> new HashMap<>());
        call.limits().forEach(limit -> ofNode.merge(limit, 1, Integer::sum));
    }

    /** Removes a call that has ended; does nothing if it is unknown. */
    public void remove(long key) {
        Entry entry = calls.remove(key);
        if (entry == null) {
            return;
        }
        Map<String, Integer> ofNode = counts.get(entry.node);
        entry.limits.forEach(limit -> ofNode.computeIfPresent(limit, (name, count) -> count == 1 ? null : count - 1));
        if (ofNode.isEmpty()) {
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
                all.add(new AnsweredCall(key, Math.max(0, (entry.endNanos - nowNanos) / MS), entry.limits));
            }
        });
        return all;
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
        for (Map.Entry<Long, Map<String, Integer>> one : counts.entrySet()) {
            sum += nodes.contains(one.getKey()) ? 0 : one.getValue().getOrDefault(limit, 0);
        }
        return sum;
    }
}
