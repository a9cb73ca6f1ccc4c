package org.sipdispatch.transport;

import akka.actor.AbstractActorWithTimers;
import akka.actor.ActorRef;
import akka.actor.Props;
import akka.io.Tcp;
import akka.io.Tcp.ConnectionClosed;
import akka.io.TcpMessage;
import akka.util.ByteString;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.settings.Section;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;

/**
 * One TCP connection, inbound or outbound: frames received bytes, queues messages to send, and closes if its peer is
 * idle, slow or sends malformed messages. Runs on its lane's thread and passes messages to the lane directly.
 */
final class TcpConnectionActor extends AbstractActorWithTimers
        implements ClientDetectionStage.DetectionListener, ReceivedMessages.MessageListener {
    private enum Signal implements Tcp.Event {
        BYTES_WRITTEN,
        CLOSE_WHEN_WRITTEN,
        CHECK_TIMEOUTS,
        /** Stops the actor after the messages that were sent to it before it left the table. */
        STOP
    }

    /** Work for the stage that ran on another thread is done. */
    private record StageWorked(Runnable then) {}

    private static final byte[] PONG = {'\r', '\n'};
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    /** Akka reports a connection or a timeout; if it has reported neither by then, it could not start to connect. */
    private static final long AKKA_TELLS_MS = 1_000;

    private final LaneTcpContext lane;
    private final TcpAdmissions places;
    private final long number;
    private TcpAdmission place;
    private NextHop hop;
    private InetSocketAddress remote;
    private ReceivedMessages messages;
    private StreamStage stage;
    private HandshakeLimits.HandshakePermit handshake;
    private final UnsentMessages unsent = new UnsentMessages();
    private long held;
    private boolean readingPaused;
    private boolean hasReceived;
    private final TcpCloseState closing = new TcpCloseState();
    private ActorRef tcp;
    private long lastByteMs;
    private long lastSentMs;

    static Props props(LaneTcpContext lane, NewTcpConnection connection) {
        return Props.create(TcpConnectionActor.class, () -> new TcpConnectionActor(lane, connection))
                .withDispatcher(LaneActor.DISPATCHER);
    }

    private TcpConnectionActor(LaneTcpContext home, NewTcpConnection connection) {
        this.lane = home;
        number = connection.number();
        tcp = connection.tcp();
        places = connection.places(lane);
        take(connection);
        stage = StreamStageFactory.first(lane, connection, messages, this);
    }

    private void take(NewTcpConnection connection) {
        hop = connection.hop();
        remote = hop.remote();
        handshake = connection.handshake();
        place = connection.place();
        messages = new ReceivedMessages(lane, new Flow(hop.socket(), remote, number), this);
    }

    @Override
    public void identified(InetSocketAddress client, byte[] rest) {
        NewTcpConnection known = new NewTcpConnection(hop, number, place, handshake, tcp).of(lane, client);
        held = 0;
        if (known == null) {
            abort(SendFailure.CLOSED);
            return;
        }
        take(known);
        stage = StreamStageFactory.ofProtocol(lane, known, messages, this);
        stage.begin();
        if (rest.length > 0) {
            stage.received(rest);
        }
        writeMore();
    }

    @Override
    public void preStart() {
        lastByteMs = lane.inlet().nowMs();
        lastSentMs = lastByteMs;
        if (tcp == null) {
            TcpConnector.start(getContext(), lane, hop);
        } else {
            begin();
        }
        getTimers().startTimerWithFixedDelay(Signal.CHECK_TIMEOUTS, Signal.CHECK_TIMEOUTS, LOOK_EVERY);
    }

    @Override
    public void postStop() {
        lane.connections().buffers().hold(place, 0);
        places.release(place);
        leaveTable();
        if (handshake != null) {
            handshake.end();
        }
    }

    private TcpConnections.EndedConnection leaveTable() {
        return lane.connections().remove(number, hop, getSelf());
    }

    /** Tells the peer that the node stops. */
    private void onStopNode() {
        closing.beginByStop(lane.inlet().nowMs());
        if (tcp == null) {
            end(SendFailure.CLOSED);
        } else {
            stage.stopNode();
            writeMore();
        }
    }

    private void begin() {
        getContext().watch(tcp);
        tcp.tell(TcpMessage.register(getSelf(), false, true), getSelf());
        tcp.tell(TcpMessage.resumeReading(), getSelf());
        stage.begin();
        writeMore();
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(Tcp.Received.class, received -> onReceived(received.data()))
                .match(TcpConnections.Send.class, this::onSend)
                .matchEquals(Signal.BYTES_WRITTEN, written -> onBytesWritten())
                .matchEquals(Signal.CLOSE_WHEN_WRITTEN, close -> onCloseWhenWritten())
                .matchEquals(Signal.CHECK_TIMEOUTS, ignored -> onCheckTimeouts())
                .matchEquals(TcpCloseState.StopNode.INSTANCE, stop -> onStopNode())
                .match(TcpAdmission.Evicted.class, displaced -> onEvicted(displaced.why()))
                .match(Tcp.Connected.class, connected -> onConnected())
                .match(Tcp.CommandFailed.class, this::onCommandFailed)
                .match(StageWorked.class, worked -> onStageWorked(worked.then()))
                .match(TcpConnector.Failed.class, failed -> end(failed.why()))
                .matchEquals(Signal.STOP, end -> getContext().stop(getSelf()))
                .match(ConnectionClosed.class, closed -> onClosed())
                .match(akka.actor.Terminated.class, gone -> onClosed())
                .build();
    }

    private void onConnected() {
        tcp = getSender();
        if (closing.end() == null) {
            begin();
        } else {
            tcp.tell(TcpMessage.register(getSelf()), getSelf());
            tcp.tell(TcpMessage.abort(), getSelf());
        }
    }

    private void onCommandFailed(Tcp.CommandFailed failed) {
        if (failed.cmd() instanceof Tcp.Connect) {
            end(LocalBindOption.why(
                    failed.cause().isEmpty() ? null : failed.cause().get()));
        } else {
            abort(SendFailure.CLOSED);
        }
    }

    private void onClosed() {
        end(closing.reason() == null ? stage.closed() : closing.reason());
    }

    /** Nothing more can be sent or received: transactions fail over, senders of unsent messages get a response. */
    private void end(SendFailure why) {
        if (closing.end() != null) {
            return;
        }
        closing.ended(why);
        TcpConnections.EndedConnection ended = leaveTable();
        if (!closing.isByStop()) {
            // A failed handshake concerns only the messages that wait for it: another peer may be at the same address.
            if (why != SendFailure.TLS_FAILED) {
                lane.connections().lost(ended, why, stage.failure(), unsent.senders());
            }
            unsent.forEach(this::notSent);
        }
        getSelf().tell(Signal.STOP, getSelf());
    }

    private void notSent(TcpConnections.Send message) {
        message.notSent(lane, remote, closing, stage.failure());
    }

    private void onReceived(ByteString data) {
        if (!closing.hasBegun()) {
            lastByteMs = lane.inlet().nowMs();
            places.use(place);
            byte[] bytes = data.toArray();
            if (!hasReceived && UnexpectedProxyHeader.isRefused(lane, hop, bytes)) {
                ended(SendFailure.CLOSED);
            } else {
                stage.received(bytes);
            }
            hasReceived = true;
            account();
        }
        readOn();
    }

    /** Lets the peer send more, unless further bytes would have to wait. */
    private void readOn() {
        readingPaused = stage.isBusy();
        if (!readingPaused && closing.reason() == null && !place.isEvicted()) {
            tcp.tell(TcpMessage.resumeReading(), getSelf());
        }
    }

    @Override
    public void arrived(byte[] bytes) {
        messages.arrived(bytes, lastByteMs);
    }

    @Override
    public void arrivedWhole(byte[] message) {
        messages.arrivedWhole(message);
    }

    @Override
    public boolean takesMessages() {
        // With an answer to a ping this connection, or its address, may exceed the bytes that it may hold: the rest is
        // not relayed.
        return !closing.hasBegun() && !place.isEvicted();
    }

    @Override
    public void ping() {
        onSend(lane.connections().own(PONG));
    }

    /** The bytes that follow cannot be framed, so the connection closes after the response. */
    @Override
    public void refused() {
        closing.begin(lane.inlet().nowMs());
        if (stage.isClosed() && !closing.isByStop()) {
            lane.connections().lost(leaveTable(), SendFailure.UNREACHABLE, stage.failure(), unsent.senders());
        }
        // The response arrives as a Send in this actor's mailbox; the connection closes after it.
        getSelf().tell(Signal.CLOSE_WHEN_WRITTEN, getSelf());
    }

    @Override
    public void writable() {
        writeMore();
    }

    /** Closes after the last bytes of the stage, such as an alert. */
    @Override
    public void ended(SendFailure why) {
        if (!unsent.isWriting() && stage.hasOutput()) {
            tcp.tell(TcpMessage.write(stage.write(ByteString.emptyByteString())), getSelf());
        }
        closing.begin(lane.inlet().nowMs(), why);
        tcp.tell(TcpMessage.close(), getSelf());
    }

    @Override
    public void offLane(Runnable work, Runnable then) {
        ActorRef self = getSelf();
        lane.tls().tasks().execute(() -> {
            try {
                work.run();
            } finally {
                self.tell(new StageWorked(then), ActorRef.noSender());
            }
        });
    }

    private void onStageWorked(Runnable then) {
        if (closing.end() == null) {
            then.run();
            if (readingPaused) {
                readOn();
            }
        }
    }

    private void onSend(TcpConnections.Send message) {
        if (closing.end() != null) {
            notSent(message);
            return;
        }
        lastSentMs = lane.inlet().nowMs();
        unsent.add(message);
        places.use(place);
        account();
        int most = lane.settings().maxUnsent();
        if (unsent.bytes() > most) {
            messages.hit(
                    Limit.MAX_UNSENT, unsent.bytes() + " bytes wait for a peer that does not read", most + " bytes");
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
        closing.whenWritten();
        writeMore();
    }

    private void writeMore() {
        if (unsent.isWriting() || tcp == null || closing.end() != null) {
            return;
        }
        boolean done = closing.isWhenWritten() && (!unsent.isWaiting() || stage.isClosed());
        if (done) {
            stage.close();
        }
        boolean messages = unsent.isWaiting() && stage.isOpen();
        if (messages || stage.hasOutput()) {
            tcp.tell(
                    TcpMessage.write(stage.write(unsent.write(messages ? stage::framed : null)), Signal.BYTES_WRITTEN),
                    getSelf());
        } else if (done) {
            // A half close: closing both directions with unread bytes would send a reset instead of the response.
            tcp.tell(TcpMessage.confirmedClose(), getSelf());
        }
    }

    private void onCheckTimeouts() {
        long nowMs = lane.inlet().nowMs();
        boolean idle = nowMs - Math.max(lastByteMs, lastSentMs)
                > lane.settings().idleTimeout().toMillis();
        Duration longest = lane.settings().messageTimeout();
        boolean slow = messages.isSlow(nowMs);
        if (tcp == null) {
            if (nowMs - lastByteMs > lane.settings().connectTimeout().toMillis() + AKKA_TELLS_MS) {
                end(TcpConnector.whyNotStarted(lane, remote));
            }
        } else if (slow) {
            messages.hit(Limit.MESSAGE_TIMEOUT, "a message took longer", Section.format(longest));
            abort(SendFailure.UNREACHABLE);
        } else if (idle || closing.lingers(nowMs, longest)) {
            abort(SendFailure.CLOSED);
        } else {
            stage.checkTimeout(nowMs);
        }
    }

    /** A lack of resources on this node says nothing about the peer. */
    private void onEvicted(SendFailure why) {
        if (!closing.hasBegun()) {
            close(why, unsent.bytes() == 0 ? TcpMessage.close() : TcpMessage.abort());
        }
    }

    private void abort(SendFailure why) {
        close(why, TcpMessage.abort());
    }

    /** {@code why}: the failure reported to the requests that wait for an answer on this connection. */
    private void close(SendFailure why, Tcp.Command how) {
        if (tcp == null) {
            end(why);
            return;
        }
        closing.begin(lane.inlet().nowMs(), why);
        tcp.tell(how, getSelf());
    }

    /** Updates the connection's share of the memory that the connections of the lane hold. */
    private void account() {
        long now = messages.held() + stage.held() + unsent.bytes();
        if (now != held) {
            held = now;
            lane.connections().buffers().hold(place, now);
        }
    }
}
