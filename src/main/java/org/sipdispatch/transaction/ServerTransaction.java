package org.sipdispatch.transaction;

import java.net.InetSocketAddress;
import org.sipdispatch.sip.SipRequest;

/**
 * A server transaction (RFC 3261 section 17.2, RFC 6026 section 7.1). It retransmits the last response when the request
 * is retransmitted, and a failure response to an INVITE until the ACK arrives.
 */
public final class ServerTransaction {
    /** The states of the RFCs, for INVITE and non-INVITE transactions. */
    public enum ServerState {
        /** No response was sent. */
        TRYING,
        /** A provisional response was sent. */
        PROCEEDING,
        /** A final response was sent; for an INVITE, a response other than 2xx that waits for its ACK. */
        COMPLETED,
        /** The ACK has arrived. */
        CONFIRMED,
        /** A 2xx to an INVITE was sent. Further 2xx are forwarded; retransmitted INVITEs are absorbed. */
        ACCEPTED
    }

    private final TransactionContext context;
    private final boolean invite;
    private ListenSocket socket;
    private TransactionConnections connections;
    private final InetSocketAddress replyTo;
    private ServerState state = ServerState.TRYING;
    private byte[] last;
    private long intervalMs;
    private TimerWheel.Timer timerG;

    public ServerTransaction(TransactionContext context, SipRequest request, Flow flow) {
        this.context = context;
        invite = request.isMethod("INVITE");
        socket = flow.socket();
        connections = TransactionConnections.of(flow.connection());
        replyTo = SocketAddresses.replyTo(request, flow);
    }

    public ServerState state() {
        return state;
    }

    public boolean isInvite() {
        return invite;
    }

    /** Whether a final response was sent. */
    public boolean isFinal() {
        return state.ordinal() >= ServerState.COMPLETED.ordinal();
    }

    /**
     * Sends a response to the caller. After any final response, only a 2xx to an INVITE is still sent: a callee that
     * has answered must reach the caller (RFC 3261 section 16.7 step 5, RFC 6026 section 7.1).
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
            state = ServerState.PROCEEDING;
            last = response;
        } else if (invite && success) {
            state = ServerState.ACCEPTED;
            last = null;
        } else {
            state = ServerState.COMPLETED;
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
     * Records the flow of another message of the transaction. Responses use the newest connection that is open, because
     * the sender need not listen at the address in the Via (RFC 3261 section 18.2.2). The message must come from the
     * same host; otherwise a third party that knows the branch could redirect the responses to itself.
     */
    public void updateFlow(Flow flow) {
        if (flow.connection() != Flow.NO_CONNECTION
                && !connections.isNone()
                && flow.source().getAddress().equals(replyTo.getAddress())) {
            socket = flow.socket();
            connections = connections.with(flow.connection());
        }
    }

    /** Processes a retransmission of the request. */
    public void onRetransmission(Flow flow) {
        updateFlow(flow);
        if (last != null && (state == ServerState.PROCEEDING || state == ServerState.COMPLETED)) {
            send(last);
        }
    }

    /** Processes the ACK. */
    public void onAck() {
        if (state == ServerState.COMPLETED) {
            state = ServerState.CONFIRMED;
            stop();
            last = null;
        }
    }

    /** Stops the retransmissions. Call this when the transaction is discarded. */
    public void stop() {
        if (timerG != null) {
            context.stop(timerG);
        }
    }

    private void send(byte[] response) {
        context.send(socket, replyTo, connections, response, response.length);
    }
}
