package org.sipdispatch.proxy;

import org.sipdispatch.limits.CallHold;
import org.sipdispatch.observation.DestinationCounters;
import org.sipdispatch.proxy.TransactionQuota.LimitedTransaction;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.LongMap;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.ServerTransaction;
import org.sipdispatch.transaction.SourceShares.ResourceHolder;
import org.sipdispatch.transaction.TimerWheel;

/**
 * The requests of a lane whose transactions only wait for retransmissions: timers J (RFC 3261 section 17.2.2) and L (RFC
 * 6026 section 7.1). Of each it keeps one small object in place of the {@link ResponseContext}: it is kept for 64*T1, and
 * the pauses of the collector grow with what a lane keeps.
 */
final class FinishedRequests {
    private final ForwardingServices services;
    private final ActiveCallCounter calls;
    private final TransactionQuota quota;
    private final LongMap<StatefulRequest> requests;

    /** {@code requests}: all stateful requests of the lane, by transaction key. */
    FinishedRequests(
            ForwardingServices services,
            ActiveCallCounter calls,
            TransactionQuota quota,
            LongMap<StatefulRequest> requests) {
        this.services = services;
        this.calls = calls;
        this.quota = quota;
        this.requests = requests;
    }

    /**
     * Replaces a request that was answered, unless it is an INVITE, or accepted.
     *
     * @param memory its share of the lane's memory
     * @param countedBy the attempt that has the call; null if the call is not counted as active
     * @param sourcePlaces the call's places in the limits of its source; null for none
     */
    void replace(
            long key,
            ServerTransaction server,
            ResourceHolder<LimitedTransaction> memory,
            Attempt countedBy,
            CallHold sourcePlaces) {
        FinishedRequest rest = server.isInvite()
                ? new AcceptedInvite(key, server.back(), memory, countedBy, sourcePlaces)
                : new AnsweredRequest(key, server.back(), memory, server.last());
        requests.put(key, rest);
        quota.markCompleted(memory, rest, rest.messageBytes());
        services.transactions().start(rest, services.transactions().timers().transactionMs());
    }

    /** What is kept of one request. The timer ends it. */
    private abstract class FinishedRequest extends TimerWheel.Timer implements StatefulRequest, LimitedTransaction {
        private final long key;
        private final ResourceHolder<LimitedTransaction> memory;
        private NextHop back;

        FinishedRequest(long key, NextHop back, ResourceHolder<LimitedTransaction> memory) {
            this.key = key;
            this.back = back;
            this.memory = memory;
        }

        abstract int messageBytes();

        final NextHop back() {
            return back;
        }

        @Override
        protected void fire(long nowMs) {
            forget();
        }

        @Override
        public void forget() {
            services.transactions().stop(this);
            quota.remove(memory);
            requests.remove(key);
        }

        @Override
        public void repeated(Flow flow) {
            back = back.renewedBy(flow);
        }

        /** Nothing is left to cancel. */
        @Override
        public void cancel(Flow flow) {
            back = back.renewedBy(flow);
        }

        @Override
        public void failed(LocalReply reply) {}

        @Override
        public void notSent(int number, SendFailure why) {}
    }

    /** An INVITE with a 2xx. Retransmissions are absorbed, and each further 2xx is forwarded (RFC 6026 section 7.1). */
    private final class AcceptedInvite extends FinishedRequest {
        private final DestinationCounters counters;
        private final CallHold places;
        private final CallHold sourcePlaces;

        AcceptedInvite(
                long key,
                NextHop back,
                ResourceHolder<LimitedTransaction> memory,
                Attempt countedBy,
                CallHold sourcePlaces) {
            super(key, back, memory);
            this.sourcePlaces = sourcePlaces;
            counters = countedBy == null ? null : countedBy.tally().counters();
            places = countedBy == null ? null : countedBy.places();
        }

        @Override
        int messageBytes() {
            return 0;
        }

        @Override
        public boolean isInvite() {
            return true;
        }

        @Override
        public boolean isAcknowledgedHere() {
            return false;
        }

        @Override
        public void acknowledged() {}

        @Override
        public void received(SipResponse response, int number) {
            if (number == 0 && response.isSuccess() && !response.cseqMethodIs("CANCEL")) {
                services.transactions().send(back(), services.writer().response(response));
                if (counters != null) {
                    calls.add(response, counters, places, sourcePlaces);
                }
            }
        }
    }

    /** Another request, whose final response is repeated for each retransmission. */
    private final class AnsweredRequest extends FinishedRequest {
        private byte[] last;

        AnsweredRequest(long key, NextHop back, ResourceHolder<LimitedTransaction> memory, byte[] last) {
            super(key, back, memory);
            this.last = last;
        }

        @Override
        int messageBytes() {
            return last.length;
        }

        @Override
        public boolean isInvite() {
            return false;
        }

        @Override
        public boolean isAcknowledgedHere() {
            return true;
        }

        /** As {@link ServerTransaction#onAck}. */
        @Override
        public void acknowledged() {
            last = null;
        }

        @Override
        public void repeated(Flow flow) {
            super.repeated(flow);
            if (last != null) {
                services.transactions().send(back(), last);
            }
        }

        @Override
        public void received(SipResponse response, int number) {}
    }
}
