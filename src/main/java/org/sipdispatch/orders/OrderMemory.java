package org.sipdispatch.orders;

import java.util.LinkedHashMap;
import java.util.Map;
import org.sipdispatch.orders.OrderOutcome.OrderState;

/** Outcomes of the last 1000 orders that were sent through this node. Thread-safe. */
final class OrderMemory<T> {
    static final int MOST = 1000;

    /**
     * One order.
     *
     * @param attempt the last attempt: the same order may be sent again
     * @param answer its answer; null unless it was done
     */
    private record RememberedOrder<T>(OrderOutcome outcome, Object attempt, T answer) {}

    private final Map<String, RememberedOrder<T>> entries = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RememberedOrder<T>> eldest) {
            return size() > MOST;
        }
    };

    /** Records that the order is sent, possibly again. */
    synchronized void begun(OrderRequest order, Object attempt) {
        entries.remove(order.name());
        entries.put(
                order.name(),
                new RememberedOrder<>(order.ended(OrderState.WAITING, "order: waiting for its answer"), attempt, null));
    }

    /** Records that the order was executed; final, whichever attempt was the last. */
    synchronized void done(OrderRequest order, T answer) {
        OrderOutcome done = order.ended(OrderState.DONE, "").done();
        entries.put(order.name(), new RememberedOrder<>(done, null, answer));
    }

    /** Records that the attempt ended without execution, unless a newer attempt has started. */
    synchronized void ended(OrderRequest order, Object attempt, OrderState state, String message) {
        RememberedOrder<T> known = entries.get(order.name());
        if (known == null || known.attempt() == attempt) {
            entries.put(order.name(), new RememberedOrder<>(order.ended(state, message), attempt, null));
        }
    }

    /** The outcome of the order; null if it is not remembered. */
    synchronized OrderOutcome outcome(String name) {
        RememberedOrder<T> known = entries.get(name);
        return known == null ? null : known.outcome();
    }

    /** The answer to the order; null unless it was done. */
    synchronized T answer(String name) {
        RememberedOrder<T> known = entries.get(name);
        return known == null ? null : known.answer();
    }
}
