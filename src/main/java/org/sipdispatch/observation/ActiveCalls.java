package org.sipdispatch.observation;

import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.GenerationCache;
import org.sipdispatch.transaction.LongMap;
import org.sipdispatch.transaction.TimerWheel;

/**
 * The active calls of destinations: answered with a 2xx through this lane, without a BYE yet. Keyed by a hash of the
 * Call-ID, in the order in which they were answered. The oldest calls are dropped when there are too many, and so are
 * calls that exceed the longest duration, because a BYE may get lost.
 */
public final class ActiveCalls {
    /** How many ended calls are remembered, so that a late retransmission of a 2xx does not count them again. */
    private static final int MOST_ENDED = 65_536;

    /** An active call, linked to its neighbours in order of age. */
    private static final class ActiveCall {
        private final long key;
        private final DestinationCounters counters;
        private final long sinceMs;
        private ActiveCall previous;
        private ActiveCall next;

        ActiveCall(long key, DestinationCounters at, long sinceMs) {
            this.key = key;
            this.counters = at;
            this.sinceMs = sinceMs;
        }
    }

    private final EventClock clock;
    private final TimerWheel timers;
    private final LimitReporter limits;
    private final int most;
    private final long longestMs;
    private final LongMap<ActiveCall> calls = new LongMap<>(1024);
    private final GenerationCache<Boolean> ended;
    private final TimerWheel.Timer expiry = TimerWheel.timer(this::onExpiry);
    private ActiveCall first;
    private ActiveCall last;

    /**
     * Creates an empty instance.
     *
     * @param most the maximum number of calls to count
     * @param longestMs how long a call is counted at most, in milliseconds
     * @param endedMs how long an ended call is remembered, in milliseconds
     */
    public ActiveCalls(
            EventClock clock, TimerWheel timers, LimitReporter limits, int most, long longestMs, long endedMs) {
        this.clock = clock;
        this.timers = timers;
        this.limits = limits;
        this.most = most;
        this.longestMs = longestMs;
        ended = new GenerationCache<>(MOST_ENDED, endedMs, clock.nowMs());
    }

    /** A 2xx to an INVITE was received, possibly not the first one. */
    public void answered(long key, DestinationCounters at) {
        if (calls.get(key) != null || ended.get(key) != null) {
            return;
        }
        if (calls.size() >= most) {
            limits.hit(
                    Limit.CALL_MEMORY,
                    () -> most + " in lane " + limits.lane()
                            + " (expected: capacity for all active calls); the oldest are no longer counted");
            remove(first);
        }
        ActiveCall call = new ActiveCall(key, at, clock.nowMs());
        calls.put(key, call);
        call.previous = last;
        if (last == null) {
            first = call;
        } else {
            last.next = call;
        }
        last = call;
        at.addOpenCalls(1);
        if (!expiry.isSet()) {
            timers.set(expiry, clock.nowMs() + longestMs);
        }
    }

    /** A BYE was received, possibly not the first one. */
    public void ended(long key) {
        ActiveCall call = calls.get(key);
        if (call != null) {
            call.counters.callEnded(clock.nowMs() - call.sinceMs);
            remove(call);
            ended.put(key, Boolean.TRUE, clock.nowMs());
        }
    }

    private void remove(ActiveCall call) {
        calls.remove(call.key);
        if (call.previous == null) {
            first = call.next;
        } else {
            call.previous.next = call.next;
        }
        if (call.next == null) {
            last = call.previous;
        } else {
            call.next.previous = call.previous;
        }
        call.counters.addOpenCalls(-1);
    }

    private void onExpiry(long nowMs) {
        long beganMs = nowMs - longestMs;
        while (first != null && first.sinceMs <= beganMs) {
            remove(first);
        }
        if (first != null) {
            timers.set(expiry, first.sinceMs + longestMs);
        }
    }
}
