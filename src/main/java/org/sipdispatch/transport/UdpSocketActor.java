package org.sipdispatch.transport;

import akka.actor.AbstractActor;
import akka.actor.ActorRef;
import akka.actor.Props;
import akka.io.Udp;
import akka.io.UdpMessage;
import akka.util.ByteString;
import java.util.List;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.ListenSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One UDP socket of one lane: passes datagrams to the lane and binds again if Akka's listener fails. */
final class UdpSocketActor extends AbstractActor {
    private static final Logger LOG = LoggerFactory.getLogger(UdpSocketActor.class);

    private final LaneInlet inlet;
    private final ListenSocket socket;
    private final UdpSender sender;
    private PortSharingOptions.ChannelHolder channel;

    static Props props(LaneInlet inlet, ListenSocket socket, UdpSender sender) {
        return Props.create(UdpSocketActor.class, () -> new UdpSocketActor(inlet, socket, sender));
    }

    private UdpSocketActor(LaneInlet inlet, ListenSocket socket, UdpSender sender) {
        this.inlet = inlet;
        this.socket = socket;
        this.sender = sender;
    }

    @Override
    public void preStart() {
        bind();
    }

    private void bind() {
        // A thread of Akka opens the channel; the sender gets it when Bound arrives.
        PortSharingOptions.ChannelHolder opened = new PortSharingOptions.ChannelHolder();
        channel = opened;
        Udp.get(getContext().getSystem())
                .getManager()
                .tell(
                        UdpMessage.bind(
                                getSelf(),
                                socket.local(),
                                List.of(new PortSharingOptions.Channels(socket.local(), opened::set))),
                        getSelf());
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(Udp.Received.class, this::onReceived)
                .match(Udp.Bound.class, bound -> onBound(getSender()))
                .match(Udp.CommandFailed.class, failed -> onBindFailed())
                .matchEquals(SocketBindEvents.RetryBind.INSTANCE, again -> bind())
                .match(akka.actor.Terminated.class, gone -> onListenerGone())
                .build();
    }

    private void onReceived(Udp.Received received) {
        ByteString data = received.data();
        byte[] bytes = data.toArrayUnsafe();
        inlet.received(bytes, 0, bytes.length, new Flow(socket, received.sender(), Flow.NO_CONNECTION));
    }

    private void onBound(ActorRef listener) {
        getContext().watch(listener);
        sender.use(channel.get());
        getContext().getParent().tell(new SocketBindEvents.Bound(socket), getSelf());
    }

    /** During startup this ends the start; later the port may soon be free again. */
    private void onBindFailed() {
        getContext().getParent().tell(new SocketBindEvents.BindFailed(socket), getSelf());
        SocketBindEvents.retryAfterPause(getContext());
    }

    private void onListenerGone() {
        LOG.warn("{} was closed by the operating system and is bound again", socket);
        bind();
    }
}
