package org.sipdispatch.transport;

import akka.actor.AbstractActor;
import akka.actor.ActorContext;
import akka.actor.ActorRef;
import akka.actor.Cancellable;
import akka.actor.Props;
import akka.actor.Scheduler;
import akka.io.Tcp;
import akka.io.Tcp.ConnectionClosed;
import akka.io.TcpMessage;
import akka.util.ByteString;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.SendFailure;

/**
 * One TCP connection, inbound or outbound: frames received bytes, queues messages to send, and closes if its peer is
 * idle, slow or sends malformed messages. Runs on its lane's thread and passes messages to the lane directly.
 */
final class TcpConnectionActor extends AbstractActor {
    /** Sends a complete message. */
    record Send(byte[] bytes) {}

    private enum Written implements Tcp.Event {
        INSTANCE
    }

    /** Closes the connection to free its slot or memory for others; pending messages fail with {@code why}. */
    record Displaced(SendFailure why) {}

    private enum CloseWhenWritten {
        INSTANCE
    }

    /** The connection could not be opened for a reason on this node. */
    private record NotMade(SendFailure why) {}

    /** Stops the actor after the messages that were sent to it before it left the table. */
    private enum End {
        INSTANCE
    }

    private enum Look {
        INSTANCE
    }

    /** The dependencies of a connection. */
    record Home(LaneInlet inlet, TcpConnections connections, TransportSettings settings) {
        private void hit(Limit limit, Supplier<String> what) {
            inlet.limits().hit(limit, LaneInlet.realMs(), what);
        }
    }

    private static final byte[] PONG = {'\r', '\n'};
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    /** Akka reports a connection or a timeout; if it has reported neither by then, it could not start to connect. */
    private static final long AKKA_TELLS_MS = 1_000;

    private final Home home;
    private final TcpPlaces places;
    private final TcpPlace place;
    private final ListenSocket socket;
    private final InetSocketAddress remote;
    private final long number;
    private final StreamFramer framer;
    private final UnsentMessages unsent = new UnsentMessages();
    private long held;
    private boolean closing;
    private boolean closeWhenWritten;
    private long closingSinceMs;
    private ActorRef tcp;
    private long lastByteMs;
    private long lastSentMs;
    private long messageBeganMs;
    private Cancellable look;
    /** Why this node is closing the connection; null if it is not. */
    private SendFailure closes;
    /** Why nothing more can be sent; null while sending is possible. */
    private SendFailure ended;

    /** The two ends of a connection, its number, and its share of the limits. */
    private record Ends(ListenSocket socket, InetSocketAddress remote, long number, TcpPlace place) {}

    /** Creates the actor of a connection that a peer has opened. */
    static void taken(ActorContext parent, Home home, Taken taken) {
        Ends ends = new Ends(taken.socket, taken.remote, home.connections().nextNumber(), taken.place);
        open(parent, home, ends, taken.tcp);
    }

    /** A connection that Akka has accepted. */
    record Taken(ListenSocket socket, InetSocketAddress remote, ActorRef tcp, TcpPlace place) {}

    /** Opens a connection; null if the limit leaves no place for it. */
    static ActorRef made(ActorContext parent, Home home, ListenSocket socket, InetSocketAddress remote) {
        TcpPlace place = home.connections().outbound().take(remote.getAddress());
        return place == null
                ? null
                : open(parent, home, new Ends(socket, remote, home.connections().nextNumber(), place), null);
    }

