package org.sipdispatch.transport;

import akka.util.ByteString;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.settings.Section;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.websocket.CloseReason;
import org.sipdispatch.websocket.WebSocketFailure;
import org.sipdispatch.websocket.WebSocketFrame;
import org.sipdispatch.websocket.WebSocketHandshake;
import org.sipdispatch.websocket.WebSocketReader;

/**
 * WebSocket on one connection of a client (RFC 6455, RFC 7118), above the stage that is nearer to the network. Each
 * message is a frame.
 */
final class WebSocketStage implements StreamStage, StreamStage.StreamListener {
    /** Receives the result of the handshake, and later failures. */
    interface Listener {
        /** The handshake is complete. */
        void opened();

        /** The handshake failed, or the client was refused later. */
        void failed(WebSocketFailure why, String detail);

        /** The client was refused because of a limit. */
        void reached(Limit limit, String what, String most);
    }

    /**
     * The limits of a connection.
     *
     * @param origins the accepted origins; empty for any
     */
    record ConnectionLimits(
            Set<String> origins, int maxMessageSize, long handshakeMs, long messageMs, long pingIntervalMs) {
        static ConnectionLimits of(TransportSettings settings) {
            return new ConnectionLimits(
                    settings.webSocket().origins(),
                    settings.maxMessageSize(),
                    settings.webSocket().handshakeTimeout().toMillis(),
                    settings.messageTimeout().toMillis(),
                    settings.webSocket().pingInterval().toMillis());
        }
    }

    private enum State {
        HANDSHAKE,
        OPEN,
        /** The last output is a Close frame, or the refusal of the handshake. */
        CLOSED
    }

    private final StreamListener owner;
    private final Listener listener;
    private final LongSupplier nowMs;
    private final ConnectionLimits limits;
    private final WebSocketHandshake handshake;
    private final WebSocketReader reader;
    private StreamStage nearer;
    private State state = State.HANDSHAKE;
    private ByteString output = ByteString.emptyByteString();
    /** The answer to the newest ping; null for none. */
    private byte[] pong;

    private long handshakeBeganMs = -1;
    private long messageBeganMs;
    private long receivedMs;
    private boolean begun;
    /** When the ping was sent after which nothing has arrived yet; -1 for none. */
    private long pingedMs = -1;

    WebSocketStage(ConnectionLimits limits, LongSupplier nowMs, StreamListener owner, Listener listener) {
        this.limits = limits;
        this.nowMs = nowMs;
        this.owner = owner;
        this.listener = listener;
        handshake = new WebSocketHandshake(limits.origins());
        reader = new WebSocketReader(limits.maxMessageSize());
    }

    /** Sets the stage that is nearer to the network, whose owner this one is. Call it first. */
    WebSocketStage over(StreamStage below) {
        nearer = below;
        return this;
    }

    @Override
    public void begin() {
        nearer.begin();
    }

    @Override
    public void received(byte[] bytes) {
        nearer.received(bytes);
    }

    @Override
    public void arrived(byte[] bytes) {
        receivedMs = nowMs.getAsLong();
        begun = true;
        pingedMs = -1;
        switch (state) {
            case HANDSHAKE -> handshake(bytes);
            case OPEN -> read(bytes);
            case CLOSED -> {}
        }
    }

    private void handshake(byte[] bytes) {
        WebSocketHandshake.Outcome outcome = handshake.add(bytes);
        if (outcome != null) {
            end(outcome);
        }
    }

    private void end(WebSocketHandshake.Outcome outcome) {
        output = ByteString.fromArrayUnsafe(outcome.response());
        if (outcome.failure() != null) {
            state = State.CLOSED;
            listener.failed(outcome.failure(), outcome.detail());
            owner.refused();
            return;
        }
        state = State.OPEN;
        listener.opened();
        owner.writable();
        if (outcome.rest().length > 0) {
            read(outcome.rest());
        }
    }

    private void read(byte[] bytes) {
        if (!reader.isMidMessage()) {
            messageBeganMs = receivedMs;
        }
        reader.add(bytes);
        while (state == State.OPEN) {
            switch (reader.next()) {
                case MORE -> {
                    return;
                }
                case MESSAGE -> {
                    messageBeganMs = receivedMs;
                    owner.arrivedWhole(reader.payload());
                }
                case PING -> {
                    // RFC 6455 section 5.5.3: only the newest ping needs an answer.
                    pong = reader.payload();
                    owner.writable();
                }
                case PONG -> {}
                case CLOSE -> close(reader.closeReason());
                case FAILED -> failed(reader.closeReason());
            }
        }
    }

