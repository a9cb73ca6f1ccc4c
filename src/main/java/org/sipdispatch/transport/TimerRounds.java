package org.sipdispatch.transport;

import akka.actor.ActorRef;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.sipdispatch.proxy.AdmissionGate;

/**
 * Lets the timers of a lane fire at each tick, but none for a response that has arrived already. A round begins with
 * the tick. It waits until the lane has done all tasks that were queued before, such as those of connections with new
 * bytes, then reads the UDP sockets, and lets only those timers fire that were due before everything was read. One
 * thread only.
 */
final class TimerRounds {
    /** The message with which the lane continues a round. */
    enum Continue {
        INSTANCE
    }

    /** The message with which a socket's actor reads what waits; see {@link UdpSocketActor}. */
    enum ReadNow {
        INSTANCE
    }

    /** Another lane that is further behind is stuck; responses that it has not read are given up. */
    private static final long MOST_OF_OTHERS_NANOS = 500_000_000;

    private final LaneInlet inlet;
    private final AdmissionGate.Source tasks;
    private final LongSupplier nanoClock;
    private final LaneRef own;
    private final List<LaneRef> others;
    private final List<UdpReader> readers = new ArrayList<>();
    private final List<ActorRef> sockets = new ArrayList<>();
    private boolean isUnderWay;
    private long beganNanos;
    private long othersBehindNanos;
    private int unread;

    /** {@code tasks}: learns how long the lane's tasks wait. */
    TimerRounds(LaneInlet inlet, AdmissionGate.Source tasks, LaneRef own, List<LaneRef> lanes, LongSupplier nanoClock) {
        this.inlet = inlet;
        this.tasks = tasks;
        this.own = own;
        this.nanoClock = nanoClock;
        others = lanes.stream().filter(lane -> lane != own).toList();
    }

    /** Adds a UDP socket: its reader, and the actor that it belongs to. */
    void add(UdpReader reader, ActorRef socket) {
        readers.add(reader);
        sockets.add(socket);
    }

    /**
     * Begins a round, unless the previous one is under way.
     *
     * @param behindAll executes a task after all that are queued now
     * @param lane receives {@link Continue} after the messages that it has already
     */
    void begin(Executor behindAll, ActorRef lane) {
        if (!isUnderWay) {
            isUnderWay = true;
            beganNanos = nanoClock.getAsLong();
            othersBehindNanos = othersBehind();
            behindAll.execute(() -> lane.tell(Continue.INSTANCE, ActorRef.noSender()));
        }
    }

    /** What the others had read until then, they have handed over until then. */
    private long othersBehind() {
        long most = 0;
        for (LaneRef other : others) {
            most = Math.max(most, beganNanos - other.readUpToNanos().get());
        }
        return Math.min(most, MOST_OF_OTHERS_NANOS);
    }

    /** The lane has done what was queued before the round. */
    void readSockets() {
        long nowNanos = nanoClock.getAsLong();
        tasks.waited(nowNanos - beganNanos, nowNanos - beganNanos, nowNanos);
        unread = sockets.size();
        if (unread == 0) {
            fire();
        }
        for (ActorRef socket : sockets) {
            socket.tell(ReadNow.INSTANCE, ActorRef.noSender());
        }
    }

    /** One socket has been read. */
    void socketRead() {
        if (--unread == 0) {
            fire();
        }
    }

    private void fire() {
        isUnderWay = false;
        long nowNanos = nanoClock.getAsLong();
        long behindNanos = nowNanos - beganNanos;
        for (UdpReader reader : readers) {
            behindNanos = Math.max(behindNanos, nowNanos - reader.readUpToNanos());
        }
        own.readUpToNanos().set(nowNanos - behindNanos);
        inlet.tick(Math.max(behindNanos, nowNanos - beganNanos + othersBehindNanos));
    }
}
