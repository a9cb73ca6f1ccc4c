package org.sipdispatch.transport;

import akka.actor.ActorRef;
import akka.actor.Props;
import akka.actor.Terminated;
import akka.io.Udp;
import akka.io.UdpMessage;
import java.util.List;
import org.sipdispatch.transaction.ListenSocket;

/** A UDP socket that Akka IO reads. */
final class AkkaUdpSocketActor extends UdpSocketActor {
    private ReusablePort.ChannelHolder channel;

    static Props props(GuardedLane inlet, ListenSocket socket, UdpSender sender) {
        return Props.create(AkkaUdpSocketActor.class, () -> new AkkaUdpSocketActor(inlet, socket, sender));
    }

    private AkkaUdpSocketActor(GuardedLane inlet, ListenSocket socket, UdpSender sender) {
        super(inlet, socket, sender);
    }

    @Override
    void bind() {
        // A thread of Akka opens the channel; the sender gets it when Bound arrives.
        ReusablePort.ChannelHolder opened = new ReusablePort.ChannelHolder();
        channel = opened;
        Udp.get(getContext().getSystem())
                .getManager()
                .tell(
                        UdpMessage.bind(getSelf(), local(), List.of(new ReusablePort.Channels(local(), opened::set))),
                        getSelf());
    }

    @Override
    public Receive createReceive() {
        return super.createReceive()
                .orElse(receiveBuilder()
                        .match(Udp.Bound.class, bound -> onBound(getSender()))
                        .match(Udp.CommandFailed.class, failed -> bindFailed())
                        .match(Terminated.class, gone -> closedBySystem())
                        .build());
    }

    private void onBound(ActorRef listener) {
        getContext().watch(listener);
        bound(channel.get());
    }
}
