package org.sipdispatch.relay;

/**
 * The calls that go on at destinations: answered with a 2xx through this lane, and no BYE seen yet. Keyed by a hash
 * of the Call-ID, in the order in which they began. When there are too many the oldest are let go, and so are
 * those that last too long, since a BYE may get lost.
 */
final class OpenCalls {
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

    private final Lane lane;
    private final LongMap<OpenCall> calls = new LongMap<>(1024);
    private final RecentMemory<Boolean> ended;
    private final TimerWheel.Timer longest = Lane.timer(this::onLongest);
    private OpenCall first;
    private OpenCall last;

    OpenCalls(Lane lane) {
        this.lane = lane;
        ended = new RecentMemory<>(MOST_ENDED, lane.settings.transactionMs(), lane.nowMs);
    }

    /** An INVITE was answered with a 2xx, perhaps not for the first time. */
    void answered(long key, DestinationCounters at) {
        if (calls.get(key) != null || ended.get(key) != null) {
            return;
        }
        if (calls.size() >= lane.settings.callMemory()) {
            lane.hit(
                    Limit.CALL_MEMORY,
                    () -> lane.settings.callMemory() + " in lane " + lane.setup.lane()
                            + " (expected: room for all calls that go on); the oldest are counted no longer");
            remove(first);
        }
        OpenCall call = new OpenCall(key, at, lane.nowMs);
        calls.put(key, call);
        call.before = last;
        if (last == null) {
            first = call;
        } else {
            last.after = call;
        }
        last = call;
        at.addOpenCalls(1);
        if (!longest.isSet()) {
            lane.timers.set(longest, lane.nowMs + lane.settings.callLongestMs());
        }
    }

    /** A BYE went by, perhaps not for the first time. */
    void ended(long key) {
        OpenCall call = calls.get(key);
        if (call != null) {
            remove(call);
            ended.put(key, Boolean.TRUE, lane.nowMs);
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

    private void onLongest(long nowMs) {
        long beganMs = nowMs - lane.settings.callLongestMs();
        while (first != null && first.sinceMs <= beganMs) {
            remove(first);
        }
        if (first != null) {
            lane.timers.set(longest, first.sinceMs + lane.settings.callLongestMs());
        }
    }
}
