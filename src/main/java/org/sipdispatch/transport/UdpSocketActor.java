package org.sipdispatch.transport;

import akka.actor.AbstractActor;
import akka.io.Udp;
import akka.util.ByteString;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.ListenSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One UDP socket of one lane: passes the datagrams in its mailbox to the lane, and binds again if the operating system
 * closes the socket.
 */
abstract class UdpSocketActor extends AbstractActor {
    private static final Logger LOG = LoggerFactory.getLogger(UdpSocketActor.class);

    private final GuardedLane inlet;
    private final ListenSocket socket;
    private final UdpSender sender;

    UdpSocketActor(GuardedLane inlet, ListenSocket socket, UdpSender sender) {
        this.inlet = inlet;
        this.socket = socket;
        this.sender = sender;
    }

    /** Opens and binds the socket, which results in a call of {@link #bound} or {@link #bindFailed}. */
    abstract void bind();

    final InetSocketAddress local() {
        return socket.local();
    }

    @Override
    public void preStart() {
        bind();
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(Udp.Received.class, this::onReceived)
                .matchEquals(SocketBinding.RetryBind.INSTANCE, again -> bind())
                .build();
    }

    private void onReceived(Udp.Received received) {
        ByteString data = received.data();
        byte[] bytes = data.toArrayUnsafe();
        inlet.received(bytes, 0, bytes.length, new Flow(socket, received.sender(), Flow.NO_CONNECTION));
    }

    /** The socket receives on this channel, and the lane sends on it. */
    final void bound(DatagramChannel channel) {
        sender.use(channel);
        getContext().getParent().tell(new SocketBinding.Bound(socket), getSelf());
    }

    /** During startup this ends the start; later the port may soon be free again. */
    final void bindFailed() {
        getContext().getParent().tell(new SocketBinding.BindFailed(socket), getSelf());
        SocketBinding.retryAfterPause(getContext());
    }

    final void closedBySystem() {
        LOG.warn("{} was closed by the operating system and is bound again", socket);
        bind();
    }
}
