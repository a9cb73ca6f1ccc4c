package org.sipdispatch.proxy;

import org.sipdispatch.observation.ActiveCalls;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.LimitReporter;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.transaction.ClientTransactionsByHop;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.LongMap;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.Shares;
import org.sipdispatch.transaction.TimerWheel;
import org.sipdispatch.transaction.TransactionContext;

/** All requests of a lane that are relayed with memory, by their transaction keys. */
final class StatefulRelay {
    private final ForwardingServices services;
    private final TransactionKey keys;
    private final DialogAffinity dialogs;
    private final ActiveCalls calls;
    private final LongMap<ResponseContext> contexts = new LongMap<>(1024);
    private final TransactionQuota<Entry> quota;
    private final ClientTransactionsByHop waiting = new ClientTransactionsByHop();

    StatefulRelay(
            ForwardingServices services,
            RelaySettings settings,
            TransactionKey keys,
            DialogAffinity dialogs,
            ActiveCalls calls,
            LimitReporter limits) {
        this.services = services;
        this.keys = keys;
        this.dialogs = dialogs;
        this.calls = calls;
        quota = new TransactionQuota<>(settings, limits, Entry::forget);
    }

    /** A context, how long it lives, and what it takes of the lane's memory. */
    private final class Entry implements ResponseContextOwner {
        private final ResponseContext context;
        private final Shares.Entry<Entry> memory;
        private final TimerWheel.Timer lifetime = new TimerWheel.Timer() {
            @Override
            protected void fire(long nowMs) {
                onLifetime();
            }
        };
        private boolean pending = true;

        Entry(IncomingRequest arrival, Rule rule) {
            context = new ResponseContext(services, waiting, this, arrival, rule);
            live(0);
            memory = quota.enter(this, arrival);
        }

        @Override
        public void live(long stepMs) {
            TransactionContext transactions = services.transactions();
            transactions.start(lifetime, stepMs + transactions.timers().transactionMs());
        }

        private void onLifetime() {
            try {
                context.expire();
            } finally {
                forget();
            }
        }

        @Override
        public void sends(IncomingRequest arrival, boolean first, int bytes) {
            quota.sends(memory, arrival, first, bytes);
        }

        @Override
        public void keeps(int bytes) {
            quota.grow(memory, bytes);
        }

        @Override
        public boolean mayTryAgain(IncomingRequest arrival) {
            return quota.mayTryAgain(memory, arrival);
        }

        @Override
        public void isAnswered(Attempt by, SipResponse response, boolean counted, boolean remembered) {
            long call = keys.callKey(response);
            if (counted && by.tally() != null) {
                calls.answered(call, by.tally().counters());
            }
            if (remembered) {
                dialogs.taken(call, by.client().hop());
            }
        }

        @Override
        public void settled(boolean released) {
            live(0);
            endsPending();
            quota.settle(memory, released);
        }

        /** It is counted no longer among those without a final answer. */
        private void endsPending() {
            if (pending) {
                pending = false;
                services.counters().addPending(-1);
            }
        }

        private void forget() {
            if (memory.isHeld()) {
                endsPending();
                services.transactions().stop(lifetime);
                context.stop();
                quota.remove(memory);
                contexts.remove(context.key());
            }
        }
    }

    /** The context of that transaction; null if there is none. */
    ResponseContext find(long key) {
        return contexts.get(key);
    }

    int size() {
        return contexts.size();
    }

    /** Begins a transaction; only where {@link #reached} names no limit. */
    ResponseContext begin(IncomingRequest arrival, Rule rule) {
        ResponseContext context = new Entry(arrival, rule).context;
        contexts.put(arrival.key(), context);
        services.counters().addPending(1);
        return context;
    }

    /** The limit that leaves no room for a transaction; null if there is room. */
    Limit reached(IncomingRequest arrival) {
        return quota.reached(arrival);
    }

    /** Counts a request that is refused for that limit. */
    void refused(IncomingRequest arrival, Limit limit) {
        quota.refused(arrival, limit);
    }

    /** The CANCEL of an INVITE that is relayed here. */
    void cancel(SipRequest request, Flow flow, long key) {
        ResponseContext context = contexts.get(key);
        context.server().cameBy(flow);
        services.responses().send(request, flow, key, 200, "canceling", "");
        context.cancel();
    }

    /** Nothing will come from there any more. */
    void lost(NextHop hop, SendFailure why) {
        waiting.lost(hop, why);
    }
}
