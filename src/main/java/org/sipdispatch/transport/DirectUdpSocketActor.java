package org.sipdispatch.transport;

import akka.actor.ActorRef;
import akka.actor.Props;
import java.io.IOException;
import java.nio.channels.DatagramChannel;
import org.sipdispatch.transaction.ListenSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A UDP socket that the lane's thread waits for itself. */
final class DirectUdpSocketActor extends UdpSocketActor {
    private static final Logger LOG = LoggerFactory.getLogger(DirectUdpSocketActor.class);

    private enum Ready {
        INSTANCE
    }

    private final DirectExecutor thread =
            LaneThread.of(getContext().getSystem().settings()).direct();
    private final ActorRef self = getSelf();
    private DatagramChannel channel;
    /** The socket is ready as long as datagrams wait; one message is enough. */
    private boolean isToldReady;

    static Props props(UdpReader reader, TimerRounds rounds, ListenSocket socket, UdpSender sender) {
        return Props.create(DirectUdpSocketActor.class, () -> new DirectUdpSocketActor(reader, rounds, socket, sender));
    }

    private DirectUdpSocketActor(UdpReader reader, TimerRounds rounds, ListenSocket socket, UdpSender sender) {
        super(reader, rounds, socket, sender);
    }

    @Override
    void bind() {
        try {
            channel = PortSharingOptions.open(local());
            channel.configureBlocking(false);
            channel.bind(local());
            thread.register(channel, this::ready);
        } catch (IOException | RuntimeException e) {
            LOG.debug("{} could not be bound", local(), e);
            closeChannel();
            bindFailed();
            return;
        }
        bound(channel);
    }

    /** Called by the lane's thread between two messages. Reading at once would leave no time for the other actors. */
    private void ready() {
        if (!isToldReady) {
            isToldReady = true;
            self.tell(Ready.INSTANCE, ActorRef.noSender());
        }
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .matchEquals(Ready.INSTANCE, now -> onReady())
                .build()
                .orElse(super.createReceive());
    }

    private void onReady() {
        isToldReady = false;
        reader().ready();
    }

    @Override
    void close() {
        closeChannel();
        closedBySystem();
    }

    @Override
    public void postStop() {
        closeChannel();
    }

    private void closeChannel() {
        if (channel == null) {
            return;
        }
        try {
            thread.close(channel);
        } catch (IOException e) {
            LOG.warn("{} could not be closed: {}", local(), e.getMessage());
        }
        channel = null;
    }
}
