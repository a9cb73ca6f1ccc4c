package org.sipdispatch.transport;

import akka.actor.AbstractActor;
import akka.actor.ActorContext;
import akka.actor.ActorRef;
import akka.actor.Cancellable;
import akka.actor.Props;
import akka.io.Tcp;
import akka.io.Tcp.ConnectionClosed;
import akka.io.TcpMessage;
import akka.util.ByteString;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.sipdispatch.relay.Flow;
import org.sipdispatch.relay.ListenSocket;

/**
 * One TCP connection, taken or made: frames what comes, queues what goes, and ends when its peer is idle, slow or
 * talks nonsense. Runs on its lane's thread and gives messages to the lane directly.
 */
final class TcpConnectionActor extends AbstractActor {
    /** Asks to send a whole message. */
    record Send(byte[] bytes) {}

    private enum Written implements Tcp.Event {
        INSTANCE
    }

    private enum CloseWhenWritten {
        INSTANCE
    }

    private enum Look {
        INSTANCE
    }

    /** What a connection needs from its lane. */
    record Home(LaneInlet inlet, TcpConnections connections, TransportSettings settings) {}

    private static final byte[] PONG = {'\r', '\n'};
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Home home;
    private final ListenSocket socket;
    private final InetSocketAddress remote;
    private final long number;
    private final StreamFramer framer;
    private final Deque<byte[]> unsent = new ArrayDeque<>();
    private long unsentBytes;
    private long held;
    private boolean writing;
    private boolean closing;
    private boolean closeWhenWritten;
    private long closingSinceMs;
    private ActorRef tcp;
    private long lastByteMs;
    private long messageBeganMs;
    private Cancellable look;

    /** The two ends of a connection, and its number. */
    private record Ends(ListenSocket socket, InetSocketAddress remote, long number) {}

    /** Takes a connection that a peer has made. */
    static void taken(ActorContext parent, Home home, Taken taken) {
        open(parent, home, taken.socket, taken.remote, taken.tcp);
    }

    /** A connection as Akka tells of it. */
    record Taken(ListenSocket socket, InetSocketAddress remote, ActorRef tcp) {}

    /** Makes one. */
    static ActorRef made(ActorContext parent, Home home, ListenSocket socket, InetSocketAddress remote) {
        return open(parent, home, socket, remote, null);
    }

    /** It is in the table as soon as it is begun, so that the next message to that peer does not begin another. */
    private static ActorRef open(
            ActorContext parent, Home home, ListenSocket socket, InetSocketAddress remote, ActorRef tcp) {
        Ends ends = new Ends(socket, remote, home.connections().nextNumber());
        ActorRef connection =
                parent.actorOf(Props.create(TcpConnectionActor.class, () -> new TcpConnectionActor(home, ends, tcp))
                        .withDispatcher(LaneActor.DISPATCHER));
        home.connections().add(ends.number, socket, remote, connection);
        return connection;
    }

    private TcpConnectionActor(Home home, Ends ends, ActorRef tcp) {
        this.home = home;
        this.socket = ends.socket;
        this.remote = ends.remote;
        this.number = ends.number;
        this.tcp = tcp;
        framer = new StreamFramer(home.settings().maxMessageSize());
    }

    @Override
    public void preStart() {
        lastByteMs = home.inlet().nowMs();
        if (tcp == null) {
            InetSocketAddress local = new InetSocketAddress(socket.local().getAddress(), 0);
            akka.io.Tcp.get(getContext().getSystem())
                    .manager()
                    .tell(
                            TcpMessage.connect(
                                    remote,
                                    local,
                                    java.util.List.of(akka.io.TcpSO.tcpNoDelay(true)),
                                    home.settings().connectTimeout(),
                                    true),
                            getSelf());
        } else {
            begin();
        }
        look = getContext()
                .getSystem()
                .scheduler()
                .scheduleWithFixedDelay(
                        LOOK_EVERY,
                        LOOK_EVERY,
                        getSelf(),
                        Look.INSTANCE,
                        getContext().getDispatcher(),
                        getSelf());
    }

    @Override
    public void postStop() {
        look.cancel();
        home.connections().hold(-held);
        home.connections().remove(number, socket, remote, getSelf());
    }

