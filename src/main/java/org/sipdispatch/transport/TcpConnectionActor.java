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
import org.sipdispatch.relay.Limit;
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

    /** Its place, or the memory that it holds, is needed for others. */
    enum Displaced {
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
    private final TcpPlaces places;
    private final TcpPlace place;
    private final ListenSocket socket;
    private final InetSocketAddress remote;
    private final long number;
    private final StreamFramer framer;
    private final Deque<byte[]> unsent = new ArrayDeque<>();
    /** What waits to be sent, and what Akka has not written yet. */
    private long unsentBytes;

    private long writingBytes;
    private long held;
    private boolean writing;
    private boolean closing;
    private boolean closeWhenWritten;
    private long closingSinceMs;
    private ActorRef tcp;
    private long lastByteMs;
    private long messageBeganMs;
    private Cancellable look;

    /** The two ends of a connection, its number, and what it takes of the limits. */
    private record Ends(ListenSocket socket, InetSocketAddress remote, long number, TcpPlace place) {}

    /** Takes a connection that a peer has made. */
    static void taken(ActorContext parent, Home home, Taken taken) {
        Ends ends = new Ends(taken.socket, taken.remote, home.connections().nextNumber(), taken.place);
        open(parent, home, ends, taken.tcp);
    }

    /** A connection as Akka tells of it. */
    record Taken(ListenSocket socket, InetSocketAddress remote, ActorRef tcp, TcpPlace place) {}

    /** Makes one; null if there is no place for it. */
    static ActorRef made(ActorContext parent, Home home, ListenSocket socket, InetSocketAddress remote) {
        TcpPlace place = home.connections().outbound().take(remote.getAddress());
        return place == null
                ? null
                : open(parent, home, new Ends(socket, remote, home.connections().nextNumber(), place), null);
    }

    /** It is in the table as soon as it is begun, so that the next message to that peer does not begin another. */
    private static ActorRef open(ActorContext parent, Home home, Ends ends, ActorRef tcp) {
        ActorRef connection =
                parent.actorOf(Props.create(TcpConnectionActor.class, () -> new TcpConnectionActor(home, ends, tcp))
                        .withDispatcher(LaneActor.DISPATCHER));
        ends.place.connection = connection;
        home.connections().add(ends.number, ends.socket, ends.remote, connection);
        return connection;
    }

    private TcpConnectionActor(Home home, Ends ends, ActorRef tcp) {
        this.home = home;
        this.socket = ends.socket;
        this.remote = ends.remote;
        this.number = ends.number;
        place = ends.place;
        places =
                tcp == null ? home.connections().outbound() : home.connections().inbound();
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
        home.connections().buffers().hold(place, 0);
        places.free(place);
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
                .matchEquals(Displaced.INSTANCE, displaced -> onDisplaced())
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
        places.use(place);
        if (!framer.isInside()) {
            messageBeganMs = lastByteMs;
        }
        framer.add(data.toArray());
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
                case TOO_LARGE -> tooLarge(flow);
            }
            framer.consume();
        }
    }

    private void tooLarge(Flow flow) {
        hit(Limit.MAX_MESSAGE_SIZE, "a larger message came", home.settings().maxMessageSize());
        refuse(flow, 513, "Message Too Large");
    }

    private void hit(Limit limit, String what, Object most) {
        home.inlet()
                .limits()
                .hit(
                        limit,
                        LaneInlet.realMs(),
                        () -> what + " from " + remote.getAddress().getHostAddress() + " (expected: " + most
                                + " at most); its connection was closed");
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
        places.use(place);
        account();
        if (unsentBytes > home.settings().maxUnsent()) {
            hit(
                    Limit.MAX_UNSENT,
                    unsentBytes + " bytes wait for a peer that does not read",
                    home.settings().maxUnsent());
            abort();
        } else {
            writeMore();
        }
    }

    private void onWritten() {
        writing = false;
        unsentBytes -= writingBytes;
        writingBytes = 0;
        account();
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
        writingBytes = unsentBytes;
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
        if (slow) {
            hit(
                    Limit.MESSAGE_TIMEOUT,
                    "a message took longer",
                    home.settings().messageTimeout().toMillis() + " ms");
        }
        if (idle || slow || lingers || neverMade(nowMs)) {
            abort();
        }
    }

    /** Akka says nothing when it has no file descriptor for a connection. */
    private boolean neverMade(long nowMs) {
        long patienceMs = home.settings().connectTimeout().plus(LOOK_EVERY).toMillis();
        boolean never = tcp == null && nowMs - lastByteMs > patienceMs;
        if (never) {
            home.inlet()
                    .limits()
                    .hit(
                            Limit.FILE_DESCRIPTORS,
                            LaneInlet.realMs(),
                            () -> "none left for a connection to " + remote
                                    + " (expected: more file descriptors than transport.tcp.max-outbound and the rest need)");
        }
        return never;
    }

    /** That there is no room here says nothing about the peer. */
    private void onDisplaced() {
        if (tcp == null) {
            abort();
        } else if (!closing) {
            closing = true;
            closingSinceMs = home.inlet().nowMs();
            tcp.tell(unsentBytes == 0 ? TcpMessage.close() : TcpMessage.abort(), getSelf());
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

    /** What it holds of the memory that all connections of the lane share. */
    private void account() {
        long now = framer.capacity() + unsentBytes;
        if (now != held) {
            held = now;
            home.connections().buffers().hold(place, now);
        }
    }
}
