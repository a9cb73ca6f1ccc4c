package org.sipdispatch.transport;

import akka.actor.AbstractActor;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import org.sipdispatch.transaction.ListenSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One UDP socket of one lane: lets its {@link UdpReader} read when the socket is ready and at each tick, and binds the
 * socket again if the operating system closes it.
 */
abstract class UdpSocketActor extends AbstractActor {
    private static final Logger LOG = LoggerFactory.getLogger(UdpSocketActor.class);

    /** Reads what waits, after the datagram that Akka IO may have read before. */
    private enum Read {
        INSTANCE
    }

    /** The socket cannot be read any more. */
    private enum Unreadable {
        INSTANCE
    }

    private final UdpReader reader;
    private final TimerRounds rounds;
    private final ListenSocket socket;
    private final UdpSender sender;

    UdpSocketActor(UdpReader reader, TimerRounds rounds, ListenSocket socket, UdpSender sender) {
        this.reader = reader;
        this.rounds = rounds;
        this.socket = socket;
        this.sender = sender;
    }

    /** Opens and binds the socket, which results in a call of {@link #bound} or {@link #bindFailed}. */
    abstract void bind();

    /** Closes a socket that cannot be read, which results in a call of {@link #closedBySystem}. */
    abstract void close();

    final InetSocketAddress local() {
        return socket.local();
    }

    final UdpReader reader() {
        return reader;
    }

    @Override
    public void preStart() {
        bind();
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .matchEquals(TimerRounds.ReadNow.INSTANCE, now -> getSelf().tell(Read.INSTANCE, getSelf()))
                .matchEquals(Read.INSTANCE, now -> onRead())
                .matchEquals(Unreadable.INSTANCE, now -> close())
                .matchEquals(SocketBindEvents.RetryBind.INSTANCE, again -> bind())
                .build();
    }

    private void onRead() {
        try {
            reader.read();
        } finally {
            rounds.socketRead();
        }
    }

    /** The socket receives on this channel, and the lane sends on it. */
    final void bound(DatagramChannel channel) {
        sender.use(channel);
        reader.use(channel, () -> getSelf().tell(Unreadable.INSTANCE, getSelf()));
        getContext().getParent().tell(new SocketBindEvents.Bound(socket), getSelf());
    }

    /** During startup this ends the start; later the port may soon be free again. */
    final void bindFailed() {
        getContext().getParent().tell(new SocketBindEvents.BindFailed(socket), getSelf());
        SocketBindEvents.retryAfterPause(getContext());
    }

    final void closedBySystem() {
        LOG.warn("{} was closed by the operating system and is bound again", socket);
        bind();
    }
}