    /** Registers the connection before it is open, so that the next message to the peer does not open another. */
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
        lastSentMs = lastByteMs;
        if (tcp == null) {
            connect();
        } else {
            begin();
        }
        Scheduler scheduler = getContext().getSystem().scheduler();
        look = scheduler.scheduleWithFixedDelay(
                LOOK_EVERY, LOOK_EVERY, getSelf(), Look.INSTANCE, getContext().getDispatcher(), getSelf());
    }

    private void connect() {
        if (!NearEnd.hasDescriptor()) {
            getSelf().tell(new NotMade(noDescriptor()), getSelf());
            return;
        }
        ActorRef self = getSelf();
        NearEnd near = new NearEnd(
                socket.local().getAddress(),
                () -> self.tell(new NotMade(SendFailure.REFUSED_BY_SYSTEM), ActorRef.noSender()));
        Tcp.get(getContext().getSystem())
                .manager()
                .tell(
                        TcpMessage.connect(
                                remote,
                                null,
                                List.of(near, akka.io.TcpSO.tcpNoDelay(true)),
                                home.settings().connectTimeout(),
                                true),
                        self);
    }

    @Override
    public void postStop() {
        look.cancel();
        home.connections().buffers().hold(place, 0);
        places.free(place);
        leaveTable();
    }

    private void leaveTable() {
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
                .match(Displaced.class, displaced -> onDisplaced(displaced.why()))
                .match(Tcp.Connected.class, connected -> onConnected())
                .match(Tcp.CommandFailed.class, this::onCommandFailed)
                .match(NotMade.class, failed -> end(failed.why()))
                .matchEquals(End.INSTANCE, end -> getContext().stop(getSelf()))
                .match(ConnectionClosed.class, closed -> onClosed())
                .match(akka.actor.Terminated.class, gone -> onClosed())
                .build();
    }

    private void onConnected() {
        tcp = getSender();
        if (ended == null) {
            begin();
        } else {
            tcp.tell(TcpMessage.register(getSelf()), getSelf());
            tcp.tell(TcpMessage.abort(), getSelf());
        }
    }

    private void onCommandFailed(Tcp.CommandFailed failed) {
        if (failed.cmd() instanceof Tcp.Connect) {
            end(NearEnd.why(failed.cause().isEmpty() ? null : failed.cause().get()));
        } else {
            abort(SendFailure.CLOSED);
        }
    }

    private void onClosed() {
        end(closes == null ? SendFailure.UNREACHABLE : closes);
    }

    /** Nothing more can be sent or received: transactions fail over, senders of unsent messages get a response. */
    private void end(SendFailure why) {
        if (ended != null) {
            return;
        }
        ended = why;
        leaveTable();
        home.inlet().lost(socket, remote, why);
        unsent.forEach(bytes -> home.inlet().notSent(bytes, remote, why));
        getSelf().tell(End.INSTANCE, getSelf());
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
        // An answer to a ping may take this connection above what it, or its address, may hold: the rest is not
        // relayed.
        while (!closing && !place.isDisplaced()) {
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
        hit(Limit.MAX_MESSAGE_SIZE, "a larger message arrived", home.settings().maxMessageSize());
        refuse(flow, 513, "Message Too Large");
    }

    private void hit(Limit limit, String what, Object most) {
        home.hit(
                limit,
                () -> what + " from " + remote.getAddress().getHostAddress() + " (expected: " + most
                        + " at most); its connection was closed");
    }

    /** The bytes after such a message cannot be framed, so the connection closes after the response. */
    private void refuse(Flow flow, int code, String reason) {
        home.inlet().refuse(framer.message(), flow, code, reason);
        closing = true;
        closingSinceMs = lastByteMs;
        // The response arrives as a Send in this actor's mailbox; the connection closes after it.
        getSelf().tell(CloseWhenWritten.INSTANCE, getSelf());
        tcp.tell(TcpMessage.resumeReading(), getSelf());
    }

    private void onSend(byte[] bytes) {
        if (ended != null) {
            home.inlet().notSent(bytes, remote, ended);
            return;
        }
        lastSentMs = home.inlet().nowMs();
        unsent.add(bytes);
        places.use(place);
        account();
        int most = home.settings().maxUnsent();
        if (unsent.bytes() > most) {
            hit(Limit.MAX_UNSENT, unsent.bytes() + " bytes wait for a peer that does not read", most);
            abort(SendFailure.UNREACHABLE);
        } else {
            writeMore();
        }
    }

    private void onWritten() {
        unsent.written();
        account();
        writeMore();
    }

    private void onCloseWhenWritten() {
        closeWhenWritten = true;
        writeMore();
    }

    private void writeMore() {
        if (unsent.isWriting() || tcp == null || ended != null) {
            return;
        }
        if (!unsent.isWaiting()) {
            if (closeWhenWritten) {
                // A half close: closing both directions with unread bytes would send a reset instead of the response.
                tcp.tell(TcpMessage.confirmedClose(), getSelf());
            }
            return;
        }
        tcp.tell(TcpMessage.write(unsent.write(), Written.INSTANCE), getSelf());
    }

    private void onLook() {
        long nowMs = home.inlet().nowMs();
        boolean idle = nowMs - Math.max(lastByteMs, lastSentMs)
                > home.settings().idleTimeout().toMillis();
        boolean slow = framer.isInside()
                && nowMs - messageBeganMs > home.settings().messageTimeout().toMillis();
        boolean lingers = closing
                && nowMs - closingSinceMs > home.settings().messageTimeout().toMillis();
        if (tcp == null) {
            if (nowMs - lastByteMs > home.settings().connectTimeout().toMillis() + AKKA_TELLS_MS) {
                end(NearEnd.hasDescriptor() ? SendFailure.REFUSED_BY_SYSTEM : noDescriptor());
            }
        } else if (slow) {
            hit(Limit.MESSAGE_TIMEOUT, "a message took longer", home.settings().messageTimeout());
            abort(SendFailure.UNREACHABLE);
        } else if (idle || lingers) {
            abort(SendFailure.CLOSED);
        }
    }

    private SendFailure noDescriptor() {
        home.hit(
                Limit.FILE_DESCRIPTORS,
                () -> "none left for a connection to " + remote
                        + " (expected: more file descriptors than transport.tcp.max-outbound and the rest need)");
        return SendFailure.NO_DESCRIPTOR;
    }

    /** A lack of resources on this node says nothing about the peer. */
    private void onDisplaced(SendFailure why) {
        if (!closing) {
            close(why, unsent.bytes() == 0 ? TcpMessage.close() : TcpMessage.abort());
        }
    }

    /** {@code why} is the failure of transactions that wait for a response. */
    private void abort(SendFailure why) {
        close(why, TcpMessage.abort());
    }

    /** {@code why}: the failure reported to the requests that wait for an answer on this connection. */
    private void close(SendFailure why, Tcp.Command how) {
        if (tcp == null) {
            end(why);
            return;
        }
        closing = true;
        closingSinceMs = home.inlet().nowMs();
        closes = closes == null ? why : closes;
        tcp.tell(how, getSelf());
    }

    /** Updates the connection's share of the memory that the connections of the lane hold. */
    private void account() {
        long now = framer.capacity() + unsent.bytes();
        if (now != held) {
            held = now;
            home.connections().buffers().hold(place, now);
        }
    }
}