    private void begin() {
        getContext().watch(tcp);
        tcp.tell(TcpMessage.register(getSelf(), false, true), getSelf());
        tcp.tell(TcpMessage.resumeReading(), getSelf());
        writeMore();
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(Tcp.Received.class, received -> onReceived(received.data()))
                .match(Send.class, send -> onSend(send.bytes()))
                .matchEquals(Written.INSTANCE, written -> onWritten())
                .matchEquals(CloseWhenWritten.INSTANCE, close -> onCloseWhenWritten())
                .matchEquals(Look.INSTANCE, ignored -> onLook())
                .match(Tcp.Connected.class, connected -> onConnected())
                .match(Tcp.CommandFailed.class, failed -> onCommandFailed(failed.cmd()))
                .match(ConnectionClosed.class, closed -> onClosed())
                .match(akka.actor.Terminated.class, gone -> onClosed())
                .build();
    }

    private void onConnected() {
        tcp = getSender();
        begin();
    }

    private void onCommandFailed(Tcp.Command command) {
        if (command instanceof Tcp.Connect) {
            home.inlet().unreachable(socket, remote);
            getContext().stop(getSelf());
        } else {
            abort();
        }
    }

    /** Whoever waits there for a first answer need not wait for it any longer. */
    private void onClosed() {
        if (!closing) {
            home.inlet().unreachable(socket, remote);
        }
        getContext().stop(getSelf());
    }

    private void onReceived(ByteString data) {
        if (closing) {
            tcp.tell(TcpMessage.resumeReading(), getSelf());
            return;
        }
        lastByteMs = home.inlet().nowMs();
        if (!framer.isInside()) {
            messageBeganMs = lastByteMs;
        }
        framer.add(data.toArray());
        account();
        Flow flow = new Flow(socket, remote, number);
        while (!closing) {
            switch (framer.next()) {
                case MORE -> {
                    account();
                    tcp.tell(TcpMessage.resumeReading(), getSelf());
                    return;
                }
                case PING -> onSend(PONG);
                case MESSAGE -> {
                    byte[] message = framer.message();
                    home.inlet().received(message, 0, message.length, flow);
                    messageBeganMs = lastByteMs;
                }
                case BROKEN -> refuse(flow, 400, "Bad Content-Length");
                case TOO_LARGE -> refuse(flow, 513, "Message Too Large");
            }
            framer.consume();
        }
    }

    /** Nothing behind such a message can be understood, so the connection ends with the answer. */
    private void refuse(Flow flow, int code, String reason) {
        home.inlet().refuse(framer.message(), flow, code, reason);
        closing = true;
        closingSinceMs = lastByteMs;
        // The answer comes back as a Send to our own mailbox; close behind it.
        getSelf().tell(CloseWhenWritten.INSTANCE, getSelf());
        tcp.tell(TcpMessage.resumeReading(), getSelf());
    }

    private void onSend(byte[] bytes) {
        unsent.add(bytes);
        unsentBytes += bytes.length;
        account();
        if (unsentBytes > home.settings().maxUnsent()) {
            abort();
        } else {
            writeMore();
        }
    }

    private void onWritten() {
        writing = false;
        writeMore();
    }

    private void onCloseWhenWritten() {
        closeWhenWritten = true;
        writeMore();
    }

    private void writeMore() {
        if (writing || tcp == null) {
            return;
        }
        if (unsent.isEmpty()) {
            if (closeWhenWritten) {
                // Half of it: closed as a whole with bytes unread, the peer would be told of a reset, not the answer.
                tcp.tell(TcpMessage.confirmedClose(), getSelf());
            }
            return;
        }
        ByteString all = akka.util.ByteString.emptyByteString();
        while (!unsent.isEmpty()) {
            all = all.concat(ByteString.fromArrayUnsafe(unsent.poll()));
        }
        unsentBytes = 0;
        writing = true;
        tcp.tell(TcpMessage.write(all, Written.INSTANCE), getSelf());
    }

    private void onLook() {
        long nowMs = home.inlet().nowMs();
        boolean idle = nowMs - lastByteMs > home.settings().idleTimeout().toMillis();
        boolean slow = framer.isInside()
                && nowMs - messageBeganMs > home.settings().messageTimeout().toMillis();
        boolean lingers = closing
                && nowMs - closingSinceMs > home.settings().messageTimeout().toMillis();
        if (idle || slow || lingers) {
            abort();
        }
    }

    private void abort() {
        if (tcp != null) {
            tcp.tell(TcpMessage.abort(), getSelf());
        } else {
            home.inlet().unreachable(socket, remote);
            getContext().stop(getSelf());
        }
    }

    /** All connections of a lane share one budget; who goes beyond it pays. */
    private void account() {
        long now = framer.capacity() + unsentBytes;
        boolean within = home.connections().hold(now - held);
        held = now;
        if (!within && now > StreamFramer.USUAL_SIZE) {
            abort();
        }
    }
}
