package org.sipdispatch.observation;

import org.sipdispatch.limits.CallHold;
import org.sipdispatch.limits.NodeLimits;
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
    /** The parties measure the session interval themselves. */
    private static final long SESSION_GRACE_MS = 10_000;

    /** An active call, linked to its neighbours in order of age. */
    private static final class ActiveCall {
        private final long key;
        private final DestinationCounters counters;
        private final long sinceMs;
        /** Its places in limits; null for none. */
        private CallHold places;
        /** Ends the call if its session is not refreshed; null if it has had no timer. */
        private TimerWheel.Timer session;

        private ActiveCall previous;
        private ActiveCall next;

        ActiveCall(long key, DestinationCounters at, long sinceMs) {
            this.key = key;
            this.counters = at;
            this.sinceMs = sinceMs;
        }

        /** A call that passes this node twice has places of both destinations. */
        private void keep(CallHold more, long longestMs) {
            if (more == null || more == places) {
                return;
            } else if (places == null && more.isOfCall()) {
                // The places of the source are those of the first one of several calls that a fork has begun.
                return;
            } else if (places == null) {
                places = more;
                places.answered(key, longestMs);
            } else {
                places.join(more);
            }
        }
    }

    private final EventClock clock;
    private final TimerWheel timers;
    private final LimitReporter limits;
    private final int most;
    private final long longestMs;
    private final LongMap<ActiveCall> calls = new LongMap<>(1024);
    private final GenerationCache<Boolean> ended;
    private final NodeLimits ofCalls;
    private final EndingCalls ending;
    private final TimerWheel.Timer expiry = TimerWheel.timer(this::onExpiry);
    private ActiveCall first;
    private ActiveCall last;
    /** The number of calls with places in limits. */
    private int withPlaces;

    /**
     * Creates an empty instance.
     *
     * @param ofCalls the limits of calls, which learn of BYEs of unknown calls
     * @param most the maximum number of calls to count
     * @param longestMs how long a call is counted at most, in milliseconds
     * @param endedMs how long an ended call is remembered, and how long it keeps its places in limits if its BYE is not
     *     answered, in milliseconds
     */
    public ActiveCalls(
            EventClock clock,
            TimerWheel timers,
            LimitReporter limits,
            NodeLimits ofCalls,
            int most,
            long longestMs,
            long endedMs) {
        this.clock = clock;
        this.ofCalls = ofCalls;
        this.timers = timers;
        this.limits = limits;
        this.most = most;
        this.longestMs = longestMs;
        ended = new GenerationCache<>(MOST_ENDED, endedMs, clock.nowMs());
        ending = new EndingCalls(clock, timers, endedMs);
    }

    /** A 2xx to an INVITE without places in limits was received, possibly not the first one. */
    public void answered(long key, DestinationCounters at) {
        answered(key, at, null, null);
    }

    /**
     * A 2xx to an INVITE was received, possibly not the first one.
     *
     * @param ofDestination the call's place in the limits of its destination; null for none
     * @param ofSource the one in those of its source; null for none
     */
    public void answered(long key, DestinationCounters at, CallHold ofDestination, CallHold ofSource) {
        ActiveCall call = calls.get(key);
        if (ended.get(key) != null) {
            return;
        }
        call = call == null ? add(key, at) : call;
        withPlaces -= call.places == null ? 0 : 1;
        call.keep(ofDestination, longestMs);
        call.keep(ofSource, longestMs);
        withPlaces += call.places == null ? 0 : 1;
    }

    /** Whether calls have places in limits, which depend on {@link #refreshed}. */
    public boolean hasPlaces() {
        return withPlaces > 0;
    }

    /**
     * A 2xx to an INVITE or UPDATE says how long the session lasts unless it is refreshed again (RFC 4028 section 8). A
     * call with places in limits ends then.
     *
     * @param seconds the session interval; 0 for a session without a timer
     */
    public void refreshed(long key, long seconds) {
        ActiveCall call = calls.get(key);
        if (call == null || call.places == null || call.session == null && seconds == 0) {
            return;
        }
        if (call.session == null) {
            call.session = TimerWheel.timer(nowMs -> sessionExpired(key));
        }
        timers.cancel(call.session);
        if (seconds > 0) {
            timers.set(call.session, clock.nowMs() + seconds * 1000 + SESSION_GRACE_MS);
        }
    }

    private ActiveCall add(long key, DestinationCounters at) {
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
        return call;
    }

    /** A BYE was received, possibly not the first one. */
    public void ended(long key) {
        ActiveCall call = calls.get(key);
        if (call != null) {
            CallHold places = call.places;
            call.places = null;
            withPlaces -= places == null ? 0 : 1;
            end(call);
            if (places != null) {
                ending.add(key, places);
            }
        } else if (ended.get(key) == null) {
            endedUnknown(key);
        }
    }

    /** Another node may have the call. */
    private void endedUnknown(long key) {
        CallHold elsewhere = ofCalls.ofOtherNode(key);
        if (elsewhere != null) {
            ended.put(key, Boolean.TRUE, clock.nowMs());
            ending.add(key, elsewhere);
        }
    }

    /** The BYE of a call has passed another node. */
    public void endedElsewhere(long key) {
        ActiveCall call = calls.get(key);
        if (call != null) {
            end(call);
        }
    }

    /** A BYE says how long the call has lasted. */
    private void end(ActiveCall call) {
        call.counters.callEnded(clock.nowMs() - call.sinceMs);
        forget(call);
    }

    /** The session of a call was not refreshed: when the call ended is unknown. */
    private void sessionExpired(long key) {
        ActiveCall call = calls.get(key);
        if (call != null) {
            forget(call);
        }
    }

    /** The end of the call is not counted again. */
    private void forget(ActiveCall call) {
        remove(call);
        ended.put(call.key, Boolean.TRUE, clock.nowMs());
    }

    /** Whether the places of a call in limits depend on the answer to its BYE. */
    public boolean awaitsByeAnswer() {
        return !ending.isEmpty();
    }

    /** A BYE got a final response that is no challenge. */
    public void byeAnswered(long key) {
        ending.answered(key);
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
        if (call.session != null) {
            timers.cancel(call.session);
        }
        if (call.places != null) {
            withPlaces--;
            call.places.ended();
        }
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
