package org.sipdispatch.transaction;

import org.sipdispatch.sip.SipParser;
import org.sipdispatch.sip.SipResponse;

/**
 * A client transaction (RFC 3261 section 17.1, RFC 6026 section 7.2). It retransmits the request until a response
 * arrives, acknowledges a failure response to an INVITE, and cancels the INVITE on request. After {@link #giveUp} it
 * still processes late responses.
 *
 * @param <H> the transaction user's handle of the transaction
 */
public final class ClientTransaction<H> {
    /** The states of the RFCs; CALLING also stands for Trying. */
    public enum ClientState {
        /** The request was sent; no response has arrived. */
        CALLING,
        /** A provisional response has arrived. */
        PROCEEDING,
        /** A final response has arrived; for an INVITE, a response other than 2xx. */
        COMPLETED,
        /** A 2xx to an INVITE has arrived. Retransmissions of it are passed on. */
        ACCEPTED
    }

    private final TransactionContext context;
    private final TransactionUser<H> user;
    private final H handle;
    private final NextHop hop;
    private final boolean invite;
    private byte[] sent;
    private ClientState state = ClientState.CALLING;
    private boolean givenUp;
    private boolean cancelWanted;
    private byte[] ack;
    private byte[] cancel;
    private long intervalMs;
    private long cancelIntervalMs;
    private long cancelUntilMs;
    private final TimerWheel.Timer retransmitTimer = new TimerWheel.Timer() {
        @Override
        protected void fire(long nowMs) {
            onRetransmitTimer();
        }
    };
    private final TimerWheel.Timer timeout = new TimerWheel.Timer() {
        @Override
        protected void fire(long nowMs) {
            onTimeout();
        }
    };
    private TimerWheel.Timer cancelTimer;
    /** Links of {@link ClientTransactionsByHop}; null while the transaction is not registered there. */
    ClientTransactionsByHop.Group group;

    ClientTransaction<?> previous;
    ClientTransaction<?> next;

    /**
     * Creates a transaction without sending the request.
     *
     * @param handle passed to the user with each report
     * @param invite whether the request is an INVITE
     * @param sent the complete request; not copied
     */
    public ClientTransaction(
            TransactionContext context, TransactionUser<H> user, H handle, NextHop hop, boolean invite, byte[] sent) {
        this.context = context;
        this.user = user;
        this.handle = handle;
        this.hop = hop;
        this.invite = invite;
        this.sent = sent;
    }

    public NextHop hop() {
        return hop;
    }

    public ClientState state() {
        return state;
    }

    public boolean isGivenUp() {
        return givenUp;
    }

    public boolean isInvite() {
        return invite;
    }

    /**
     * Sends the request.
     *
     * @param timeoutMs how long to wait for a response, in milliseconds (timers B and F)
     * @return null, or the reason if the request certainly cannot be sent
     */
    public SendFailure start(long timeoutMs) {
        SendFailure why = context.send(hop, sent);
        if (why != null) {
            return why;
        }
        if (!hop.socket().protocol().isReliable()) {
            intervalMs = context.timers().t1Ms();
            context.start(retransmitTimer, intervalMs);
        }
        context.start(timeout, timeoutMs);
        return null;
    }

    /** Timers A and E. */
    private void onRetransmitTimer() {
        if (state == ClientState.CALLING) {
            user.onRetransmission(handle);
        }
        context.send(hop, sent);
        long t2Ms = context.timers().t2Ms();
        if (invite) {
            intervalMs *= 2;
        } else {
            // RFC 3261 section 17.1.2.2: after a provisional response, the interval is T2.
            intervalMs = state == ClientState.PROCEEDING ? t2Ms : Math.min(intervalMs * 2, t2Ms);
        }
        context.start(retransmitTimer, intervalMs);
    }

    /** Timers B, C and F. */
    private void onTimeout() {
        if (state == ClientState.PROCEEDING && invite) {
            cancel();
        }
        giveUp();
        user.onTimeout(handle);
    }

    /**
     * Stops the retransmissions because the user has moved to another destination. Late responses are still processed.
     */
    public void giveUp() {
        givenUp = true;
        stopTimers();
    }

