package org.sipdispatch.observation;

import java.util.ArrayDeque;
import java.util.Deque;
import org.sipdispatch.limits.CallHold;
import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.LongMap;
import org.sipdispatch.transaction.TimerWheel;

/**
 * Calls whose BYE has passed. They keep their places in limits until the BYE is answered, because the other party has
 * the call until it receives the BYE, which may be lost and repeated.
 */
final class EndingCalls {
    /** More at a time are no calls of ordinary traffic: the oldest lose their places at once. */
    static final int MOST = 65_536;

    private record EndingCall(long key, CallHold places, long dueMs) {}

    private final EventClock clock;
    private final TimerWheel timers;
    private final long longestMs;
    private final LongMap<CallHold> byKey = new LongMap<>(64);
    private final Deque<EndingCall> inOrder = new ArrayDeque<>();
    private final TimerWheel.Timer expiry = TimerWheel.timer(this::onExpiry);

    /** {@code longestMs}: how long a BYE may remain without an answer, in milliseconds. */
    EndingCalls(EventClock clock, TimerWheel timers, long longestMs) {
        this.clock = clock;
        this.timers = timers;
        this.longestMs = longestMs;
    }

    boolean isEmpty() {
        return byKey.size() == 0;
    }

    /** A call that was counted again, because its first end was forgotten, ends for the second time. */
    void add(long key, CallHold places) {
        CallHold before = byKey.get(key);
        if (before != null) {
            before.ended();
        }
        if (inOrder.size() >= MOST) {
            endOldest();
        }
        byKey.put(key, places);
        inOrder.add(new EndingCall(key, places, clock.nowMs() + longestMs));
        if (!expiry.isSet()) {
            timers.set(expiry, clock.nowMs() + longestMs);
        }
    }

    /** The BYE of the call was answered. */
    void answered(long key) {
        CallHold places = byKey.get(key);
        if (places != null) {
            byKey.remove(key);
            places.ended();
        }
        if (isEmpty()) {
            inOrder.clear();
        }
    }

    private void endOldest() {
        EndingCall call = inOrder.remove();
        if (byKey.get(call.key) == call.places) {
            byKey.remove(call.key);
            call.places.ended();
        }
    }

    private void onExpiry(long nowMs) {
        while (!inOrder.isEmpty() && inOrder.peek().dueMs <= nowMs) {
            endOldest();
        }
        if (!inOrder.isEmpty()) {
            timers.set(expiry, inOrder.peek().dueMs);
        }
    }
}
