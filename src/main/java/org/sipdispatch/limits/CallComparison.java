package org.sipdispatch.limits;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/**
 * Compares the answered calls that this node knows with those that another one knows, since news may be lost. If they
 * differ for a while, both nodes tell each other those calls again; a node that knows that a call has ended answers so.
 * Calls of a third node are compared with that node alone. Not thread-safe.
 */
final class CallComparison {
    /** A group of calls is compared in parts, so that a few differences are few calls to tell. */
    private static final int BUCKETS = AnsweredCalls.BUCKETS;

    private static final int GROUPS = 3;
    /** Of one comparison; a single part may have more. */
    private static final int MOST_TOLD = 2500;
    /** About half an hour. */
    private static final int MOST_PAUSES = 1024;

    /** The last comparison with a node. */
    private static final class Compared {
        private final long[] differences = new long[GROUPS * BUCKETS];
        /** The differences about which calls were told last. */
        private final long[] told = new long[GROUPS * BUCKETS];
        /** So many comparisons pass before the calls of the same difference are sent again, and so many remain. */
        private final int[] pauses = new int[GROUPS * BUCKETS];

        private final int[] remaining = new int[GROUPS * BUCKETS];
        private int next;

        /**
         * Whether a part differs in the same way as in the last comparison. If telling its calls changes nothing, as with
         * a call that has passed both nodes, it is done more and more rarely.
         */
        private boolean isDue(int part, long difference) {
            boolean isSame = difference == differences[part];
            differences[part] = difference;
            if (difference == 0 || !isSame) {
                return false;
            }
            remaining[part] = difference == told[part] ? remaining[part] - 1 : 0;
            return remaining[part] <= 0;
        }

        private void told(int part, long difference) {
            pauses[part] = difference == told[part] ? Math.min(2 * pauses[part], MOST_PAUSES) : 2;
            remaining[part] = pauses[part];
            told[part] = difference;
        }
    }

    private final AnsweredCalls calls;
    private final long self;
    private final Map<Long, Compared> others = new HashMap<>();

    /** {@code self}: the number of this node in the cluster. */
    CallComparison(AnsweredCalls calls, long self) {
        this.calls = calls;
        this.self = self;
    }

    /** Forgets all other nodes. */
    void retain(Set<Long> present) {
        others.keySet().retainAll(present);
    }

    /** What this node knows, for another one. */
    CallDigests digests(long other, Set<Long> present) {
        return new CallDigests(
                self,
                digest(number -> number == self),
                digest(number -> number == other),
                digest(absent(other, present)));
    }

    private LongPredicate absent(long other, Set<Long> present) {
        return number -> number != self && number != other && !present.contains(number);
    }

    private List<Long> digest(LongPredicate nodes) {
        return LongStream.of(calls.hashes(nodes)).boxed().toList();
    }

    /**
     * The calls to tell the other node, by the node that has or had them: those in each part that differs in the same
     * way as in the last comparison. News that are on their way make another difference each time.
     */
    Map<Long, List<AnsweredCall>> toTell(CallDigests theirs, Set<Long> present, long nowNanos) {
        long other = theirs.node();
        List<LongPredicate> groups =
                List.of(number -> number == self, number -> number == other, absent(other, present));
        List<Long> known = concat(List.of(theirs.yours(), theirs.own(), theirs.absent()));
        List<Long> mine = concat(groups.stream().map(this::digest).toList());
        Map<Long, List<AnsweredCall>> told = new HashMap<>();
        if (known.size() != mine.size()) {
            return told;
        }
        Compared last = others.computeIfAbsent(other, unused -> new Compared());
        int begin = last.next;
        int most = MOST_TOLD;
        for (int i = 0; i < mine.size(); i++) {
            int part = (begin + i) % mine.size();
            long difference = mine.get(part) ^ known.get(part);
            if (last.isDue(part, difference) && most > 0) {
                last.told(part, difference);
                most -= calls.collect(groups.get(part / BUCKETS), part % BUCKETS, nowNanos, told);
                last.next = part + 1;
            }
        }
        return told;
    }

    private static List<Long> concat(List<List<Long>> lists) {
        List<Long> all = new ArrayList<>();
        lists.forEach(all::addAll);
        return all;
    }
}
