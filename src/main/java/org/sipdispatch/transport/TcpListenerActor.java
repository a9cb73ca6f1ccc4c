package org.sipdispatch.transport;

import akka.actor.AbstractActor;
import akka.actor.ActorRef;
import akka.actor.Cancellable;
import akka.actor.Props;
import akka.io.Tcp;
import akka.io.TcpMessage;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.sipdispatch.transaction.ListenSocket;

/** Listens on one TCP socket and creates an actor for each connection that the limits allow. */
final class TcpListenerActor extends AbstractActor {
    private static final int BACKLOG = 512;
    /** The most connections that Akka may accept before this actor has handled them. */
    private static final int BATCH = 10;

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /** Accepts no more connections, since the node stops. */
    enum StopAccepting {
        INSTANCE
    }

    private enum CheckAccepting {
        INSTANCE
    }

    private final LaneTcpContext lane;
    private final ListenSocket socket;
    private ActorRef listener;
    private Cancellable look;
    private int undecided;
    private boolean stopped;

    static Props props(LaneTcpContext home, ListenSocket socket) {
        return Props.create(TcpListenerActor.class, () -> new TcpListenerActor(home, socket));
    }

    private TcpListenerActor(LaneTcpContext home, ListenSocket socket) {
        this.lane = home;
        this.socket = socket;
    }

    @Override
    public void preStart() {
        getContext().getSystem().eventStream().subscribe(getSelf(), LaneLogFilter.AcceptFailed.class);
        look = getContext()
                .getSystem()
                .scheduler()
                .scheduleWithFixedDelay(
                        LOOK_EVERY,
                        LOOK_EVERY,
                        getSelf(),
                        CheckAccepting.INSTANCE,
                        getContext().getDispatcher(),
                        ActorRef.noSender());
        bind();
    }

    @Override
    public void postStop() {
        look.cancel();
        getContext().getSystem().eventStream().unsubscribe(getSelf());
    }

    private void onStopAccepting() {
        stopped = true;
        if (listener != null) {
            listener.tell(TcpMessage.unbind(), getSelf());
        }
    }

    private void bind() {
        listener = null;
        if (stopped) {
            return;
        }
        Tcp.get(getContext().getSystem())
                .manager()
                .tell(
                        TcpMessage.bind(
                                getSelf(),
                                socket.local(),
                                BACKLOG,
                                List.of(new PortSharingOptions.OnServerSocket()),
                                true),
                        getSelf());
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(Tcp.Connected.class, this::onConnected)
                .match(Tcp.Bound.class, bound -> onBound())
                .match(Tcp.CommandFailed.class, failed -> onBindFailed())
                .match(LaneLogFilter.AcceptFailed.class, failed -> onAcceptFailed(failed.path()))
                .match(akka.actor.Terminated.class, gone -> bind())
                .matchEquals(SocketBindEvents.RetryBind.INSTANCE, again -> bind())
                .matchEquals(CheckAccepting.INSTANCE, ignored -> accept(BATCH))
                .matchEquals(StopAccepting.INSTANCE, stop -> onStopAccepting())
                .build();
    }

    private void onBound() {
        listener = getSender();
        getContext().watch(listener);
        accept(BATCH);
        getContext().getParent().tell(new SocketBindEvents.Bound(socket), getSelf());
    }

    /** Lets Akka accept more connections. The periodic check replaces those that failed before Akka reported them. */
    private void accept(int many) {
        if (listener != null) {
            undecided = many;
            listener.tell(TcpMessage.resumeAccepting(many), getSelf());
        }
    }

    /** During startup this ends the start; later the port may soon be free again. */
    private void onBindFailed() {
        getContext().getParent().tell(new SocketBindEvents.BindFailed(socket), getSelf());
        SocketBindEvents.retryAfterPause(getContext());
    }

    /**
     * Akka would retry immediately. Waits for the periodic check, and evicts an idle connection to free a descriptor.
     */
    private void onAcceptFailed(String path) {
        boolean own = listener != null && path.endsWith(listener.path().toStringWithoutAddress());
        if (own && undecided > 0) {
            accept(0);
            lane.connections().inbound().evictOne();
        }
    }

    private void onConnected(Tcp.Connected connected) {
        ActorRef connection = getSender();
        InetAddress source = connected.remoteAddress().getAddress();
        NewTcpConnection.Admission admission =
                NewTcpConnection.Admission.of(lane, source, socket.protocol().isOverTls() && !socket.isBehindProxies());
        if (admission == null) {
            connection.tell(TcpMessage.register(getSelf()), getSelf());
            connection.tell(TcpMessage.abort(), getSelf());
        } else {
            NewTcpConnection.accept(
                    getContext(),
                    lane,
                    new NewTcpConnection.Accepted(
                            socket, connected.remoteAddress(), connection, admission.place(), admission.handshake()));
        }
        undecided--;
        if (undecided == 0) {
            accept(BATCH);
        }
    }
}
