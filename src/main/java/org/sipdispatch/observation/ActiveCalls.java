package org.sipdispatch.observation;

import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.GenerationCache;
import org.sipdispatch.transaction.LongMap;
import org.sipdispatch.transaction.TimerWheel;

/**
 * The calls that go on at destinations: answered with a 2xx through this lane, and no BYE seen yet. Keyed by a hash
 * of the Call-ID, in the order in which they began. When there are too many the oldest are let go, and so are
 * those that last too long, since a BYE may get lost.
 */
public final class ActiveCalls {
    /** How many calls that have ended are remembered, so that a 2xx that is repeated late does not open them again. */
    private static final int MOST_ENDED = 65_536;

    /** One that goes on, between those that began before and after it. */
    private static final class OpenCall {
        private final long key;
        private final DestinationCounters at;
        private final long sinceMs;
        private OpenCall before;
        private OpenCall after;

        OpenCall(long key, DestinationCounters at, long sinceMs) {
            this.key = key;
            this.at = at;
            this.sinceMs = sinceMs;
        }
    }

    private final EventClock clock;
    private final TimerWheel timers;
    private final LimitReporter limits;
    private final int most;
    private final long longestMs;
    private final LongMap<OpenCall> calls = new LongMap<>(1024);
    private final GenerationCache<Boolean> ended;
    private final TimerWheel.Timer expiry = TimerWheel.timer(this::onExpiry);
    private OpenCall first;
    private OpenCall last;

    /**
     * Prepares for no calls.
     *
     * @param most how many calls are counted
     * @param longestMs how long a call is counted, in milliseconds
     * @param endedMs how long a call that has ended is remembered, in milliseconds
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

    /** An INVITE was answered with a 2xx, perhaps not for the first time. */
    public void answered(long key, DestinationCounters at) {
        if (calls.get(key) != null || ended.get(key) != null) {
            return;
        }
        if (calls.size() >= most) {
            limits.hit(
                    Limit.CALL_MEMORY,
                    () -> most + " in lane " + limits.lane()
                            + " (expected: room for all calls that go on); the oldest are counted no longer");
            remove(first);
        }
        OpenCall call = new OpenCall(key, at, clock.nowMs());
        calls.put(key, call);
        call.before = last;
        if (last == null) {
            first = call;
        } else {
            last.after = call;
        }
        last = call;
        at.addOpenCalls(1);
        if (!expiry.isSet()) {
            timers.set(expiry, clock.nowMs() + longestMs);
        }
    }

    /** A BYE went by, perhaps not for the first time. */
    public void ended(long key) {
        OpenCall call = calls.get(key);
        if (call != null) {
            remove(call);
            ended.put(key, Boolean.TRUE, clock.nowMs());
        }
    }

    private void remove(OpenCall call) {
        calls.remove(call.key);
        if (call.before == null) {
            first = call.after;
        } else {
            call.before.after = call.after;
        }
        if (call.after == null) {
            last = call.before;
        } else {
            call.after.before = call.before;
        }
        call.at.addOpenCalls(-1);
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
