package org.sipdispatch.transport;

import akka.util.ByteString;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.sipdispatch.observation.TlsFailure;
import org.sipdispatch.transaction.SendFailure;

/**
 * TLS on one connection. Records are opened and sealed on the lane's thread; the engine's tasks, which are the expensive
 * part of a handshake, run elsewhere, and nothing touches the engine meanwhile.
 */
final class TlsStage implements StreamStage {
    /** Receives the result of a handshake. */
    interface HandshakeListener {
        /**
         * The handshake is complete.
         *
         * @throws SSLException if the peer is refused nevertheless
         */
        void completed(SSLEngine engine) throws SSLException;

        /** The handshake failed, or the peer refused the connection after it. */
        void failed(TlsFailure why, String detail);
    }

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final ByteBuffer NO_MESSAGE = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private final TlsBuffers buffers;
    private final StreamListener owner;
    private final HandshakeListener listener;
    private final long timeoutAtMs;
    /** Received bytes that the engine has not opened. */
    private ByteBuffer incoming = NOTHING;

    private ByteString output = ByteString.emptyByteString();
    private boolean working;
    private boolean completed;
    private boolean over;
    private String failure = "";

    /**
     * @param buffers shared by the connections of a lane
     * @param timeoutAtMs when the handshake must be complete
     */
    TlsStage(SSLEngine engine, TlsBuffers buffers, long timeoutAtMs, StreamListener owner, HandshakeListener listener) {
        this.engine = engine;
        this.buffers = buffers;
        this.timeoutAtMs = timeoutAtMs;
        this.owner = owner;
        this.listener = listener;
    }

    @Override
    public void begin() {
        try {
            engine.beginHandshake();
        } catch (SSLException e) {
            fail(e);
            return;
        }
        advance();
    }

    @Override
    public void received(byte[] bytes) {
        if (over) {
            return;
        }
        incoming = incoming.hasRemaining()
                ? ByteBuffer.allocate(incoming.remaining() + bytes.length)
                        .put(incoming)
                        .put(bytes)
                        .flip()
                : ByteBuffer.wrap(bytes);
        advance();
    }

    /**
     * Frees the memory of the opened records, once for all records that arrived together, because each time copies the
     * rest.
     */
    private void releaseOpened() {
        if (!incoming.hasRemaining()) {
            incoming = NOTHING;
        } else if (incoming.position() > 0) {
            incoming = ByteBuffer.allocate(incoming.remaining()).put(incoming).flip();
        }
    }

    private void advance() {
        boolean hadOutput = hasOutput();
        boolean wasOpen = isOpen();
        try {
            while (!working && !over && step()) {
                // Each step tells whether there is another one.
            }
        } catch (SSLException e) {
            fail(e);
            return;
        }
        releaseOpened();
        if (!over && (!hadOutput && hasOutput() || !wasOpen && isOpen())) {
            owner.writable();
        }
    }

    private boolean step() throws SSLException {
        HandshakeStatus status = engine.getHandshakeStatus();
        boolean again = completed && isRenegotiation(status);
        if (again) {
            throw new RenegotiationException();
        }
        return switch (status) {
            case NEED_TASK -> runTasks();
            case NEED_WRAP -> wrapHandshake();
            default -> incoming.hasRemaining() && unwrap();
        };
    }

    /** TLS 1.3 has no renegotiation: its later messages only change keys or bring tickets. */
    private boolean isRenegotiation(HandshakeStatus status) {
        return (status == HandshakeStatus.NEED_TASK || status == HandshakeStatus.NEED_WRAP)
                && !engine.isInboundDone()
                && !engine.isOutboundDone()
                && !engine.getSession().getProtocol().equals("TLSv1.3");
    }

