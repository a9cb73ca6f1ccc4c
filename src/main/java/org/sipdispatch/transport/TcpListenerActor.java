package org.sipdispatch.transport;

import akka.actor.AbstractActor;
import akka.actor.ActorRef;
import akka.actor.Props;
import akka.io.Tcp;
import akka.io.TcpMessage;
import java.util.List;
import org.sipdispatch.relay.ListenSocket;

/** Listens on one TCP socket and gives each connection an actor, up to the limit. */
final class TcpListenerActor extends AbstractActor {
    private static final int BACKLOG = 512;

    private final TcpConnectionActor.Home home;
    private final ListenSocket socket;
    private ActorRef listener;

    static Props props(TcpConnectionActor.Home home, ListenSocket socket) {
        return Props.create(TcpListenerActor.class, () -> new TcpListenerActor(home, socket));
    }

    private TcpListenerActor(TcpConnectionActor.Home home, ListenSocket socket) {
        this.home = home;
        this.socket = socket;
    }

    @Override
    public void preStart() {
        bind();
    }

    private void bind() {
        Tcp.get(getContext().getSystem())
                .manager()
                .tell(
                        TcpMessage.bind(
                                getSelf(), socket.local(), BACKLOG, List.of(new ReusablePort.OnServerSocket()), false),
                        getSelf());
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(Tcp.Connected.class, this::onConnected)
                .match(Tcp.Bound.class, bound -> onBound())
                .match(Tcp.CommandFailed.class, failed -> onBindFailed())
                .match(akka.actor.Terminated.class, gone -> bind())
                .matchEquals(LaneActor.BindAgain.INSTANCE, again -> bind())
                .build();
    }

    private void onBound() {
        listener = getSender();
        getContext().watch(listener);
        getContext().getParent().tell(new LaneActor.Bound(socket), getSelf());
    }

    /** At the start this ends it; later on the port may be free again soon. */
    private void onBindFailed() {
        getContext().getParent().tell(new LaneActor.BindFailed(socket), getSelf());
        LaneActor.tellLater(getContext(), LaneActor.BindAgain.INSTANCE);
    }

    private void onConnected(Tcp.Connected connected) {
        ActorRef connection = getSender();
        if (home.connections().size() >= home.settings().maxConnections()) {
            connection.tell(TcpMessage.register(getSelf()), getSelf());
            connection.tell(TcpMessage.abort(), getSelf());
        } else {
            TcpConnectionActor.taken(
                    getContext(), home, new TcpConnectionActor.Taken(socket, connected.remoteAddress(), connection));
        }
    }
}
