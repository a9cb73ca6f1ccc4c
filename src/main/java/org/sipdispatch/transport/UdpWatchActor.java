package org.sipdispatch.transport;

import akka.actor.AbstractActor;
import akka.actor.Props;
import akka.io.Udp;
import akka.io.UdpMessage;
import java.net.InetSocketAddress;
import java.util.List;
import org.sipdispatch.relay.Flow;
import org.sipdispatch.relay.Hop;

/**
 * A connected UDP socket to one peer. What the peer sends arrives here and is given to the lane as usual; when the
 * peer's host answers that nobody listens, Akka closes the socket, the lane is told, and a new one is opened. It is one
 * of Akka's ordinary UDP sockets, connected behind its back: Akka's own connected ones ignore what the host answers.
 */
final class UdpWatchActor extends AbstractActor {
    private final LaneInlet inlet;
    private final UdpWatches watches;
    private final Hop hop;
    private final List<LaneActor.Neighbour> lanes;

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
        Udp.get(getContext().getSystem())
                .getManager()
                .tell(
                        UdpMessage.bind(
                                getSelf(),
                                hop.socket().local(),
                                List.of(
                                        new ReusablePort.Channels(hop.socket().local(), opened -> {}),
                                        new ReusablePort.Connected(hop.remote(), watches.buffer(), this::arrived))),
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
                .match(Udp.Bound.class, bound -> getContext().watch(getSender()))
                .match(Udp.CommandFailed.class, failed -> getContext().stop(getSelf()))
                .match(akka.actor.Terminated.class, gone -> onClosed())
                .build();
    }

    private void onReceived(Udp.Received received) {
        arrived(received.data().toArrayUnsafe(), received.sender());
    }

    private void arrived(byte[] bytes, InetSocketAddress sender) {
        inlet.received(bytes, 0, bytes.length, new Flow(hop.socket(), sender, Flow.NO_CONNECTION));
    }

    /** All lanes send from the same address, and the operating system tells only one of them. */
    private void onClosed() {
        LaneActor.Unreachable word = new LaneActor.Unreachable(hop);
        lanes.forEach(lane -> lane.actor().tell(word, getSelf()));
        connect();
    }
}
