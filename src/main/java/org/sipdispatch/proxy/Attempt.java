package org.sipdispatch.proxy;

import org.sipdispatch.limits.CallHold;
import org.sipdispatch.observation.CallOutcome;
import org.sipdispatch.observation.DestinationCounters.DestinationCounter;
import org.sipdispatch.observation.ObservationBatcher;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sip.RetryAfter;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.transaction.ClientTransaction;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.TransactionUser;

/** One request sent to one address of a destination, and what its outcome says about the destination. */
final class Attempt {
    private final FailoverSequence search;
    private final ClientTransaction<Attempt> client;
    private final ObservationBatcher.Tally tally;
    private final CallHold places;
    private boolean responsive;
    private boolean ringing;
    private long sentMicros;
    /** Whether a response from 101 to 299 has arrived. */
    private boolean rang;
    /** Whether the response of another destination has ended it. */
    private boolean withdrawn;
    /** What was counted for the quality of calls; null for nothing. */
    private CallOutcome outcome;

    /**
     * Creates an attempt without sending anything.
     *
     * @param search the search that makes this attempt
     * @param tally the destination's tally; null if the address belongs to no destination
     * @param places the call's places in the limits of the destination; null for none
     * @param sent the complete request
     */
    Attempt(
            FailoverSequence search,
            TransactionUser<Attempt> user,
            NextHop hop,
            boolean invite,
            ObservationBatcher.Tally tally,
            CallHold places,
            byte[] sent) {
        this.search = search;
        this.tally = tally;
        this.places = places;
        client = new ClientTransaction<>(services().transactions(), user, this, hop, invite, sent);
    }

    private ForwardingServices services() {
        return search.services();
    }

    /** The search that made this attempt. */
    FailoverSequence search() {
        return search;
    }

    ClientTransaction<Attempt> client() {
        return client;
    }

    /** The destination's tally; null if the address belongs to no destination. */
    ObservationBatcher.Tally tally() {
        return tally;
    }

    /** The destination that the request was sent to; null if the address belongs to no destination. */
    Destination destination() {
        return tally == null ? null : tally.destination();
    }

    /** Sends the request. Returns null, or the reason if the request certainly cannot be sent. */
    SendFailure start(long timeoutMs) {
        sentMicros = services().transactions().clock().micros();
        SendFailure why = client.start(timeoutMs);
        if (why == null) {
            if (tally != null) {
                services().observations().sent(tally.counters());
            }
            setRinging(true);
        }
        return why;
    }

    /** Stops the retransmissions; responses are still accepted. */
    void giveUp() {
        client.giveUp();
        stopRingingIfUnanswered();
    }

    /** Cancels the INVITE because of the response of another destination. */
    void withdraw() {
        boolean isOpen = isCalling() || client.state() == ClientTransaction.ClientState.PROCEEDING;
        withdrawn |= isOpen;
        if (places != null && isOpen) {
            places.withdrawn();
        }
        client.cancel();
    }

    /** Whether no response has arrived. */
    boolean isCalling() {
        return client.state() == ClientTransaction.ClientState.CALLING;
    }

    /**
     * Ends ringing if no response has arrived; a late response may start it again. An attempt that was given up after a
     * provisional response has been cancelled and keeps ringing until its final response.
     */
    void stopRingingIfUnanswered() {
        if (isCalling()) {
            setRinging(false);
        }
    }

    /** Counts an INVITE as ringing at the destination while it may still become a call. */
    void setRinging(boolean now) {
        if (ringing != now && client.isInvite() && tally != null && search.isObserved()) {
            ringing = now;
            tally.counters().addRinging(now ? 1 : -1);
            if (places != null && now) {
                places.use();
            } else if (places != null) {
                places.done();
            }
        }
    }

    /**
     * Whether a response waits until another node knows of the call that it answers. Call this only if the call has
     * {@link #places}.
     *
     * @param again processes the response again
     */
    boolean awaitsOthers(SipResponse response, Runnable again) {
        return response.isSuccess()
                && response.cseqMethodIs("INVITE")
                && services().admission().awaitsOthers(places, response, again);
    }

    /** The call's places in the limits of the destination; null for none. */
    CallHold places() {
        return places;
    }

    /** Whether the destination has responded in a way that shows that it works. */
    boolean isResponsive() {
        return responsive;
    }

    /** Reports, once, that the destination works: it sent a provisional, a successful or a non-failover response. */
    void markResponsive() {
        if (tally != null && !responsive && search.isObserved()) {
            services().observations().succeeded(tally);
        }
        responsive = true;
    }

    /**
     * Whether the response begins the backoff of the destination, which is not a failure. A request of a dialog is not an observation
     * of the destination.
     */
    boolean beginsBackoff(SipResponse response) {
        return search.isObserved() && services().backoff().begins(destination(), response);
    }

    /** Counts that the destination did not respond, or that it could not be reached. */
    void count(DestinationCounter what) {
        if (tally != null) {
            tally.counters().add(what);
            if (isObservedCall()) {
                countOutcome(CallOutcome.of(408, rang, false));
            }
        }
    }

    private boolean isObservedCall() {
        return search.isObserved() && client.isInvite();
    }

    private void countOutcome(CallOutcome now) {
        boolean isAnswer = now == CallOutcome.ANSWERED;
        boolean isNews = outcome == null && !withdrawn || isAnswer && outcome != CallOutcome.ANSWERED;
        if (isNews && now != CallOutcome.NO_SEIZURE) {
            tally.counters().outcome(now, outcome);
            outcome = now;
        }
    }

    /** Counts what the response says about the quality of calls. */
    private void countQuality(SipResponse response) {
        int status = response.status();
        if (status > 100 && status < 300 && !rang) {
            rang = true;
            if (!client.isGivenUp()) {
                long micros = services().transactions().clock().micros() - sentMicros;
                tally.counters().postDialDelay(Math.max(0, micros));
            }
        }
        if (!response.isProvisional()) {
            countOutcome(CallOutcome.of(status, rang, status == 503 && RetryAfter.seconds(response) > 0));
        }
    }

    /**
     * Counts a response that is not a retransmission. Call this before the response changes the transaction's state.
     */
    void count(SipResponse response) {
        if (tally != null) {
            services().overloaded().learn(client.hop(), response);
            tally.counters().replied(response.status());
            if (isCalling() && !client.isGivenUp()) {
                long micros = services().transactions().clock().micros() - sentMicros;
                tally.counters().firstReplyAfter(Math.max(0, micros));
            }
            if (isObservedCall()) {
                countQuality(response);
            }
        }
    }

    /** Stops all timers. Call this when the attempt is discarded. */
    void stop() {
        client.stop();
        setRinging(false);
    }
}