    private void failed(CloseReason why) {
        if (why.code() == CloseReason.TOO_BIG) {
            listener.reached(Limit.MAX_MESSAGE_SIZE, "a larger message arrived", limits.maxMessageSize() + " bytes");
        } else {
            listener.failed(WebSocketFailure.PROTOCOL_ERROR, why.text());
        }
        close(why);
    }

    /** The last frame; no other may follow it. */
    private void close(CloseReason why) {
        state = State.CLOSED;
        pong = null;
        output = output.concat(ByteString.fromArrayUnsafe(WebSocketFrame.close(why)));
        owner.refused();
    }

    @Override
    public void writable() {
        owner.writable();
    }

    @Override
    public void ended(SendFailure why) {
        interrupted(why);
        owner.ended(why);
    }

    @Override
    public void offLane(Runnable work, Runnable then) {
        owner.offLane(work, then);
    }

    @Override
    public boolean isOpen() {
        return state == State.OPEN && nearer.isOpen();
    }

    @Override
    public boolean isClosed() {
        return state == State.CLOSED;
    }

    @Override
    public boolean isBusy() {
        return nearer.isBusy();
    }

    @Override
    public boolean hasOutput() {
        return nearer.hasOutput() || nearer.isOpen() && hasFrames();
    }

    private boolean hasFrames() {
        return !output.isEmpty() || pong != null;
    }

    @Override
    public ByteString framed(byte[] message) {
        return ByteString.fromArrayUnsafe(WebSocketFrame.headerOf(message)).concat(ByteString.fromArrayUnsafe(message));
    }

    @Override
    public ByteString write(ByteString messages) {
        if (!nearer.isOpen()) {
            return nearer.write(ByteString.emptyByteString());
        }
        ByteString all = output;
        output = ByteString.emptyByteString();
        if (pong != null) {
            all = all.concat(ByteString.fromArrayUnsafe(WebSocketFrame.pong(pong)));
            pong = null;
        }
        return nearer.write(all.concat(messages));
    }

    @Override
    public void stopNode() {
        if (state == State.OPEN) {
            close(new CloseReason(CloseReason.GOING_AWAY, "the node stops"));
        }
    }

    @Override
    public void close() {
        if (!hasFrames()) {
            nearer.close();
        }
    }

    @Override
    public SendFailure closed() {
        SendFailure why = nearer.closed();
        interrupted(why);
        return why;
    }

    /**
     * A connection without a byte is the check of a load balancer.
     *
     * @param why a failure of the TLS handshake has been reported already
     */
    private void interrupted(SendFailure why) {
        if (state == State.HANDSHAKE && begun && why != SendFailure.TLS_FAILED) {
            listener.failed(WebSocketFailure.CLOSED, "the client closed the connection during the handshake");
        }
        state = State.CLOSED;
    }

    @Override
    public void checkTimeout(long timeMs) {
        nearer.checkTimeout(timeMs);
        if (!nearer.isOpen()) {
            return;
        }
        switch (state) {
            case HANDSHAKE -> checkHandshake(timeMs);
            case OPEN -> checkClient(timeMs);
            case CLOSED -> {}
        }
    }

    private void checkHandshake(long timeMs) {
        if (handshakeBeganMs < 0) {
            handshakeBeganMs = timeMs;
        } else if (timeMs - handshakeBeganMs >= limits.handshakeMs()) {
            end(WebSocketHandshake.late());
        }
    }

    private void checkClient(long timeMs) {
        if (reader.isMidMessage() && timeMs - messageBeganMs > limits.messageMs()) {
            listener.reached(
                    Limit.MESSAGE_TIMEOUT,
                    "a message took longer",
                    Section.format(Duration.ofMillis(limits.messageMs())));
            close(new CloseReason(CloseReason.POLICY, "a message took too long"));
        } else if (pingedMs >= 0 && timeMs - pingedMs > limits.pingIntervalMs()) {
            listener.failed(WebSocketFailure.PING_TIMEOUT, "it sent nothing, and did not answer a ping");
            close(new CloseReason(CloseReason.POLICY, "a ping was not answered"));
        } else if (pingedMs < 0 && timeMs - receivedMs >= limits.pingIntervalMs()) {
            pingedMs = timeMs;
            output = output.concat(ByteString.fromArrayUnsafe(WebSocketFrame.ping()));
            owner.writable();
        }
    }

    @Override
    public int held() {
        return nearer.held() + handshake.held() + reader.held() + output.size() + (pong == null ? 0 : pong.length);
    }
}
