package org.sipdispatch.proxy;

import java.time.Duration;
import java.util.List;
import org.sipdispatch.observation.DestinationCounters.DestinationCounter;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.routing.RelayPolicy;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sip.Branch;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.transaction.ClientTransactionsByHop;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.ServerTransaction;
import org.sipdispatch.transaction.TransactionUser;

/**
 * A statefully relayed request (RFC 3261 section 16.2): the server transaction, the candidate destinations, and the
 * client transactions of the attempts.
 */
final class ResponseContext implements FailoverSequence.HopTrier, TransactionUser<Attempt> {
    private static final LocalReply TRYING = new LocalReply(100, "Trying");
    private static final LocalReply CANCELLED = new LocalReply(487, "Request Terminated");

    /** The response in redirect mode. */
    static final LocalReply MOVED = new LocalReply(302, "Moved Temporarily");

    private final ForwardingServices services;
    private final ClientTransactionsByHop waiting;
    private final ResponseContextOwner owner;
    private final long key;
    private final ServerTransaction server;
    private final Rule rule;
    private final RelayPolicy policy;
    private final LocalReply unusable;
    private IncomingRequest arrival;
    private final FailoverSequence candidates;
    private final FailureAttribution attribution;
    private boolean alongRoute;
    private final Attempts attempts = new Attempts();
    private final BestResponse best;
    private boolean cancelled;
    private boolean searchEnded;

    /** {@code rule}: the rule that selects destinations; null for a request of a dialog, which follows its Route. */
    ResponseContext(
            ForwardingServices services,
            ClientTransactionsByHop waiting,
            ResponseContextOwner owner,
            IncomingRequest arrival,
            Rule rule) {
        this.services = services;
        this.waiting = waiting;
        this.owner = owner;
        this.arrival = arrival;
        this.key = arrival.key();
        long transactionMs = services.transactions().timers().transactionMs();
        this.rule = rule;
        this.policy = rule == null ? RelayPolicy.forDialogs(Duration.ofMillis(transactionMs)) : rule.policy();
        unusable = rule == null ? FailureReplies.of(SendFailure.UNREACHABLE) : rule.unusable();
        best = rule == null ? new BestResponse(unusable, arrival.request().hasToTag()) : new BestResponse();
        attribution = new FailureAttribution(
                services.observations(), policy, arrival.request().hasToTag());
        candidates = new FailoverSequence(services, arrival, policy.blacklists(), this);
        server = new ServerTransaction(services.transactions(), arrival.request(), arrival.flow());
    }

    long key() {
        return key;
    }

    ServerTransaction server() {
        return server;
    }

    /** Whether only the caller's transaction is left, because each attempt has got its final response. */
    boolean hasOnlyServer() {
        return server.isFinal() && attempts.areSettled();
    }

    @Override
    public long timerCMs() {
        return policy.frInvTimeout().toMillis();
    }

    /** Sends a 100, which stops the retransmissions of the INVITE. */
    void sendTrying() {
        respondOwn(TRYING, "");
    }

    void dispatch(List<Destination> selected) {
        if (selected.isEmpty()) {
            finish(cancelled ? CANCELLED : unusable);
        } else {
            candidates.begin(selected);
        }
    }

    /** {@code first}: the destination of the first Contact. */
    void redirect(Destination first, String contacts) {
        if (cancelled) {
            finish(CANCELLED);
        } else if (!server.isFinal()) {
            candidates.firstHit(first);
            respondOwn(MOVED, contacts);
            release();
        }
    }

    /** Forwards a request of a dialog to its next hop. */
    void follow(List<NextHop> next, boolean byRoute) {
        alongRoute = byRoute;
        candidates.follow(next);
    }

    @Override
    public boolean isOver() {
        return cancelled || searchEnded || server.isFinal();
    }

    @Override
    public void hasNoHop(SendFailure why) {
        best.add(why);
        Destination current = candidates.current();
        int bytes = arrival.request().end() - arrival.request().start();
        services.failures().add(why, current == null ? "the next hop" : current.uri(), bytes);
        attribution.hasNoHop(candidates, why);
    }

