package org.sipdispatch.transport;

import java.net.InetSocketAddress;
import java.util.function.ObjLongConsumer;
import org.sipdispatch.relay.Counter;
import org.sipdispatch.relay.Flow;
import org.sipdispatch.relay.LaneCounters;
import org.sipdispatch.relay.Limit;
import org.sipdispatch.relay.Limits;
import org.sipdispatch.relay.ListenSocket;
import org.sipdispatch.relay.RelayLane;
import org.sipdispatch.relay.SendFailure;
import org.sipdispatch.sets.SetActor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lane as its sockets see it. All actors of a lane run on one thread, so they call it directly; a message to
 * another mailbox would cost more than the whole work on a packet. A fault of the relay ends here: it costs the
 * request that met it, not the socket or the lane.
 */
final class LaneInlet {
    private static final Logger LOG = LoggerFactory.getLogger(LaneInlet.class);
    private static final long SILENT_MS = 10_000;

    /** The clock ticks every 20 ms; a lane that was silent for so long had no processor time, or its process none. */
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

    /** The limits of the node. */
    Limits limits() {
        return counters.limits();
    }

    /** Milliseconds of the clock that {@link Limits} are counted by: one for all lanes, which never stands still. */
    static long realMs() {
        return nowMicros() / 1_000;
    }

    void open(RelayLane opened) {
        lane = opened;
    }

    /**
     * Milliseconds of a clock that never goes back, and that stands still when the lane does: else all timers would fire
     * before the answers are read that came meanwhile.
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
            answerFault(bytes, offset, length, flow);
        }
    }

    /** The sender need not wait for what a fault of this program has ended. */
    private void answerFault(byte[] bytes, int offset, int length, Flow flow) {
        try {
            lane.failed(bytes, offset, length, flow, nowMs());
        } catch (RuntimeException | StackOverflowError e) {
            fault("the answer to a message from " + flow.source(), e);
        }
    }

    void refuse(byte[] bytes, Flow flow, int code, String reason) {
        try {
            lane.refuse(bytes, flow, code, reason, nowMs());
        } catch (RuntimeException | StackOverflowError e) {
            fault("a message from " + flow.source(), e);
        }
    }

    /** Nobody listens there. */
    void unreachable(ListenSocket socket, InetSocketAddress remote) {
        lost(socket, remote, SendFailure.UNREACHABLE);
    }

    /** Nothing will come from there any more for those that wait for an answer. */
    void lost(ListenSocket socket, InetSocketAddress remote, SendFailure why) {
        try {
            lane.lost(socket, remote, why, nowMs());
        } catch (RuntimeException | StackOverflowError e) {
            fault("word that " + remote + " cannot be reached", e);
        }
    }

    /** A message that was taken could not be sent after all. */
    void notSent(byte[] message, InetSocketAddress remote, SendFailure why) {
        try {
            lane.notSent(message, remote, why, nowMs());
        } catch (RuntimeException | StackOverflowError e) {
            fault("a message that could not be sent to " + remote, e);
        }
    }

    void selected(SetActor.Selected selected) {
        try {
            lane.selected(selected, nowMs());
        } catch (RuntimeException | StackOverflowError e) {
            fault("a set's answer", e);
        }
    }

    void resume(Runnable continuation) {
        try {
            lane.resume(continuation, nowMs());
        } catch (RuntimeException | StackOverflowError e) {
            fault("a resolved name", e);
        }
    }

    /** Does what another thread wants of the lane. */
    void order(ObjLongConsumer<RelayLane> what) {
        try {
            what.accept(lane, nowMs());
        } catch (RuntimeException | StackOverflowError e) {
            fault("an order", e);
        }
    }

    void tick() {
        try {
            lane.tick(nowMs());
        } catch (RuntimeException | StackOverflowError e) {
            fault("a timer", e);
        }
    }

    /** A message for another lane that has too much to do already. */
    void overload() {
        counters.add(Counter.OVERLOADS);
        limits().hit(Limit.LANE_QUEUE, realMs(), () -> "too many (expected: 4096 at most); further ones were dropped");
    }

    /** Whoever can provoke a fault must not fill the log with it. */
    private void fault(String what, Throwable e) {
        counters.add(Counter.FAULTS);
        if (nowMs() >= logAgainAtMs) {
            logAgainAtMs = nowMs() + SILENT_MS;
            LOG.error("{} could not be handled", what, e);
        }
    }
}
