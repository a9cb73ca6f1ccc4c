package org.sipdispatch.transport;

import akka.actor.AbstractActor;
import akka.actor.Props;
import akka.io.Udp;
import akka.io.UdpMessage;
import java.io.IOException;
import java.util.List;
import org.sipdispatch.relay.Flow;
import org.sipdispatch.relay.Hop;

/**
 * A connected UDP socket to one peer. What the peer sends arrives here and is given to the lane as usual; when the
 * peer's host answers that nobody listens, Akka closes the socket, the lane is told, and a new one is opened.
 */
final class UdpWatchActor extends AbstractActor {
    private final LaneInlet inlet;
    private final UdpWatches watches;
    private final Hop hop;
    private final List<LaneActor.Neighbour> lanes;
    private ReusablePort.Slot channel;

    static Props props(LaneInlet inlet, UdpWatches watches, Hop hop, List<LaneActor.Neighbour> lanes) {
        return Props.create(UdpWatchActor.class, () -> new UdpWatchActor(inlet, watches, hop, lanes));
    }

    private UdpWatchActor(LaneInlet inlet, UdpWatches watches, Hop hop, List<LaneActor.Neighbour> lanes) {
        this.inlet = inlet;
        this.watches = watches;
        this.hop = hop;
        this.lanes = lanes;
    }

    @Override
    public void preStart() {
        connect();
    }

    private void connect() {
        ReusablePort.Slot opened = new ReusablePort.Slot();
        channel = opened;
        Udp.get(getContext().getSystem())
                .getManager()
                .tell(
                        UdpMessage.bind(
                                getSelf(),
                                hop.socket().local(),
                                List.of(new ReusablePort.Channels(hop.socket().local(), opened::set))),
                        getSelf());
    }

    @Override
    public void postStop() {
        watches.closed(hop, getSelf());
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(Udp.Received.class, this::onReceived)
                .match(Udp.Bound.class, bound -> onBound())
                .match(Udp.CommandFailed.class, failed -> getContext().stop(getSelf()))
                .match(akka.actor.Terminated.class, gone -> onClosed())
                .build();
    }

    private void onReceived(Udp.Received received) {
        byte[] bytes = received.data().toArrayUnsafe();
        inlet.received(bytes, 0, bytes.length, new Flow(hop.socket(), received.sender(), Flow.NO_CONNECTION));
    }

    /** Akka's own connected sockets hide the refusal; its plain ones end with it, connected or not. */
    private void onBound() {
        getContext().watch(getSender());
        try {
            channel.get().connect(hop.remote());
        } catch (IOException e) {
            getContext().stop(getSelf());
        }
    }

    /** All lanes send from the same address, and the operating system tells only one of them. */
    private void onClosed() {
        LaneActor.Unreachable word = new LaneActor.Unreachable(hop);
        lanes.forEach(lane -> lane.actor().tell(word, getSelf()));
        connect();
    }
}