    @Override
    public void end(LocalReply why) {
        finish(cancelled ? CANCELLED : why != null ? why : best.own(unusable, policy));
    }

    @Override
    public boolean tryHop(NextHop next) {
        if (attempts.size() == LanePings.ATTEMPT) {
            return false;
        }
        SipUri domain = policy.rewriteDomain() ? candidates.current().trafficUri() : null;
        Branch branch = services.branch(arrival, attempts.size());
        RuleAdditions additions = services.additions(rule, arrival, candidates.current());
        byte[] message = services.writer()
                .request(arrival, next, branch, alongRoute, domain, policy.recordRoute(), additions)
                .copy();
        NextHop hop = services.writer().hop();
        Attempt attempt = new Attempt(
                services, this, hop, server.isInvite(), candidates.tally(), attribution.isObserved(), message);
        attempts.add(attempt);
        owner.accountSent(arrival, attempts.size() == 1, message.length);
        owner.extendLifetime(policy.frTimeout().toMillis());
        SendFailure why = attempt.start(policy.frTimeout().toMillis());
        if (why != null) {
            attempt.giveUp();
            failed(attempt, why);
            return false;
        }
        if (candidates.current() != null) {
            services.peers().sent(arrival, hop, branch.attempt(), domain, policy.recordRoute(), hop != next);
        }
        waiting.add(attempt.client());
        services.counters().add(LaneCounter.FORWARDED);
        services.log(rule, arrival, candidates.current());
        return true;
    }

    void received(SipResponse response, int number) {
        Attempt attempt = attempts.at(number);
        if (attempt != null) {
            waiting.remove(attempt.client());
            attempt.client().received(response);
        }
    }

    @Override
    public void onResponse(Attempt attempt, SipResponse response) {
        attempt.count(response);
        if (response.isProvisional()) {
            attempt.setRinging(true);
        }
    }

    @Override
    public void onProvisional(Attempt attempt, SipResponse response) {
        owner.extendLifetime(timerCMs());
        if (response.status() > 100 && !cancelled) {
            attempt.markResponsive();
        }
        if (response.status() > 100 && !server.isFinal()) {
            passOn(response);
        }
    }

    @Override
    public void onSuccess(Attempt attempt, SipResponse response) {
        succeeded(attempt, response);
        // Last: a reader of the counters must see the INVITE as ringing or as an active call at any time.
        attempt.setRinging(false);
    }

    /** A 2xx is always forwarded to the caller (RFC 3261 section 16.7 step 5). */
    private void succeeded(Attempt attempt, SipResponse response) {
        attempt.markResponsive();
        boolean first = !server.isFinal();
        passOn(response);
        boolean counted = server.isInvite() && policy.recordRoute();
        owner.onAnswered(attempt, response, counted, first && attribution.isObserved());
        if (first && server.isInvite()) {
            attempts.cancelAllBut(attempt);
        }
        if (first) {
            release();
        }
    }

    private void release() {
        arrival = null;
        best.release();
        owner.finalResponseSent();
    }

    @Override
    public void onFailure(Attempt attempt, SipResponse response) {
        if (attempt.client().isGivenUp()) {
            failedLate(attempt, response);
        } else {
            failed(attempt, response);
        }
        attempt.setRinging(false);
    }

    private void failed(Attempt attempt, SipResponse response) {
        addResponse(attempt, response);
        int code = response.status();
        if (policy.isFailure(code)) {
            attributeFailure(attempt, code, false);
        } else if (!cancelled) {
            attempt.markResponsive();
        }
        searchEnded |= policy.stop().contains(code);
        failOver(attempt, code);
    }

    private void addResponse(Attempt attempt, SipResponse response) {
        best.add(response, policy.challengeAffinity() ? attempt.destination() : null);
        owner.accountKept(response.end() - response.start());
    }

    /**
     * A final response from a destination that was given up. A 6xx ends the whole request (RFC 3261 section 16.7 step
     * 5).
     */
    private void failedLate(Attempt attempt, SipResponse response) {
        if (policy.endsSearch(response.status()) && !isOver()) {
            addResponse(attempt, response);
            searchEnded = true;
            attempts.cancelLast();
        }
    }

