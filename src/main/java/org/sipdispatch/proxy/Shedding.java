package org.sipdispatch.proxy;

import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.LimitReporter;
import org.sipdispatch.observation.OverloadState;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.ListenSockets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sheds new requests of an overloaded lane, as {@link AdmissionGate} decides: refuses them with a stateless 503, or
 * drops them. What belongs to a transaction or a dialog is never shed, because the lane has paid for it already, and
 * emergency calls are not either.
 */
final class Shedding {
    private static final Logger LOG = LoggerFactory.getLogger(Shedding.class);
    private static final LocalReply OVERLOADED = new LocalReply(503, "Overloaded");
    /** How long a lane must be normal until the log says that the overload has ended. */
    private static final long ENDED_MS = 10_000;

    private final AdmissionGate gate;
    private final ListenSockets sockets;
    private final OwnResponseWriter responses;
    private final LaneCounters counters;
    private final LimitReporter limits;
    private final EventClock clock;
    private final OverloadFeedback feedback;
    private final UrgentRequests urgent;
    private final String headers;
    private final ShedTransactions refused = new ShedTransactions();
    private OverloadState published = OverloadState.NORMAL;
    private boolean endIsDue;
    private long normalSinceMs;
    private long shedBefore;

    Shedding(
            AdmissionGate gate,
            LaneSetup setup,
            ForwardingServices services,
            LimitReporter limits,
            OverloadFeedback feedback) {
        this.gate = gate;
        sockets = setup.sockets();
        responses = services.responses();
        counters = services.counters();
        clock = services.transactions().clock();
        this.limits = limits;
        this.feedback = feedback;
        urgent = new UrgentRequests(setup.settings().overload());
        headers = setup.settings().overload().retryAfterHeader();
    }

    /**
     * Sheds a request that belongs to no transaction, before anything else is done for it. OPTIONS to an address of
     * this node is left to {@link #shedsDispatched}: a load balancer that probes the node must get its answer.
     *
     * @return whether it was shed
     */
    boolean shedsNew(SipRequest request, Flow flow, long key) {
        if (!gate.isShedding()) {
            return false;
        }
        if (!mayShed(request)) {
            gate.takesOther();
            return false;
        }
        return !isProbe(request) && sheds(request, flow, key);
    }

    /** The same for a request that would be dispatched now, if it was left to this. */
    boolean shedsDispatched(SipRequest request, Flow flow, long key) {
        return gate.isShedding() && mayShed(request) && isProbe(request) && sheds(request, flow, key);
    }

    /**
     * Whether a request begins something, and nothing urgent. A BYE or PRACK belongs to something, even without a To
     * tag.
     */
    private boolean mayShed(SipRequest request) {
        return !request.hasToTag()
                && !RequestRouter.isAckOrCancel(request)
                && !request.isMethod("BYE")
                && !request.isMethod("PRACK")
                && !urgent.has(request);
    }

    private boolean isProbe(SipRequest request) {
        return request.isMethod("OPTIONS") && sockets.own(request.requestUri()) != null;
    }

    private boolean sheds(SipRequest request, Flow flow, long key) {
        AdmissionGate.Decision decision = gate.decide();
        boolean isSilent = decision == AdmissionGate.Decision.DROP
                && !flow.socket().protocol().isReliable();
        if (decision == AdmissionGate.Decision.ADMIT && !refused.contains(key)) {
            return false;
        }
        if (isSilent) {
            counters.add(LaneCounter.DROPPED_OVERLOADED);
        } else {
            refused.add(key);
            counters.add(LaneCounter.REFUSED_OVERLOADED);
            responses.send(request, flow, key, OVERLOADED.code(), OVERLOADED.reason(), headers);
        }
        limits.hit(
                Limit.OVERLOAD,
                () -> "messages wait up to " + gate.waitedMs() + " ms for lane " + limits.lane() + " (expected: "
                        + gate.mostWait() + " at most while it sheds); new requests are "
                        + (isSilent ? "dropped" : "refused with 503"));
        return true;
    }

    boolean isIdle() {
        return !gate.isShedding() && published.mode() == OverloadState.Mode.NORMAL;
    }

    /** Publishes the state. Call this at each tick. */
    void tick() {
        OverloadState now = gate.state();
        feedback.ask(gate.isShedding(), gate.askedPercent());
        if (now.equals(published)) {
            logEnd();
            return;
        }
        if (published.mode() == OverloadState.Mode.NORMAL) {
            endIsDue = true;
        } else if (now.mode() == OverloadState.Mode.NORMAL) {
            normalSinceMs = clock.nowMs();
            refused.clear();
        }
        published = now;
        counters.setOverload(now);
    }

    private void logEnd() {
        if (endIsDue && published.mode() == OverloadState.Mode.NORMAL && clock.nowMs() - normalSinceMs >= ENDED_MS) {
            endIsDue = false;
            LOG.info(
                    "lane {} has taken all new requests for {} s again; it shed {} during the overload",
                    limits.lane(),
                    ENDED_MS / 1000,
                    shed() - shedBefore);
            shedBefore = shed();
        }
    }

    private long shed() {
        return counters.get(LaneCounter.REFUSED_OVERLOADED) + counters.get(LaneCounter.DROPPED_OVERLOADED);
    }
}
