package org.sipdispatch.transport;

import akka.actor.ActorRef;
import akka.actor.Props;
import akka.actor.Terminated;
import akka.io.Udp;
import akka.io.UdpMessage;
import java.util.List;
import org.sipdispatch.transaction.ListenSocket;

/** A UDP socket that Akka IO waits for. Akka IO reads the first datagram, too. */
final class AkkaUdpSocketActor extends UdpSocketActor {
    private PortSharingOptions.ChannelHolder channel;
    private ActorRef listener;

    static Props props(UdpReader reader, TimerRounds rounds, ListenSocket socket, UdpSender sender) {
        return Props.create(AkkaUdpSocketActor.class, () -> new AkkaUdpSocketActor(reader, rounds, socket, sender));
    }

    private AkkaUdpSocketActor(UdpReader reader, TimerRounds rounds, ListenSocket socket, UdpSender sender) {
        super(reader, rounds, socket, sender);
    }

    @Override
    void bind() {
        // A thread of Akka opens the channel; the sender gets it when Bound arrives.
        PortSharingOptions.ChannelHolder opened = new PortSharingOptions.ChannelHolder();
        channel = opened;
        Udp.get(getContext().getSystem())
                .getManager()
                .tell(
                        UdpMessage.bind(
                                getSelf(), local(), List.of(new PortSharingOptions.Channels(local(), opened::set))),
                        getSelf());
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(
                        Udp.Received.class,
                        first -> reader().received(first.data().toArrayUnsafe(), first.sender()))
                .match(Udp.Bound.class, bound -> onBound(getSender()))
                .match(Udp.CommandFailed.class, failed -> bindFailed())
                .match(Terminated.class, gone -> closedBySystem())
                .build()
                .orElse(super.createReceive());
    }

    private void onBound(ActorRef bound) {
        listener = bound;
        getContext().watch(listener);
        bound(channel.get());
    }

    /** The listener ends, unless it has ended already. */
    @Override
    void close() {
        listener.tell(UdpMessage.unbind(), ActorRef.noSender());
    }
}
