package org.sipdispatch.transport;

import java.net.InetSocketAddress;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.Limits;
import org.sipdispatch.proxy.RelayLane;
import org.sipdispatch.sets.SetActor;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lane as its socket actors see it. All actors of a lane run on one thread, so they call it directly; a message
 * through a mailbox would cost more than all other work on a packet. An exception of the relay is caught here, so that
 * it fails only the request that caused it, not the socket or the lane.
 */
final class LaneInlet {
    private static final Logger LOG = LoggerFactory.getLogger(LaneInlet.class);
    private static final long SILENT_MS = 10_000;
    private static final long NANOS_OF_MS = 1_000_000;

    /** The lane ticks every 100 ms at least; a longer gap means that the lane or the process had no processor time. */
    private static final long STOOD_STILL_MS = 300;

    private final LaneCounters counters;
    private RelayLane lane;
    private long logAgainAtMs;
    private long lastMs = System.nanoTime() / 1_000_000;
    private long skippedMs;

    LaneInlet(LaneCounters counters) {
        this.counters = counters;
        logAgainAtMs = nowMs();
    }

    /** The node's limits. */
    Limits limits() {
        return counters.limits();
    }

    /** Milliseconds of the clock for {@link Limits}: monotonic, the same for all lanes, and without skipped pauses. */
    static long monotonicMs() {
        return nowMicros() / 1_000;
    }

    void open(RelayLane opened) {
        lane = opened;
    }

    /**
     * Milliseconds of a monotonic clock that skips the lane's pauses. Otherwise all timers would fire after a pause
     * before the responses that arrived meanwhile are read.
     */
    long nowMs() {
        long now = System.nanoTime() / 1_000_000;
        if (now - lastMs > STOOD_STILL_MS) {
            skippedMs += now - lastMs - STOOD_STILL_MS;
        }
        lastMs = now;
        return now - skippedMs;
    }

    static long nowMicros() {
        return System.nanoTime() / 1_000;
    }

    void received(byte[] bytes, int offset, int length, Flow flow) {
        try {
            lane.received(bytes, offset, length, flow, nowMs());
        } catch (RuntimeException | StackOverflowError e) {
            fault("a message from " + flow.source(), e);
            respondToFault(bytes, offset, length, flow);
        }
    }

    /** Sends a response, so that the sender need not wait for a transaction that an exception has ended. */
    private void respondToFault(byte[] bytes, int offset, int length, Flow flow) {
        try {
            lane.failed(bytes, offset, length, flow, nowMs());
        } catch (RuntimeException | StackOverflowError e) {
            fault("the response to a message from " + flow.source(), e);
        }
    }

    void refuse(byte[] bytes, Flow flow, int code, String reason) {
        try {
            lane.refuse(bytes, flow, code, reason, nowMs());
        } catch (RuntimeException | StackOverflowError e) {
            fault("a message from " + flow.source(), e);
        }
    }

    void unreachable(NextHop hop) {
        lost(hop, sent -> true, SendFailure.UNREACHABLE, "");
    }

    /**
     * No more responses will come from this hop; transactions that wait for one fail over.
     *
     * @param carried whether the messages to this hop were sent on a path that brings no more responses
     * @param detail more about the failure; empty for nothing
     */
    void lost(NextHop hop, Predicate<NextHop> carried, SendFailure why, String detail) {
        try {
            lane.transportError(hop, carried, why, detail, nowMs());
        } catch (RuntimeException | StackOverflowError e) {
            fault("the failure of hop " + hop.remote(), e);
        }
    }

    void notSent(byte[] message, InetSocketAddress remote, SendFailure why) {
        notSent(message, remote, why, "");
    }

    /** A message that the transport had accepted could not be sent. {@code detail}: more about why; empty for nothing. */
    void notSent(byte[] message, InetSocketAddress remote, SendFailure why, String detail) {
        try {
            lane.notSent(message, remote, why, detail, nowMs());
        } catch (RuntimeException | StackOverflowError e) {
            fault("a message that could not be sent to " + remote, e);
        }
    }

    void selected(SetActor.Selected selected) {
        try {
            lane.selected(selected, nowMs());
        } catch (RuntimeException | StackOverflowError e) {
            fault("a set's selection", e);
        }
    }

    void resume(Runnable continuation) {
        try {
            lane.resume(continuation, nowMs());
        } catch (RuntimeException | StackOverflowError e) {
            fault("a resolved name", e);
        }
    }

    /** Runs a task of another thread on the lane. */
    void run(ObjLongConsumer<RelayLane> what) {
        try {
            what.accept(lane, nowMs());
        } catch (RuntimeException | StackOverflowError e) {
            fault("an order", e);
        }
    }

    /** {@code behindNanos}: everything that arrived longer ago has been passed to the lane. */
    void tick(long behindNanos) {
        try {
            long now = nowMs();
            lane.tick(now, now - (behindNanos + NANOS_OF_MS - 1) / NANOS_OF_MS);
        } catch (RuntimeException | StackOverflowError e) {
            fault("a timer", e);
        }
    }

    /** Whether {@link #tick} has nothing to do for so many ticks of the lane, unless messages or tasks arrive. */
    boolean isIdleFor(int ticks) {
        return lane.isIdleFor(ticks);
    }

    /** Counts a message that was dropped because another lane's queue is full. */
    void overload() {
        counters.add(LaneCounter.OVERLOADS);
        limits().hit(
                        Limit.LANE_QUEUE,
                        monotonicMs(),
                        () -> "too many (expected: 4096 at most); further ones were dropped");
    }

    /** Logs at intervals, so that a sender that can trigger the fault cannot fill the log. */
    private void fault(String what, Throwable e) {
        counters.add(LaneCounter.FAULTS);
        if (nowMs() >= logAgainAtMs) {
            logAgainAtMs = nowMs() + SILENT_MS;
            LOG.error("{} could not be handled", what, e);
        }
    }
}