    /** No response can arrive from the hop any more. */
    void transportError(SendFailure why) {
        user.onTransportError(handle, hop.failure(why));
    }

    private void stopTimers() {
        context.stop(retransmitTimer);
        context.stop(timeout);
    }

    /** Stops all timers. Call this when the transaction is discarded. */
    public void stop() {
        stopTimers();
        if (cancelTimer != null) {
            context.stop(cancelTimer);
        }
    }

    public void received(SipResponse response) {
        if (response.cseqMethodIs("CANCEL")) {
            if (cancelTimer != null) {
                context.stop(cancelTimer);
            }
        } else if (response.isProvisional()) {
            provisional(response);
        } else if (response.isSuccess()) {
            success(response);
        } else {
            failure(response);
        }
    }

    private void provisional(SipResponse response) {
        if (state.ordinal() > ClientState.PROCEEDING.ordinal()) {
            return;
        }
        user.onResponse(handle, response);
        // RFC 3261 section 16.7 step 2: a 100 does not restart timer C.
        boolean ringsOn = state == ClientState.CALLING || response.status() > 100;
        state = ClientState.PROCEEDING;
        if (invite) {
            context.stop(retransmitTimer);
        }
        if (givenUp) {
            cancelOnce();
            return;
        }
        if (invite && !cancelWanted && ringsOn) {
            context.start(timeout, user.timerCMs());
        }
        if (cancelWanted) {
            cancelOnce();
        }
        user.onProvisional(handle, response);
    }

    private void success(SipResponse response) {
        if (!invite && state == ClientState.COMPLETED) {
            return;
        }
        stopTimers();
        if (state != ClientState.ACCEPTED) {
            user.onResponse(handle, response);
        }
        state = invite ? ClientState.ACCEPTED : ClientState.COMPLETED;
        user.onSuccess(handle, response);
    }

    private void failure(SipResponse response) {
        if (invite && state != ClientState.ACCEPTED) {
            acknowledge(response);
        }
        if (state.ordinal() < ClientState.COMPLETED.ordinal()) {
            stopTimers();
            user.onResponse(handle, response);
            state = ClientState.COMPLETED;
            sent = null;
            user.onFailure(handle, response);
        }
    }

    /**
     * Sends the ACK, also for each retransmission of the failure response (timer D). Only the ACK is kept, not the
     * request.
     */
    private void acknowledge(SipResponse response) {
        if (ack == null && sent != null) {
            ack = AckAndCancel.write(SipParser.parseOwnRequest(sent), "ACK", response);
        }
        if (ack != null) {
            context.send(hop, ack);
        }
    }

    /** Cancels the INVITE: immediately after a provisional response, else when one arrives (RFC 3261 section 9.1). */
    public void cancel() {
        if (!invite || cancelWanted || state.ordinal() >= ClientState.COMPLETED.ordinal()) {
            return;
        }
        cancelWanted = true;
        if (state == ClientState.PROCEEDING) {
            context.start(timeout, context.timers().transactionMs());
            cancelOnce();
        }
    }

    private void cancelOnce() {
        if (cancel != null || !invite || sent == null) {
            return;
        }
        cancel = AckAndCancel.write(SipParser.parseOwnRequest(sent), "CANCEL", null);
        context.send(hop, cancel);
        if (!hop.socket().protocol().isReliable()) {
            cancelIntervalMs = context.timers().t1Ms();
            cancelUntilMs = context.clock().nowMs() + context.timers().transactionMs();
            cancelTimer = TimerWheel.timer(this::onCancelTimer);
            context.start(cancelTimer, cancelIntervalMs);
        }
    }

    /** Timers E and F of the CANCEL, which is a separate transaction. */
    private void onCancelTimer(long nowMs) {
        if (nowMs < cancelUntilMs) {
            context.send(hop, cancel);
            cancelIntervalMs = Math.min(cancelIntervalMs * 2, context.timers().t2Ms());
            context.start(cancelTimer, cancelIntervalMs);
        }
    }
}
