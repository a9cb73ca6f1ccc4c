package org.sipdispatch.proxy;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Predicate;
import org.sipdispatch.limits.CallHold;
import org.sipdispatch.observation.ActiveCalls;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.LimitReporter;
import org.sipdispatch.proxy.TransactionQuota.LimitedTransaction;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.routing.StickySettings;
import org.sipdispatch.sets.Destination;
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
    private final ActiveCallCounter calls;
    private final StickyDestinations sticky;
    private final LongMap<StatefulRequest> requests = new LongMap<>(1024);
    private final TransactionQuota quota;
    private final FinishedRequests finished;
    private final ForkLimit forks;
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
        this.calls = new ActiveCallCounter(calls, keys);
        this.sticky = sticky;
        quota = new TransactionQuota(settings, limits);
        finished = new FinishedRequests(services, this.calls, quota, requests);
        forks = new ForkLimit(settings.maxBranches(), limits);
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
        /** The longest step so far: another branch may still be in it. */
        private long longestStepMs;

        /** The call's places in the limits of its sources; null for none. */
        private final CallHold sourcePlaces;
        /** The request's sticky key; null if it has none. */
        private final StickyRequest stickyRequest;
        /** The attempt that was answered last; null if the call is not counted as active. */
        private Attempt countedBy;

        LimitedContext(IncomingRequest arrival, Rule rule, CallHold sourcePlaces) {
            this.sourcePlaces = sourcePlaces;
            stickyRequest = stickyRequest(arrival, rule);
            context = new ResponseContext(services, waiting, this, arrival, rule);
            endAfter(0);
            memory = quota.add(this, arrival);
        }

        @Override
        public void extendLifetime(long stepMs) {
            longestStepMs = Math.max(longestStepMs, stepMs);
            endAfter(longestStepMs);
        }

        private void endAfter(long stepMs) {
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
        public List<Destination> admittedAtOnce(List<Destination> selected) {
            return forks.admitted(selected);
        }

        @Override
        public boolean mayTryAgain(IncomingRequest arrival) {
            return quota.mayTryAgain(memory, arrival);
        }

        @Override
        public void onAnswered(Attempt by, SipResponse response, boolean counted, boolean remembered) {
            if (by.places() != null) {
                by.places().succeeded();
            }
            if (counted && by.tally() != null) {
                countedBy = by;
                calls.add(response, by.tally().counters(), by.places(), sourcePlaces);
            }
            if (by.places() != null) {
                by.places().settled();
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
                finished.replace(context.key(), context.server(), memory, countedBy, sourcePlaces);
            } else {
                endAfter(0);
                quota.markCompleted(memory);
            }
        }

        /** Removes the request from the count of requests without a final response. */
        private void endsPending() {
            if (pending) {
                pending = false;
                services.counters().addPending(-1);
                leavePlaces();
            }
        }

        private void leavePlaces() {
            context.leavePlaces();
            if (sourcePlaces != null) {
                sourcePlaces.done();
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

    /**
     * Starts a transaction. Call this only if {@link #reached} returned null.
     *
     * @param sourcePlaces the call's places in the limits of its sources; null for none
     */
    ResponseContext begin(IncomingRequest arrival, Rule rule, CallHold sourcePlaces) {
        LimitedContext limited = new LimitedContext(arrival, rule, sourcePlaces);
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
