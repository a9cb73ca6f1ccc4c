package org.sipdispatch.transaction;

import java.net.InetSocketAddress;
import org.sipdispatch.sip.SipRequest;

/**
 * The side of a transaction toward the caller (RFC 3261 section 17.2, RFC 6026 section 7.1): it repeats what was last
 * answered when the request is repeated, and a final answer to an INVITE until the ACK is there.
 */
public final class ServerTransaction {
    /** Where a server transaction stands; names as in the RFC, for both kinds. */
    public enum State {
        /** Nothing was answered yet. */
        TRYING,
        /** A provisional response was sent. */
        PROCEEDING,
        /** A final response was sent; for an INVITE, one that is no 2xx and whose ACK is awaited. */
        COMPLETED,
        /** The ACK has come. */
        CONFIRMED,
        /** A 2xx to an INVITE was sent: further ones are let through, repeated INVITEs are absorbed. */
        ACCEPTED
    }

    private final TransactionContext context;
    private final boolean invite;
    private ListenSocket socket;
    private long connection;
    private final InetSocketAddress replyTo;
    private State state = State.TRYING;
    private byte[] last;
    private long intervalMs;
    private TimerWheel.Timer timerG;

    public ServerTransaction(TransactionContext context, SipRequest request, Flow flow) {
        this.context = context;
        invite = request.isMethod("INVITE");
        socket = flow.socket();
        connection = flow.connection();
        replyTo = SocketAddresses.replyTo(request, flow);
    }

    public State state() {
        return state;
    }

    public boolean isInvite() {
        return invite;
    }

    /** Whether a final response was sent. */
    public boolean isFinal() {
        return state.ordinal() >= State.COMPLETED.ordinal();
    }

    /**
     * Sends a response to the caller. Behind a final one only a 2xx to an INVITE is let through, whatever the final
     * one was: a callee that has answered must be heard (RFC 3261 section 16.7 step 5, RFC 6026 section 7.1).
     */
    public void respond(int code, byte[] response) {
        boolean success = code / 100 == 2;
        if (isFinal()) {
            if (invite && success) {
                send(response);
            }
            return;
        }
        send(response);
        if (code < 200) {
            state = State.PROCEEDING;
            last = response;
        } else if (invite && success) {
            state = State.ACCEPTED;
            last = null;
        } else {
            state = State.COMPLETED;
            last = response;
            if (invite && !socket.protocol().isReliable()) {
                intervalMs = context.timers().t1Ms();
                timerG = TimerWheel.timer(this::onTimerG);
                context.start(timerG, intervalMs);
            }
        }
    }

    private void onTimerG(long nowMs) {
        send(last);
        intervalMs = Math.min(intervalMs * 2, context.timers().t2Ms());
        context.start(timerG, intervalMs);
    }

    /**
     * A message of the transaction came that way. Responses go to the newest connection that carried it: the older one
     * may be gone, and nobody need listen where the Via says (RFC 3261 section 18.2.2). It must come from the same
     * host, or anybody who knows the branch could take the answers.
     */
    public void cameBy(Flow flow) {
        if (flow.connection() != Flow.NO_CONNECTION
                && connection != Flow.NO_CONNECTION
                && flow.source().getAddress().equals(replyTo.getAddress())) {
            socket = flow.socket();
            connection = flow.connection();
        }
    }

    /** The request came again. */
    public void repeated(Flow flow) {
        cameBy(flow);
        if (last != null && (state == State.PROCEEDING || state == State.COMPLETED)) {
            send(last);
        }
    }

    /** The ACK came. */
    public void acknowledged() {
        if (state == State.COMPLETED) {
            state = State.CONFIRMED;
            stop();
            last = null;
        }
    }

    /** Stops repeating; to be called when the transaction is forgotten. */
    public void stop() {
        if (timerG != null) {
            context.stop(timerG);
        }
    }

    private void send(byte[] response) {
        context.send(socket, replyTo, connection, response, response.length);
    }
}
