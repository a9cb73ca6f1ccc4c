package org.sipdispatch.proxy;

import org.sipdispatch.observation.DestinationCounters.Count;
import org.sipdispatch.observation.ObservationBatcher;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.transaction.ClientTransaction;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.TransactionUser;

/** One request that was sent to one address of a destination, and what that shows of the destination. */
final class Attempt {
    private final ForwardingServices services;
    private final ClientTransaction<Attempt> client;
    private final ObservationBatcher.Tally tally;
    private final boolean judged;
    private boolean alive;
    private boolean ringing;
    private long sentMicros;

    /**
     * Prepares an attempt.
     *
     * @param tally the destination's; null if the address belongs to none
     * @param judged whether what happens is evidence for or against the destination
     * @param sent the request
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
        this.judged = judged;
        client = new ClientTransaction<>(services.transactions(), user, this, hop, invite, sent);
    }

    ClientTransaction<Attempt> client() {
        return client;
    }

    /** Of the destination; null if the address belongs to none. */
    ObservationBatcher.Tally tally() {
        return tally;
    }

    /** Sends the request; returns why if it is certain that it cannot be sent, else null. */
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

    /** Stops the retransmissions, but goes on listening. */
    void giveUp() {
        client.giveUp();
        stopsRingingUnanswered();
    }

    /** Whether no response has arrived. */
    boolean isCalling() {
        return client.state() == ClientTransaction.State.CALLING;
    }

    /**
     * It does not ring at the destination unless a late answer says so. An attempt that was given up after a provisional
     * response, and so cancelled, rings until its final response.
     */
    void stopsRingingUnanswered() {
        if (isCalling()) {
            setRinging(false);
        }
    }

    /** Counts an INVITE for the destination as long as a call may come of it. */
    void setRinging(boolean now) {
        if (ringing != now && client.isInvite() && tally != null && judged) {
            ringing = now;
            tally.counters().addRinging(now ? 1 : -1);
        }
    }

    /** Whether the destination has shown that it is alive. */
    boolean isAlive() {
        return alive;
    }

    /** The destination answered well, rings, or refused as one does that works; reported once. */
    void showsLife() {
        if (tally != null && !alive && judged) {
            services.observations().succeeded(tally);
        }
        alive = true;
    }

    /** Counts for the destination what happened at it. */
    void count(Count what) {
        if (tally != null) {
            tally.counters().add(what);
        }
    }

    /** Counts a response that is no retransmission, before it changes the state of the transaction. */
    void count(SipResponse response) {
        if (tally != null) {
            tally.counters().replied(response.status());
            if (isCalling() && !client.isGivenUp()) {
                long micros = services.transactions().clock().micros() - sentMicros;
                tally.counters().firstReplyAfter(Math.max(0, micros));
            }
        }
    }

    /** Stops everything; to be called when the attempt is forgotten. */
    void stop() {
        client.stop();
        setRinging(false);
    }

    /** Lets go of the request's bytes, of which a call that was answered has no more need. */
    void release() {
        client.release();
        setRinging(false);
    }
}