    private boolean runTasks() {
        working = true;
        owner.offLane(
                () -> {
                    for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                        task.run();
                    }
                },
                () -> {
                    working = false;
                    if (!over) {
                        advance();
                    }
                });
        return !working;
    }

    private boolean wrapHandshake() throws SSLException {
        SSLEngineResult result = wrap(NO_MESSAGE);
        if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
            complete();
        }
        return result.getStatus() == SSLEngineResult.Status.OK;
    }

    private SSLEngineResult wrap(ByteBuffer message) throws SSLException {
        ByteBuffer sealed = buffers.sealed();
        SSLEngineResult result = engine.wrap(message, sealed);
        if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
            buffers.enlargeSealed(engine.getSession().getPacketBufferSize());
            return wrap(message);
        }
        if (sealed.position() > 0) {
            output = output.concat(ByteString.fromArray(sealed.array(), 0, sealed.position()));
        }
        return result;
    }

    private boolean unwrap() throws SSLException {
        ByteBuffer opened = buffers.opened();
        SSLEngineResult result = unwrap(opened);
        if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
            buffers.enlargeOpened(engine.getSession().getApplicationBufferSize());
            return true;
        }
        if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
            complete();
        }
        if (opened.position() > 0) {
            owner.arrived(Arrays.copyOf(opened.array(), opened.position()));
        }
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            endOfInput();
            return false;
        }
        return result.getStatus() == SSLEngineResult.Status.OK;
    }

    private SSLEngineResult unwrap(ByteBuffer opened) throws SSLException {
        int at = incoming.position();
        try {
            return engine.unwrap(incoming, opened);
        } catch (SSLException e) {
            throw completed ? e : UnencryptedAlert.reason(incoming, at, e);
        }
    }

    private void complete() throws SSLException {
        if (!completed) {
            listener.completed(engine);
            completed = true;
        }
    }

    private void endOfInput() {
        if (!completed) {
            failed(TlsFailure.CLOSED, "the peer closed the connection during the handshake");
            over = true;
            owner.ended(SendFailure.TLS_FAILED);
        } else if (!over) {
            close();
            owner.ended(null);
        }
    }

    private void failed(TlsFailure why, String detail) {
        failure = "TLS " + why.label() + ": " + detail;
        listener.failed(why, detail);
    }

    private void fail(SSLException e) {
        over = true;
        incoming = NOTHING;
        failed(TlsFailures.why(e), TlsFailures.text(e));
        engine.closeOutbound();
        drain();
        owner.ended(completed ? SendFailure.UNREACHABLE : SendFailure.TLS_FAILED);
    }

    /** Takes the last records of the engine: an alert, or the end of the stream. */
    private void drain() {
        try {
            while (!working && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                SSLEngineResult result = wrap(NO_MESSAGE);
                if (result.bytesProduced() == 0) {
                    return;
                }
            }
        } catch (SSLException e) {
            // The engine has no more output.
            return;
        }
    }

    @Override
    public boolean isOpen() {
        return completed && !working && !over;
    }

    @Override
    public boolean isBusy() {
        return working;
    }

    @Override
    public boolean hasOutput() {
        return !output.isEmpty();
    }

    @Override
    public ByteString write(ByteString messages) {
        if (!messages.isEmpty()) {
            try {
                seal(ByteBuffer.wrap(messages.toArray()));
            } catch (SSLException e) {
                fail(e);
            }
        }
        ByteString all = output;
        output = ByteString.emptyByteString();
        return all;
    }

    private void seal(ByteBuffer messages) throws SSLException {
        while (messages.hasRemaining()) {
            SSLEngineResult result = wrap(messages);
            if (result.bytesConsumed() == 0 && result.bytesProduced() == 0) {
                throw new SSLException("nothing can be sent: " + result.getStatus());
            }
        }
    }

    @Override
    public void close() {
        if (!working && !over) {
            over = true;
            engine.closeOutbound();
            drain();
        }
    }

    @Override
    public SendFailure closed() {
        if (completed) {
            return SendFailure.UNREACHABLE;
        }
        if (!over) {
            over = true;
            failed(TlsFailure.CLOSED, "the peer closed the connection during the handshake");
        }
        return SendFailure.TLS_FAILED;
    }

    @Override
    public String failure() {
        return failure;
    }

    @Override
    public void checkTimeout(long nowMs) {
        if (!completed && !over && nowMs >= timeoutAtMs) {
            over = true;
            failed(TlsFailure.HANDSHAKE_TIMEOUT, "the handshake took too long");
            owner.ended(SendFailure.TLS_FAILED);
        }
    }

    @Override
    public int held() {
        return incoming.capacity() + output.size();
    }

    /** A client that renegotiates makes the node work for nothing. */
    static final class RenegotiationException extends SSLException {
        private static final long serialVersionUID = 1;

        RenegotiationException() {
            super("renegotiation (expected: none)");
        }
    }
}
