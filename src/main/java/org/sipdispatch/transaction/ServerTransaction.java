package org.sipdispatch.transaction;

import org.sipdispatch.sip.ByteWriter;
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
    private NextHop back;
    private ServerState state = ServerState.TRYING;
    private byte[] last;
    private long intervalMs;
    private TimerWheel.Timer timerG;

    public ServerTransaction(TransactionContext context, SipRequest request, Flow flow) {
        this.context = context;
        invite = request.isMethod("INVITE");
        back = context.back(request, flow);
    }

    public ServerState state() {
        return state;
    }

    public boolean isInvite() {
        return invite;
    }

    /** The hop that responses go to. */
    public NextHop back() {
        return back;
    }

    /** The response that is repeated for each retransmission of the request; null if there is none. */
    public byte[] last() {
        return last;
    }

    /** Whether a final response was sent. */
    public boolean isFinal() {
        return state.ordinal() >= ServerState.COMPLETED.ordinal();
    }

    /**
     * Sends a response to the caller. After any final response, only a 2xx to an INVITE is still sent: a callee that
     * has answered must reach the caller (RFC 3261 section 16.7 step 5, RFC 6026 section 7.1). A response that may have
     * to be repeated is copied.
     */
    public void respond(int code, ByteWriter response) {
        if (invite && code / 100 == 2) {
            accept(response);
        } else if (!isFinal()) {
            last = response.copy();
            context.send(back, last);
            state = code < 200 ? ServerState.PROCEEDING : ServerState.COMPLETED;
            if (isFinal() && invite && !back.socket().protocol().isReliable()) {
                intervalMs = context.timers().t1Ms();
                timerG = TimerWheel.timer(this::onTimerG);
                context.start(timerG, intervalMs);
            }
        }
    }

    private void accept(ByteWriter response) {
        if (!isFinal()) {
            state = ServerState.ACCEPTED;
            last = null;
        }
        context.send(back, response);
    }

    private void onTimerG(long nowMs) {
        context.send(back, last);
        intervalMs = Math.min(intervalMs * 2, context.timers().t2Ms());
        context.start(timerG, intervalMs);
    }

    /** Records the flow of another message of the transaction, see {@link NextHop#renewedBy}. */
    public void updateFlow(Flow flow) {
        back = back.renewedBy(flow);
    }

    /** Processes a retransmission of the request. */
    public void onRetransmission(Flow flow) {
        updateFlow(flow);
        if (last != null && (state == ServerState.PROCEEDING || state == ServerState.COMPLETED)) {
            context.send(back, last);
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
}
