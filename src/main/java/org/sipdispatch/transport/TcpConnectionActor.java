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
import org.sipdispatch.settings.Section;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.SendFailure;

/**
 * One TCP connection, inbound or outbound: frames received bytes, queues messages to send, and closes if its peer is
 * idle, slow or sends malformed messages. Runs on its lane's thread and passes messages to the lane directly.
 */
final class TcpConnectionActor extends AbstractActor {
    private enum BytesWritten implements Tcp.Event {
        INSTANCE
    }

    private enum CloseWhenWritten {
        INSTANCE
    }

    /** The connection could not be opened for a reason on this node. */
    private record ConnectFailed(SendFailure why) {}

    /** Stops the actor after the messages that were sent to it before it left the table. */
    private enum Stop {
        INSTANCE
    }

    private enum CheckTimeouts {
        INSTANCE
    }

    /** The dependencies of a connection. */
    record LaneTcp(GuardedLane inlet, TcpConnections connections, TransportSettings settings) {
        private void hit(Limit limit, Supplier<String> what) {
            inlet.limits().hit(limit, GuardedLane.monotonicMs(), what);
        }
    }

    private static final byte[] PONG = {'\r', '\n'};
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    /** Akka reports a connection or a timeout; if it has reported neither by then, it could not start to connect. */
    private static final long AKKA_TELLS_MS = 1_000;

    private final LaneTcp lane;
    private final TcpAdmissions places;
    private final TcpAdmission place;
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
    private SendFailure closeReason;
    /** Why nothing more can be sent; null while sending is possible. */
    private SendFailure endReason;

    /** The two ends of a connection, its number, and its share of the limits. */
    private record Ends(ListenSocket socket, InetSocketAddress remote, long number, TcpAdmission place) {}

    /** Creates the actor of a connection that a peer has opened. */
    static void createInbound(ActorContext parent, LaneTcp home, Accepted taken) {
        Ends ends = new Ends(taken.socket, taken.remote, home.connections().nextNumber(), taken.place);
        open(parent, home, ends, taken.tcp);
    }

    /** A connection that Akka has accepted. */
    record Accepted(ListenSocket socket, InetSocketAddress remote, ActorRef tcp, TcpAdmission place) {}

    /** Opens a connection; null if the limit leaves no place for it. */
    static ActorRef createOutbound(ActorContext parent, LaneTcp home, ListenSocket socket, InetSocketAddress remote) {
        TcpAdmission place = home.connections().outbound().acquire(remote.getAddress());
        return place == null
                ? null
                : open(parent, home, new Ends(socket, remote, home.connections().nextNumber(), place), null);
    }

    /** Registers the connection before it is open, so that the next message to the peer does not open another. */
    private static ActorRef open(ActorContext parent, LaneTcp home, Ends ends, ActorRef tcp) {
        ActorRef connection =
                parent.actorOf(Props.create(TcpConnectionActor.class, () -> new TcpConnectionActor(home, ends, tcp))
                        .withDispatcher(LaneActor.DISPATCHER));
        ends.place.connection = connection;
        home.connections().add(ends.number, ends.socket, ends.remote, connection, tcp != null);
        return connection;
    }

    private TcpConnectionActor(LaneTcp home, Ends ends, ActorRef tcp) {
        this.lane = home;
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
        lastByteMs = lane.inlet().nowMs();
        lastSentMs = lastByteMs;
        if (tcp == null) {
            connect();
        } else {
            begin();
        }
        Scheduler scheduler = getContext().getSystem().scheduler();
        look = scheduler.scheduleWithFixedDelay(
                LOOK_EVERY,
                LOOK_EVERY,
                getSelf(),
                CheckTimeouts.INSTANCE,
                getContext().getDispatcher(),
                getSelf());
    }

