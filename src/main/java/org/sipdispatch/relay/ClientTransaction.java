package org.sipdispatch.relay;

import org.sipdispatch.sip.SipParser;
import org.sipdispatch.sip.SipResponse;

/**
 * The side of a transaction toward one destination (RFC 3261 section 17.1, RFC 6026 section 7.2). It repeats the
 * request until something comes back, acknowledges a refusal, and cancels when told to. One that was given up goes on
 * listening, so that a late answer is handled as it must be.
 */
final class ClientTransaction {
    /** Where a client transaction stands; names as in the RFC, Calling also for Trying. */
    enum State {
        /** Sent, nothing came back. */
        CALLING,
        /** A provisional response came. */
        PROCEEDING,
        /** A final response came; for an INVITE, one that is no 2xx. */
        COMPLETED,
        /** A 2xx to an INVITE came; repeated ones are passed on. */
        ACCEPTED
    }

    private final Lane lane;
    private final ResponseContext context;
    private final Hop hop;
    private final boolean invite;
    private final Evidence.Tally tally;
    private boolean alive;
    private boolean rings;
    private byte[] sent;
    private long sentMicros;
    private State state = State.CALLING;
    private boolean givenUp;
    private boolean cancelWanted;
    private byte[] ack;
    private byte[] cancel;
    private long intervalMs;
    private long cancelIntervalMs;
    private long cancelUntilMs;
    private final TimerWheel.Timer repeat = Lane.timer(this::onRepeat);
    private final TimerWheel.Timer timeout = Lane.timer(this::onTimeout);
    private TimerWheel.Timer repeatCancel;

    /** {@code tally}: where it counts how the destination fares; null if it belongs to none. */
    ClientTransaction(Lane lane, ResponseContext context, Hop hop, Evidence.Tally tally, byte[] sent) {
        this.lane = lane;
        this.context = context;
        this.hop = hop;
        this.tally = tally;
        this.invite = context.server().isInvite();
        this.sent = sent;
    }

    Hop hop() {
        return hop;
    }

    State state() {
        return state;
    }

    /** Sends the request; tells why if it is certain that it cannot be sent, else null. */
    SendFailure start(long timeoutMs) {
        sentMicros = lane.micros.getAsLong();
        SendFailure why = lane.send(hop.socket(), hop.remote(), Flow.NO_CONNECTION, sent, sent.length);
        if (why != null) {
            return why;
        }
        if (tally != null) {
            lane.destinations.sent(tally.counters(), lane.nowMs);
        }
        rings(true);
        if (!hop.socket().protocol().isReliable()) {
            intervalMs = lane.settings.t1Ms();
            lane.timers.set(repeat, lane.nowMs + intervalMs);
        }
        lane.timers.set(timeout, lane.nowMs + timeoutMs);
        return null;
    }

    /** Timers A and E. */
    private void onRepeat(long nowMs) {
        if (state == State.CALLING) {
            context.isSilent(this);
        }
        lane.send(hop.socket(), hop.remote(), Flow.NO_CONNECTION, sent, sent.length);
        long t2Ms = lane.settings.t2Ms();
        if (invite) {
            intervalMs *= 2;
        } else {
            // RFC 3261 section 17.1.2.2: T2 at once when a provisional response has come.
            intervalMs = state == State.PROCEEDING ? t2Ms : Math.min(intervalMs * 2, t2Ms);
        }
        lane.timers.set(repeat, nowMs + intervalMs);
    }

    /** Timers B, C and F. */
    private void onTimeout(long nowMs) {
        if (state == State.PROCEEDING && invite) {
            cancel();
        }
        giveUp();
        context.timedOut(this);
    }

    /** The next destination's turn: stops asking this one, but keeps listening. */
    void giveUp() {
        givenUp = true;
        quiet();
        if (state == State.CALLING) {
            rings(false);
        }
    }

    /**
     * Counts it for the destination as long as a call may come of it. One that was given up and called off still rings
     * there until its final answer; one that was given up in silence does not, unless a late answer says so.
     */
    private void rings(boolean now) {
        if (rings != now && invite && tally != null && context.judgement().isJudging()) {
            rings = now;
            tally.counters().addRinging(now ? 1 : -1);
        }
    }

    /** Nothing will come from there any more. */
    void lost(SendFailure why) {
        context.lost(this, why);
    }

    /** Whether it belongs to the same destination, if to any. */
    boolean isOfSameDestination(ClientTransaction other) {
        return tally != null && tally == other.tally;
    }

    boolean isGivenUp() {
        return givenUp;
    }

    /** Whether the destination has shown that it is alive. */
    boolean isAlive() {
        return alive;
    }

    /** The destination answered well, rings, or refused as one does that works; told once. */
    void showsLife() {
        if (tally != null && !alive && context.judgement().isJudging()) {
            lane.evidence.succeeded(tally);
        }
        alive = true;
    }

