package org.sipdispatch.transaction;

import org.sipdispatch.sip.SipParser;
import org.sipdispatch.sip.SipResponse;

/**
 * The side of a transaction toward one destination (RFC 3261 section 17.1, RFC 6026 section 7.2). It repeats the
 * request until something comes back, acknowledges a failure, and cancels the INVITE on demand. One that was given up goes on
 * listening, so that a late answer is handled as it must be.
 *
 * @param <H> what the transaction user knows the transaction by
 */
public final class ClientTransaction<H> {
    /** Where a client transaction stands; names as in the RFC, Calling also for Trying. */
    public enum State {
        /** Sent, nothing came back. */
        CALLING,
        /** A provisional response came. */
        PROCEEDING,
        /** A final response came; for an INVITE, one that is no 2xx. */
        COMPLETED,
        /** A 2xx to an INVITE came; repeated ones are passed on. */
        ACCEPTED
    }

    private final TransactionContext context;
    private final TransactionUser<H> user;
    private final H handle;
    private final NextHop hop;
    private final boolean invite;
    private byte[] sent;
    private State state = State.CALLING;
    private boolean givenUp;
    private boolean cancelWanted;
    private byte[] ack;
    private byte[] cancel;
    private long intervalMs;
    private long cancelIntervalMs;
    private long cancelUntilMs;
    private final TimerWheel.Timer repeat = new TimerWheel.Timer() {
        @Override
        protected void fire(long nowMs) {
            onRepeat();
        }
    };
    private final TimerWheel.Timer timeout = new TimerWheel.Timer() {
        @Override
        protected void fire(long nowMs) {
            onTimeout();
        }
    };
    private TimerWheel.Timer repeatCancel;

    /**
     * Prepares a transaction.
     *
     * @param handle what the user gets back with each report
     * @param invite whether the request is an INVITE
     * @param sent the request, which is kept
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

    public State state() {
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
     * @param timeoutMs how long the transaction waits for a response, in milliseconds (timers B and F)
     * @return why it is certain that the request cannot be sent; else null
     */
    public SendFailure start(long timeoutMs) {
        SendFailure why = context.send(hop, sent);
        if (why != null) {
            return why;
        }
        if (!hop.socket().protocol().isReliable()) {
            intervalMs = context.timers().t1Ms();
            context.start(repeat, intervalMs);
        }
        context.start(timeout, timeoutMs);
        return null;
    }

    /** Timers A and E. */
    private void onRepeat() {
        if (state == State.CALLING) {
            user.onRetransmission(handle);
        }
        context.send(hop, sent);
        long t2Ms = context.timers().t2Ms();
        if (invite) {
            intervalMs *= 2;
        } else {
            // RFC 3261 section 17.1.2.2: T2 at once when a provisional response has come.
            intervalMs = state == State.PROCEEDING ? t2Ms : Math.min(intervalMs * 2, t2Ms);
        }
        context.start(repeat, intervalMs);
    }

    /** Timers B, C and F. */
    private void onTimeout() {
        if (state == State.PROCEEDING && invite) {
            cancel();
        }
        giveUp();
        user.onTimeout(handle);
    }

    /** The next destination's turn: stops asking this one, but keeps listening. */
    public void giveUp() {
        givenUp = true;
        quiet();
    }

    /** Nothing will come from there any more. */
    void lost(SendFailure why) {
        user.onTransportError(handle, why);
    }

    private void quiet() {
        context.stop(repeat);
        context.stop(timeout);
    }

    /** Stops everything; to be called when the transaction is forgotten. */
    public void stop() {
        quiet();
        if (repeatCancel != null) {
            context.stop(repeatCancel);
        }
    }

    /** Lets go of the request's bytes, of which a call that was answered has no more need. */
    public void release() {
        stop();
        sent = null;
    }

    public void received(SipResponse response) {
        if (response.cseqMethodIs("CANCEL")) {
            if (repeatCancel != null) {
                context.stop(repeatCancel);
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
        if (state.ordinal() > State.PROCEEDING.ordinal()) {
            return;
        }
        user.onResponse(handle, response);
        // RFC 3261 section 16.7 step 2: a 100 does not begin timer C anew.
        boolean ringsOn = state == State.CALLING || response.status() > 100;
        state = State.PROCEEDING;
        if (invite) {
            context.stop(repeat);
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
        if (!invite && state == State.COMPLETED) {
            return;
        }
        quiet();
        if (state != State.ACCEPTED) {
            user.onResponse(handle, response);
        }
        state = invite ? State.ACCEPTED : State.COMPLETED;
        user.onSuccess(handle, response);
    }

    private void failure(SipResponse response) {
        if (invite && state != State.ACCEPTED) {
            acknowledge(response);
        }
        if (state.ordinal() < State.COMPLETED.ordinal()) {
            quiet();
            user.onResponse(handle, response);
            state = State.COMPLETED;
            sent = null;
            user.onFailure(handle, response);
        }
    }

    /** Each time the refusal comes (timer D); the ACK is all that is kept of the request. */
    private void acknowledge(SipResponse response) {
        if (ack == null && sent != null) {
            ack = AckAndCancel.write(SipParser.parseOwnRequest(sent), "ACK", response);
        }
        if (ack != null) {
            context.send(hop, ack);
        }
    }

    /** Calls the INVITE off: at once if it rings, else as soon as it does (RFC 3261 section 9.1). */
    public void cancel() {
        if (!invite || state.ordinal() >= State.COMPLETED.ordinal()) {
            return;
        }
        cancelWanted = true;
        if (state == State.PROCEEDING) {
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
            repeatCancel = TimerWheel.timer(this::onRepeatCancel);
            context.start(repeatCancel, cancelIntervalMs);
        }
    }

    /** Timers E and F of the CANCEL, which is a transaction by itself. */
    private void onRepeatCancel(long nowMs) {
        if (nowMs < cancelUntilMs) {
            context.send(hop, cancel);
            cancelIntervalMs = Math.min(cancelIntervalMs * 2, context.timers().t2Ms());
            context.start(repeatCancel, cancelIntervalMs);
        }
    }
}