    private void connect() {
        if (!LocalBind.hasDescriptor()) {
            getSelf().tell(new ConnectFailed(noDescriptor()), getSelf());
            return;
        }
        ActorRef self = getSelf();
        LocalBind near = new LocalBind(
                socket.local().getAddress(),
                () -> self.tell(new ConnectFailed(SendFailure.REFUSED_BY_SYSTEM), ActorRef.noSender()));
        Tcp.get(getContext().getSystem())
                .manager()
                .tell(
                        TcpMessage.connect(
                                remote,
                                null,
                                List.of(near, akka.io.TcpSO.tcpNoDelay(true)),
                                lane.settings().connectTimeout(),
                                true),
                        self);
    }

    @Override
    public void postStop() {
        look.cancel();
        lane.connections().buffers().hold(place, 0);
        places.release(place);
        leaveTable();
    }

    private void leaveTable() {
        lane.connections().remove(number, socket, remote, getSelf());
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
                .match(TcpConnections.Send.class, this::onSend)
                .matchEquals(BytesWritten.INSTANCE, written -> onBytesWritten())
                .matchEquals(CloseWhenWritten.INSTANCE, close -> onCloseWhenWritten())
                .matchEquals(CheckTimeouts.INSTANCE, ignored -> onCheckTimeouts())
                .match(TcpAdmission.Evicted.class, displaced -> onEvicted(displaced.why()))
                .match(Tcp.Connected.class, connected -> onConnected())
                .match(Tcp.CommandFailed.class, this::onCommandFailed)
                .match(ConnectFailed.class, failed -> end(failed.why()))
                .matchEquals(Stop.INSTANCE, end -> getContext().stop(getSelf()))
                .match(ConnectionClosed.class, closed -> onClosed())
                .match(akka.actor.Terminated.class, gone -> onClosed())
                .build();
    }

    private void onConnected() {
        tcp = getSender();
        if (endReason == null) {
            begin();
        } else {
            tcp.tell(TcpMessage.register(getSelf()), getSelf());
            tcp.tell(TcpMessage.abort(), getSelf());
        }
    }

    private void onCommandFailed(Tcp.CommandFailed failed) {
        if (failed.cmd() instanceof Tcp.Connect) {
            end(LocalBind.why(failed.cause().isEmpty() ? null : failed.cause().get()));
        } else {
            abort(SendFailure.CLOSED);
        }
    }

    private void onClosed() {
        end(closeReason == null ? SendFailure.UNREACHABLE : closeReason);
    }

    /** Nothing more can be sent or received: transactions fail over, senders of unsent messages get a response. */
    private void end(SendFailure why) {
        if (endReason != null) {
            return;
        }
        endReason = why;
        leaveTable();
        lane.inlet().lost(socket, remote, why);
        unsent.forEach(message -> message.notSent(lane, remote, why, closeReason));
        getSelf().tell(Stop.INSTANCE, getSelf());
    }

    private void onReceived(ByteString data) {
        if (closing) {
            tcp.tell(TcpMessage.resumeReading(), getSelf());
            return;
        }
        lastByteMs = lane.inlet().nowMs();
        places.use(place);
        if (!framer.isMidMessage()) {
            messageBeganMs = lastByteMs;
        }
        framer.add(data.toArray());
        Flow flow = new Flow(socket, remote, number);
        // An answer to a ping may take this connection above what it, or its address, may hold: the rest is not
        // relayed.
        while (!closing && !place.isEvicted()) {
            switch (framer.next()) {
                case MORE -> {
                    account();
                    tcp.tell(TcpMessage.resumeReading(), getSelf());
                    return;
                }
                case PING -> onSend(new TcpConnections.Send(PONG, null));
                case MESSAGE -> {
                    byte[] message = framer.message();
                    lane.inlet().received(message, 0, message.length, flow);
                    messageBeganMs = lastByteMs;
                }
                case BROKEN -> refuse(flow, 400, "Bad Content-Length");
                case TOO_LARGE -> tooLarge(flow);
            }
            framer.consume();
        }
    }