    /** The destination failed the request. */
    void fails(boolean strikes, boolean silent, int code) {
        if (tally != null && context.judgement().isJudging()) {
            lane.evidence.failed(tally, strikes, silent, code);
        }
    }

    /** Counts for the destination what happened at it. */
    void counts(DestinationCounters.Count what) {
        if (tally != null) {
            tally.counters().add(what);
        }
    }

    /** Counts a reply that is no repetition, before it changes the state. */
    private void counts(SipResponse response) {
        if (tally != null) {
            tally.counters().replied(response.status());
            if (state == State.CALLING && !givenUp) {
                tally.counters().firstReplyAfter(Math.max(0, lane.micros.getAsLong() - sentMicros));
            }
        }
    }

    /** A call goes on at the destination from now on. */
    void opensCall(long call) {
        if (tally != null) {
            lane.calls.answered(call, tally.counters());
        }
    }

    private void quiet() {
        lane.timers.cancel(repeat);
        lane.timers.cancel(timeout);
    }

    /** Stops everything; to be called when the transaction is forgotten. */
    void stop() {
        quiet();
        rings(false);
        if (repeatCancel != null) {
            lane.timers.cancel(repeatCancel);
        }
    }

    /** Lets go of the request's bytes, of which a call that was answered has no more need. */
    void release() {
        stop();
        sent = null;
    }

    void received(SipResponse response) {
        if (response.cseqMethodIs("CANCEL")) {
            if (repeatCancel != null) {
                lane.timers.cancel(repeatCancel);
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
        counts(response);
        // RFC 3261 section 16.7 step 2: a 100 does not begin timer C anew.
        boolean ringsOn = state == State.CALLING || response.status() > 100;
        state = State.PROCEEDING;
        rings(true);
        if (invite) {
            lane.timers.cancel(repeat);
        }
        if (givenUp) {
            cancelOnce();
            return;
        }
        if (invite && !cancelWanted && ringsOn) {
            lane.timers.set(timeout, lane.nowMs + context.ringMs());
        }
        if (cancelWanted) {
            cancelOnce();
        }
        context.provisional(this, response);
    }

    private void success(SipResponse response) {
        if (!invite && state == State.COMPLETED) {
            return;
        }
        quiet();
        if (state != State.ACCEPTED) {
            counts(response);
        }
        state = invite ? State.ACCEPTED : State.COMPLETED;
        context.succeeded(this, response);
        // Only now: who asks meanwhile must see one or the other.
        rings(false);
    }

    private void failure(SipResponse response) {
        if (invite && state != State.ACCEPTED) {
            acknowledge(response);
        }
        if (state.ordinal() < State.COMPLETED.ordinal()) {
            quiet();
            counts(response);
            state = State.COMPLETED;
            sent = null;
            if (givenUp) {
                context.failedLate(response);
            } else {
                context.failed(this, response);
            }
            rings(false);
        }
    }

    /** Each time the refusal comes (timer D); the ACK is all that is kept of the request. */
    private void acknowledge(SipResponse response) {
        if (ack == null && sent != null) {
            ack = lane.outgoing.companion(SipParser.ownRequest(sent), "ACK", response);
        }
        if (ack != null) {
            lane.send(hop.socket(), hop.remote(), Flow.NO_CONNECTION, ack, ack.length);
        }
    }

    /** Calls the INVITE off: at once if it rings, else as soon as it does (RFC 3261 section 9.1). */
    void cancel() {
        if (!invite || state.ordinal() >= State.COMPLETED.ordinal()) {
            return;
        }
        cancelWanted = true;
        if (state == State.PROCEEDING) {
            lane.timers.set(timeout, lane.nowMs + lane.settings.transactionMs());
            cancelOnce();
        }
    }

    private void cancelOnce() {
        if (cancel != null || !invite || sent == null) {
            return;
        }
        cancel = lane.outgoing.companion(SipParser.ownRequest(sent), "CANCEL", null);
        lane.send(hop.socket(), hop.remote(), Flow.NO_CONNECTION, cancel, cancel.length);
        if (!hop.socket().protocol().isReliable()) {
            cancelIntervalMs = lane.settings.t1Ms();
            cancelUntilMs = lane.nowMs + lane.settings.transactionMs();
            repeatCancel = Lane.timer(this::onRepeatCancel);
            lane.timers.set(repeatCancel, lane.nowMs + cancelIntervalMs);
        }
    }

    /** Timers E and F of the CANCEL, which is a transaction by itself. */
    private void onRepeatCancel(long nowMs) {
        if (nowMs < cancelUntilMs) {
            lane.send(hop.socket(), hop.remote(), Flow.NO_CONNECTION, cancel, cancel.length);
            cancelIntervalMs = Math.min(cancelIntervalMs * 2, lane.settings.t2Ms());
            lane.timers.set(repeatCancel, nowMs + cancelIntervalMs);
        }
    }
}
