package org.sipdispatch.transport;

import akka.actor.AbstractActor;
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
    private boolean writing;
    private boolean closing;
    private ActorRef tcp;
    private long lastByteMs;
    private long messageBeganMs;
    private Cancellable look;

    /** For a connection that a peer has made. */
    static Props taken(Home home, ListenSocket socket, InetSocketAddress remote, ActorRef tcp) {
        return Props.create(TcpConnectionActor.class, () -> new TcpConnectionActor(home, socket, remote, tcp));
    }

    /** For one that is to be made. */
    static Props made(Home home, ListenSocket socket, InetSocketAddress remote) {
        return Props.create(TcpConnectionActor.class, () -> new TcpConnectionActor(home, socket, remote, null));
    }

    private TcpConnectionActor(Home home, ListenSocket socket, InetSocketAddress remote, ActorRef tcp) {
        this.home = home;
        this.socket = socket;
        this.remote = remote;
        this.tcp = tcp;
        number = home.connections().nextNumber();
        framer = new StreamFramer(home.settings().maxMessageSize());
    }

    @Override
    public void preStart() {
        home.connections().add(number, socket, remote, getSelf());
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
                .matchEquals(Look.INSTANCE, ignored -> onLook())
                .match(Tcp.Connected.class, connected -> onConnected())
                .match(Tcp.CommandFailed.class, failed -> onCommandFailed(failed.cmd()))
                .match(ConnectionClosed.class, closed -> getContext().stop(getSelf()))
                .match(akka.actor.Terminated.class, gone -> getContext().stop(getSelf()))
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

    private void onReceived(ByteString data) {
        lastByteMs = home.inlet().nowMs();
        if (!framer.isInside()) {
            messageBeganMs = lastByteMs;
        }
        framer.add(data.toArray());
        Flow flow = new Flow(socket, remote, number);
        while (!closing) {
            switch (framer.next()) {
                case MORE -> {
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
        // The answer comes back as a Send of our own mailbox; close behind it.
        closing = true;
        getSelf().tell(Written.INSTANCE, getSelf());
    }

    private void onSend(byte[] bytes) {
        unsent.add(bytes);
        unsentBytes += bytes.length;
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

    private void writeMore() {
        if (writing || tcp == null) {
            return;
        }
        if (unsent.isEmpty()) {
            if (closing) {
                tcp.tell(TcpMessage.close(), getSelf());
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
        if (idle || slow) {
            abort();
        }
    }

    private void abort() {
        if (tcp != null) {
            tcp.tell(TcpMessage.abort(), getSelf());
        } else {
            getContext().stop(getSelf());
        }
    }
}
