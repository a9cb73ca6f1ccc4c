package org.sipdispatch.transport;

import akka.actor.AbstractActor;
import akka.actor.ActorRef;
import akka.actor.Props;
import akka.io.UdpConnected;
import akka.io.UdpConnectedMessage;
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
    private ActorRef connection;

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
        UdpConnected.get(getContext().getSystem())
                .getManager()
                .tell(
                        UdpConnectedMessage.connect(
                                getSelf(),
                                hop.remote(),
                                hop.socket().local(),
                                List.of(new ReusablePort.OnDatagramSocket())),
                        getSelf());
    }

    @Override
    public void postStop() {
        watches.closed(hop, getSelf());
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(UdpConnected.Received.class, this::onReceived)
                .match(UdpConnected.Connected.class, connected -> onConnected())
                .match(UdpConnected.CommandFailed.class, failed -> getContext().stop(getSelf()))
                .match(akka.actor.Terminated.class, gone -> onClosed())
                .build();
    }

    private void onReceived(UdpConnected.Received received) {
        byte[] bytes = received.data().toArrayUnsafe();
        inlet.received(bytes, 0, bytes.length, new Flow(hop.socket(), hop.remote(), Flow.NO_CONNECTION));
    }

    private void onConnected() {
        connection = getSender();
        getContext().watch(connection);
    }

    /** All lanes send from the same address, and the operating system tells only one of them. */
    private void onClosed() {
        LaneActor.Unreachable word = new LaneActor.Unreachable(hop);
        lanes.forEach(lane -> lane.actor().tell(word, getSelf()));
        connect();
    }
}
