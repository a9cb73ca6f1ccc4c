package org.sipdispatch.orders;

import java.util.LinkedHashMap;
import java.util.Map;
import org.sipdispatch.orders.OrderOutcome.End;

/** What became of the last orders that were given through this node. Thread-safe. */
final class OrderMemory<T> {
    static final int MOST = 1000;

    /**
     * One order.
     *
     * @param attempt who gave it last: the same order may be given again
     * @param answer what it was answered; null unless it was done
     */
    private record Entry<T>(OrderOutcome outcome, Object attempt, T answer) {}

    private final Map<String, Entry<T>> entries = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Entry<T>> eldest) {
            return size() > MOST;
        }
    };

    /** It is given now, perhaps not for the first time. */
    synchronized void begun(GivenOrder order, Object attempt) {
        entries.remove(order.name());
        entries.put(
                order.name(), new Entry<>(order.ended(End.WAITING, "order: its answer is waited for"), attempt, null));
    }

    /** It was executed, whoever gave it last: that stands. */
    synchronized void done(GivenOrder order, T answer) {
        OrderOutcome done = order.ended(End.DONE, "").done();
        entries.put(order.name(), new Entry<>(done, null, answer));
    }

    /** That attempt has ended otherwise, perhaps after a newer one has begun. */
    synchronized void ended(GivenOrder order, Object attempt, End end, String message) {
        Entry<T> known = entries.get(order.name());
        if (known == null || known.attempt() == attempt) {
            entries.put(order.name(), new Entry<>(order.ended(end, message), attempt, null));
        }
    }

    /** Null if it is not remembered. */
    synchronized OrderOutcome outcome(String name) {
        Entry<T> known = entries.get(name);
        return known == null ? null : known.outcome();
    }

    /** What that order was answered; null unless it was done. */
    synchronized T answer(String name) {
        Entry<T> known = entries.get(name);
        return known == null ? null : known.answer();
    }
}
