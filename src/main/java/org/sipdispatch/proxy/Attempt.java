package org.sipdispatch.proxy;

import org.sipdispatch.observation.DestinationCounters.DestinationCounter;
import org.sipdispatch.observation.ObservationBatcher;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.transaction.ClientTransaction;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.TransactionUser;

/** One request sent to one address of a destination, and what its outcome says about the destination. */
final class Attempt {
    private final ForwardingServices services;
    private final ClientTransaction<Attempt> client;
    private final ObservationBatcher.Tally tally;
    private final boolean observed;
    private boolean responsive;
    private boolean ringing;
    private long sentMicros;

    /**
     * Creates an attempt without sending anything.
     *
     * @param tally the destination's tally; null if the address belongs to no destination
     * @param judged whether the outcome counts as an observation of the destination
     * @param sent the complete request
     */
    Attempt(
            ForwardingServices services,
            TransactionUser<Attempt> user,
            NextHop hop,
            boolean invite,
            ObservationBatcher.Tally tally,
            boolean judged,
            byte[] sent) {
        this.services = services;
        this.tally = tally;
        this.observed = judged;
        client = new ClientTransaction<>(services.transactions(), user, this, hop, invite, sent);
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
        sentMicros = services.transactions().clock().micros();
        SendFailure why = client.start(timeoutMs);
        if (why == null) {
            if (tally != null) {
                services.observations().sent(tally.counters());
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
        if (ringing != now && client.isInvite() && tally != null && observed) {
            ringing = now;
            tally.counters().addRinging(now ? 1 : -1);
        }
    }

    /** Whether the destination has responded in a way that shows that it works. */
    boolean isResponsive() {
        return responsive;
    }

    /** Reports, once, that the destination works: it sent a provisional, a successful or a non-failover response. */
    void markResponsive() {
        if (tally != null && !responsive && observed) {
            services.observations().succeeded(tally);
        }
        responsive = true;
    }

    /** Adds to a counter of the destination. */
    void count(DestinationCounter what) {
        if (tally != null) {
            tally.counters().add(what);
        }
    }

    /**
     * Counts a response that is not a retransmission. Call this before the response changes the transaction's state.
     */
    void count(SipResponse response) {
        if (tally != null) {
            services.overloaded().learn(client.hop(), response);
            tally.counters().replied(response.status());
            if (isCalling() && !client.isGivenUp()) {
                long micros = services.transactions().clock().micros() - sentMicros;
                tally.counters().firstReplyAfter(Math.max(0, micros));
            }
        }
    }

    /** Stops all timers. Call this when the attempt is discarded. */
    void stop() {
        client.stop();
        setRinging(false);
    }
}