    private void tooLarge(Flow flow) {
        hit(Limit.MAX_MESSAGE_SIZE, "a larger message arrived", lane.settings().maxMessageSize() + " bytes");
        refuse(flow, 513, "Message Too Large");
    }

    private void hit(Limit limit, String what, String most) {
        lane.hit(
                limit,
                () -> what + " from " + remote.getAddress().getHostAddress() + " (expected: " + most
                        + " at most); its connection was closed");
    }

    /** The bytes after such a message cannot be framed, so the connection closes after the response. */
    private void refuse(Flow flow, int code, String reason) {
        lane.inlet().refuse(framer.message(), flow, code, reason);
        closing = true;
        closingSinceMs = lastByteMs;
        // The response arrives as a Send in this actor's mailbox; the connection closes after it.
        getSelf().tell(CloseWhenWritten.INSTANCE, getSelf());
        tcp.tell(TcpMessage.resumeReading(), getSelf());
    }

    private void onSend(TcpConnections.Send message) {
        if (endReason != null) {
            message.notSent(lane, remote, endReason, closeReason);
            return;
        }
        lastSentMs = lane.inlet().nowMs();
        unsent.add(message);
        places.use(place);
        account();
        int most = lane.settings().maxUnsent();
        if (unsent.bytes() > most) {
            hit(Limit.MAX_UNSENT, unsent.bytes() + " bytes wait for a peer that does not read", most + " bytes");
            abort(SendFailure.UNREACHABLE);
        } else {
            writeMore();
        }
    }

    private void onBytesWritten() {
        unsent.written();
        account();
        writeMore();
    }

    private void onCloseWhenWritten() {
        closeWhenWritten = true;
        writeMore();
    }

    private void writeMore() {
        if (unsent.isWriting() || tcp == null || endReason != null) {
            return;
        }
        if (!unsent.isWaiting()) {
            if (closeWhenWritten) {
                // A half close: closing both directions with unread bytes would send a reset instead of the response.
                tcp.tell(TcpMessage.confirmedClose(), getSelf());
            }
            return;
        }
        tcp.tell(TcpMessage.write(unsent.write(), BytesWritten.INSTANCE), getSelf());
    }

    private void onCheckTimeouts() {
        long nowMs = lane.inlet().nowMs();
        boolean idle = nowMs - Math.max(lastByteMs, lastSentMs)
                > lane.settings().idleTimeout().toMillis();
        Duration longest = lane.settings().messageTimeout();
        boolean slow = framer.isMidMessage() && nowMs - messageBeganMs > longest.toMillis();
        boolean lingers = closing && nowMs - closingSinceMs > longest.toMillis();
        if (tcp == null) {
            if (nowMs - lastByteMs > lane.settings().connectTimeout().toMillis() + AKKA_TELLS_MS) {
                end(LocalBind.hasDescriptor() ? SendFailure.REFUSED_BY_SYSTEM : noDescriptor());
            }
        } else if (slow) {
            hit(Limit.MESSAGE_TIMEOUT, "a message took longer", Section.format(longest));
            abort(SendFailure.UNREACHABLE);
        } else if (idle || lingers) {
            abort(SendFailure.CLOSED);
        }
    }

    private SendFailure noDescriptor() {
        lane.hit(
                Limit.FILE_DESCRIPTORS,
                () -> "none left for a connection to " + remote
                        + " (expected: more file descriptors than transport.tcp.max-outbound and the rest need)");
        return SendFailure.NO_DESCRIPTOR;
    }

    /** A lack of resources on this node says nothing about the peer. */
    private void onEvicted(SendFailure why) {
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
        closingSinceMs = lane.inlet().nowMs();
        closeReason = closeReason == null ? why : closeReason;
        tcp.tell(how, getSelf());
    }

    /** Updates the connection's share of the memory that the connections of the lane hold. */
    private void account() {
        long now = framer.capacity() + unsent.bytes();
        if (now != held) {
            held = now;
            lane.connections().buffers().hold(place, now);
        }
    }
}
