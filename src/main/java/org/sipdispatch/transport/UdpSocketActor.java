package org.sipdispatch.transport;

import akka.actor.AbstractActor;
import akka.actor.ActorRef;
import akka.actor.Props;
import akka.io.Udp;
import akka.io.UdpMessage;
import java.io.IOException;
import java.util.List;
import org.sipdispatch.transaction.ListenSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One UDP socket of one lane: passes datagrams to the lane and binds again if Akka's listener fails. */
final class UdpSocketActor extends AbstractActor {
    private static final Logger LOG = LoggerFactory.getLogger(UdpSocketActor.class);

    /** Reads what waits, after the datagram that Akka IO may have read before. */
    private enum Read {
        INSTANCE
    }

    private final UdpReader reader;
    private final TimerRounds rounds;
    private final ListenSocket socket;
    private final UdpSender sender;
    private ReusablePort.ChannelHolder channel;

    static Props props(UdpReader reader, TimerRounds rounds, ListenSocket socket, UdpSender sender) {
        return Props.create(UdpSocketActor.class, () -> new UdpSocketActor(reader, rounds, socket, sender));
    }

    private UdpSocketActor(UdpReader reader, TimerRounds rounds, ListenSocket socket, UdpSender sender) {
        this.reader = reader;
        this.rounds = rounds;
        this.socket = socket;
        this.sender = sender;
    }

    @Override
    public void preStart() {
        bind();
    }

    private void bind() {
        // A thread of Akka opens the channel; the sender gets it when Bound arrives.
        ReusablePort.ChannelHolder opened = new ReusablePort.ChannelHolder();
        channel = opened;
        Udp.get(getContext().getSystem())
                .getManager()
                .tell(
                        UdpMessage.bind(
                                getSelf(),
                                socket.local(),
                                List.of(new ReusablePort.Channels(socket.local(), opened::set))),
                        getSelf());
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(Udp.Received.class, this::onReceived)
                .matchEquals(TimerRounds.ReadNow.INSTANCE, now -> getSelf().tell(Read.INSTANCE, getSelf()))
                .matchEquals(Read.INSTANCE, now -> onRead())
                .match(Udp.Bound.class, bound -> onBound(getSender()))
                .match(Udp.CommandFailed.class, failed -> onBindFailed())
                .matchEquals(SocketBinding.RetryBind.INSTANCE, again -> bind())
                .match(akka.actor.Terminated.class, gone -> onListenerGone())
                .build();
    }

    private void onReceived(Udp.Received received) {
        reader.received(received.data().toArrayUnsafe(), received.sender());
    }

    private void onRead() {
        try {
            reader.read();
        } finally {
            rounds.socketRead();
        }
    }

    private void onBound(ActorRef listener) throws IOException {
        getContext().watch(listener);
        sender.use(channel.get());
        reader.use(channel.get());
        getContext().getParent().tell(new SocketBinding.Bound(socket), getSelf());
    }

    /** During startup this ends the start; later the port may soon be free again. */
    private void onBindFailed() {
        getContext().getParent().tell(new SocketBinding.BindFailed(socket), getSelf());
        SocketBinding.retryAfterPause(getContext());
    }

    private void onListenerGone() {
        LOG.warn("{} was closed by the operating system and is bound again", socket);
        bind();
    }
}
