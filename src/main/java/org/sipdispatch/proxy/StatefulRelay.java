package org.sipdispatch.proxy;

import java.net.InetAddress;
import java.util.function.Predicate;
import org.sipdispatch.observation.ActiveCalls;
import org.sipdispatch.observation.DestinationCounters;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.LimitReporter;
import org.sipdispatch.proxy.TransactionQuota.LimitedTransaction;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.routing.StickySettings;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.transaction.ClientTransactionsByHop;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.LongMap;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.ServerTransaction;
import org.sipdispatch.transaction.SourceShares;
import org.sipdispatch.transaction.TimerWheel;
import org.sipdispatch.transaction.TransactionContext;

/** All statefully relayed requests of a lane, by transaction key. */
final class StatefulRelay {
    private final ForwardingServices services;
    private final TransactionKey keys;
    private final DialogAffinity dialogs;
    private final ActiveCalls calls;
    private final StickyDestinations sticky;
    private final LongMap<StatefulRequest> requests = new LongMap<>(1024);
    private final TransactionQuota quota;
    private final FinishedRequests finished;
    private final ClientTransactionsByHop waiting = new ClientTransactionsByHop();

    StatefulRelay(
            ForwardingServices services,
            RelaySettings settings,
            TransactionKey keys,
            DialogAffinity dialogs,
            ActiveCalls calls,
            StickyDestinations sticky,
            LimitReporter limits) {
        this.services = services;
        this.keys = keys;
        this.dialogs = dialogs;
        this.calls = calls;
        this.sticky = sticky;
        quota = new TransactionQuota(settings, limits);
        finished = new FinishedRequests(services, keys, calls, quota, requests);
    }

    /**
     * The sticky key of a request.
     *
     * @param before the short name of the destination that it belonged to when the request arrived
     */
    private record StickyRequest(StickySettings policy, long key, long before, InetAddress source) {
        void accepted(StickyDestinations sticky, long name) {
            sticky.accepted(key, before, name, policy, source);
        }
    }

    private StickyRequest stickyRequest(IncomingRequest arrival, Rule rule) {
        StickySettings policy = rule == null ? null : rule.sticky();
        String text = policy == null ? null : rule.stickyKey(arrival.facts(services.sets()));
        if (text == null) {
            return null;
        }
        long key = keys.stickyKey(text);
        return new StickyRequest(
                policy, key, sticky.find(key), arrival.flow().source().getAddress());
    }

    /** A context with its lifetime timer and its share of the lane's memory. */
    private final class LimitedContext implements ResponseContextOwner, StatefulRequest, LimitedTransaction {
        private final ResponseContext context;
        private final SourceShares.ResourceHolder<LimitedTransaction> memory;
        private final TimerWheel.Timer lifetime = new TimerWheel.Timer() {
            @Override
            protected void fire(long nowMs) {
                onLifetime();
            }
        };
        private boolean pending = true;
        /** The request's sticky key; null if it has none. */
        private final StickyRequest stickyRequest;
        /** The counters of the destination that has the call; null if it is not counted as active. */
        private DestinationCounters callCounters;

        LimitedContext(IncomingRequest arrival, Rule rule) {
            stickyRequest = stickyRequest(arrival, rule);
            context = new ResponseContext(services, waiting, this, arrival, rule);
            extendLifetime(0);
            memory = quota.add(this, arrival);
        }

        @Override
        public void extendLifetime(long stepMs) {
            TransactionContext transactions = services.transactions();
            transactions.start(lifetime, stepMs + transactions.timers().transactionMs());
        }

        private void onLifetime() {
            try {
                context.expire();
            } finally {
                memory.value().forget();
            }
        }

        @Override
        public void accountSent(IncomingRequest arrival, boolean first, int bytes) {
            quota.accountSent(memory, arrival, first, bytes);
        }

        @Override
        public void accountKept(int bytes) {
            quota.grow(memory, bytes);
        }

        @Override
        public boolean mayTryAgain(IncomingRequest arrival) {
            return quota.mayTryAgain(memory, arrival);
        }

        @Override
        public void onAnswered(Attempt by, SipResponse response, boolean counted, boolean remembered) {
            if (counted && by.tally() != null) {
                callCounters = by.tally().counters();
                calls.answered(keys.callKey(response), callCounters);
            }
            if (remembered && context.server().isInvite()) {
                dialogs.remember(response, by.client().hop());
            }
            if (remembered && stickyRequest != null && by.destination() != null) {
                stickyRequest.accepted(sticky, SetView.shortName(by.destination()));
            }
        }

        /** A refused INVITE keeps its context: it still has to acknowledge the refusal, and to repeat it until the ACK. */
        @Override
        public void finalResponseSent() {
            endsPending();
            if (context.hasOnlyServer() && !(isInvite() && isAcknowledgedHere())) {
                services.transactions().stop(lifetime);
                context.stop();
                finished.replace(context.key(), context.server(), memory, callCounters);
            } else {
                extendLifetime(0);
                quota.markCompleted(memory);
            }
        }

        /** Removes the request from the count of requests without a final response. */
        private void endsPending() {
            if (pending) {
                pending = false;
                services.counters().addPending(-1);
            }
        }

        @Override
        public void forget() {
            if (memory.isHeld()) {
                endsPending();
                services.transactions().stop(lifetime);
                context.stop();
                quota.remove(memory);
                requests.remove(context.key());
            }
        }

        @Override
        public boolean isInvite() {
            return context.server().isInvite();
        }

        @Override
        public boolean isAcknowledgedHere() {
            return context.server().state() != ServerTransaction.ServerState.ACCEPTED;
        }

        @Override
        public void acknowledged() {
            context.server().onAck();
        }

        @Override
        public void repeated(Flow flow) {
            context.server().onRetransmission(flow);
        }

        @Override
        public void cancel(Flow flow) {
            context.server().updateFlow(flow);
            context.cancel();
        }

        @Override
        public void received(SipResponse response, int number) {
            context.received(response, number);
        }

        @Override
        public void failed(LocalReply reply) {
            context.failed(reply);
        }

        @Override
        public void notSent(int number, SendFailure why) {
            context.notSent(number, why);
        }
    }

    /** The request of the transaction with this key; null if there is none. */
    StatefulRequest find(long key) {
        return requests.get(key);
    }

    int size() {
        return requests.size();
    }

    /** Starts a transaction. Call this only if {@link #reached} returned null. */
    ResponseContext begin(IncomingRequest arrival, Rule rule) {
        LimitedContext limited = new LimitedContext(arrival, rule);
        requests.put(arrival.key(), limited);
        services.counters().addPending(1);
        return limited.context;
    }

    /** The limit that does not admit another transaction; null if the request is admitted. */
    Limit reached(IncomingRequest arrival) {
        return quota.reached(arrival);
    }

    /** Counts a request that was refused because of this limit. */
    void refused(IncomingRequest arrival, Limit limit) {
        quota.refused(arrival, limit);
    }

    /** Processes the CANCEL of a statefully relayed INVITE. */
    void cancel(SipRequest request, Flow flow, long key) {
        services.responses().send(request, flow, key, 200, "canceling", "");
        requests.get(key).cancel(flow);
    }

    /** No response can arrive from this hop any more. */
    void transportError(NextHop hop, Predicate<NextHop> affected, SendFailure why) {
        waiting.transportError(hop, affected, why);
    }
}