    @Override
    public void onRetransmission(Attempt attempt) {
        if (candidates.mayHaveMore()) {
            services.transactions().watch(attempt.client().hop());
        }
    }

    /** The destination did not respond, or timer C fired. */
    @Override
    public void onTimeout(Attempt attempt) {
        attempt.stopRingingIfUnanswered();
        services.counters().add(LaneCounter.TIMEOUTS);
        attempt.count(DestinationCounter.SILENT);
        waiting.remove(attempt.client());
        best.addTimeout();
        if (!attempt.isResponsive()) {
            attributeFailure(attempt, 408, attempt.isCalling());
        }
        failOver(attempt, 408);
    }

    /** The request, for which sending was reported as successful, could not be sent. */
    void notSent(int number, SendFailure why) {
        Attempt attempt = attempts.at(number);
        if (attempt != null) {
            waiting.remove(attempt.client());
            onTransportError(attempt, why);
        }
    }

    @Override
    public void onTransportError(Attempt attempt, SendFailure why) {
        if (!attempt.isCalling() || attempt.client().isGivenUp()) {
            return;
        }
        attempt.giveUp();
        failed(attempt, why);
        failOver(attempt, 503);
    }

    /** The request could not be sent to an address. */
    private void failed(Attempt attempt, SendFailure why) {
        if (attempts.isLast(attempt)
                && candidates.repeatsInsteadOf(attempt.client().hop())) {
            return;
        }
        best.add(why);
        if (why.isDestinationFault()) {
            services.counters().add(LaneCounter.UNREACHABLE);
            attempt.count(DestinationCounter.UNREACHABLE);
            attributeFailure(attempt, 503, true);
        } else if (attempts.isLast(attempt)) {
            attribution.notTried(attempt.tally(), candidates.hasMoreHops());
        }
    }

    /**
     * The destination failed the request, unless the request has ended, the attempt was given up, or another address is
     * left.
     */
    private void attributeFailure(Attempt attempt, int code, boolean silent) {
        if (!isOver() && attempts.isLast(attempt)) {
            attribution.failed(attempt.tally(), code, silent, candidates.hasAnotherHop(code));
        }
    }

    private void failOver(Attempt attempt, int code) {
        if (server.isFinal() || !attempts.isLast(attempt)) {
            return;
        }
        boolean sameDestination = candidates.hasAnotherHop(code);
        boolean hasNext = sameDestination || policy.failsOver(code) && candidates.hasMore();
        if (isOver() || !hasNext || !owner.mayTryAgain(arrival)) {
            end(null);
            return;
        }
        services.counters().add(LaneCounter.FAILOVERS);
        if (sameDestination) {
            candidates.nextHop();
        } else {
            candidates.next();
        }
    }

    /** The caller has cancelled its INVITE. */
    void cancel() {
        if (!server.isFinal() && !cancelled && server.isInvite()) {
            cancelled = true;
            attempts.cancelLast();
        }
    }

    /** Sends the final response: {@code own}, or the destinations' best response if {@code own} is null. */
    private void finish(LocalReply own) {
        if (server.isFinal()) {
            return;
        }
        if (own != null) {
            respondOwn(own, FailureReplies.headers(own));
        } else {
            server.respond(best.code(), services.writer().response(best.response(), best.challenges()));
        }
        release();
    }

    /** Responds to the request, unless an attempt has been made. */
    void failed(LocalReply reply) {
        if (attempts.isEmpty()) {
            finish(reply);
        }
    }

    private void respondOwn(LocalReply reply, String extraHeaders) {
        server.respond(reply.code(), services.responses().write(arrival, reply, extraHeaders));
    }

    private void passOn(SipResponse response) {
        server.respond(response.status(), services.writer().response(response));
    }

    /** The lifetime is over: sends a final response if none was sent. */
    void expire() {
        if (!server.isFinal()) {
            finish(BestResponse.NO_RESPONSE);
        }
    }

    /** Stops all timers. Call this when the context is discarded. */
    void stop() {
        server.stop();
        attempts.stop(waiting);
    }
}
