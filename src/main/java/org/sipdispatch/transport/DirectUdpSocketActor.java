package org.sipdispatch.transport;

import akka.actor.Props;
import java.io.IOException;
import java.nio.channels.DatagramChannel;
import org.sipdispatch.transaction.ListenSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A UDP socket that the lane's thread reads itself. */
final class DirectUdpSocketActor extends UdpSocketActor {
    private static final Logger LOG = LoggerFactory.getLogger(DirectUdpSocketActor.class);

    private final DirectExecutor thread =
            LaneThread.of(getContext().getSystem().settings()).direct();
    private DatagramChannel channel;

    static Props props(GuardedLane inlet, ListenSocket socket, UdpSender sender) {
        return Props.create(DirectUdpSocketActor.class, () -> new DirectUdpSocketActor(inlet, socket, sender));
    }

    private DirectUdpSocketActor(GuardedLane inlet, ListenSocket socket, UdpSender sender) {
        super(inlet, socket, sender);
    }

    @Override
    void bind() {
        try {
            channel = ReusablePort.open(local());
            channel.configureBlocking(false);
            channel.bind(local());
            thread.register(channel, new DatagramReader(channel, getSelf()));
        } catch (IOException | RuntimeException e) {
            LOG.debug("{} could not be bound", local(), e);
            close();
            bindFailed();
            return;
        }
        bound(channel);
    }

    @Override
    public Receive createReceive() {
        return super.createReceive()
                .orElse(receiveBuilder()
                        .match(
                                DatagramReader.Handled.class,
                                batch -> batch.reader().handled())
                        .match(DatagramReader.Failed.class, this::onFailed)
                        .build());
    }

    private void onFailed(DatagramReader.Failed failed) {
        if (failed.channel() == channel) {
            close();
            closedBySystem();
        }
    }

    @Override
    public void postStop() {
        close();
    }

    private void close() {
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
