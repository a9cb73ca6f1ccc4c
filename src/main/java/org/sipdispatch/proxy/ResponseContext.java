package org.sipdispatch.proxy;

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
 * A statefully relayed request (RFC 3261 section 16.2): the server transaction, the searches for a destination that
 * accepts the request, and the client transactions of their attempts.
 */
final class ResponseContext implements FailoverSequence.HopTrier, TransactionUser<Attempt> {
    private static final LocalReply TRYING = new LocalReply(100, "Trying");

    private final ForwardingServices services;
    private final ClientTransactionsByHop waiting;
    private final ResponseContextOwner owner;
    private final long key;
    private final ServerTransaction server;
    private final Rule rule;
    private final RelayPolicy policy;
    private final CallerResponses responses;
    /** Null after the final response. */
    private IncomingRequest arrival;

    private final Branches branches;
    private boolean alongRoute;
    private final Attempts attempts = new Attempts();
    private boolean cancelled;
    /** Whether a destination has declined the request for all of them. */
    private boolean declined;
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
        this.rule = rule;
        this.policy = rule == null ? services.dialogPolicy() : rule.policy();
        server = new ServerTransaction(services.transactions(), arrival.request(), arrival.flow());
        responses =
                new CallerResponses(services, server, rule, arrival.request().hasToTag());
        branches = new Branches(search());
    }

    private FailoverSequence search() {
        return new FailoverSequence(services, arrival, rule, policy, this);
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
        responses.send(arrival, TRYING, "");
    }

    /** {@code atOnce}: whether all of the destinations get the request, not one after the other. */
    void dispatch(List<Destination> selected, boolean atOnce) {
        if (server.isFinal()) {
            return;
        }
        if (selected.isEmpty()) {
            refuse(services.backoff().reply(rule, arrival, responses.unusable()));
        } else if (atOnce) {
            branches.fork(owner.admittedAtOnce(selected), this::search);
        } else {
            branches.first().begin(selected);
        }
    }

    /** Responds without trying a destination. */
    void refuse(LocalReply reply) {
        finish(cancelled ? FailureReplies.CANCELLED : reply);
    }

    /** {@code first}: the destination of the first Contact. */
    void redirect(Destination first, String contacts) {
        if (cancelled) {
            finish(FailureReplies.CANCELLED);
        } else if (!server.isFinal()) {
            branches.first().firstHit(first);
            responses.send(arrival, RedirectContacts.MOVED, contacts);
            release();
        }
    }

    /** Forwards a request of a dialog to its next hop. */
    void follow(List<NextHop> next, boolean byRoute) {
        alongRoute = byRoute;
        branches.first().follow(next);
    }

    @Override
    public boolean isOver() {
        return cancelled || declined || server.isFinal();
    }

    /** Whether a failure is the destination's own: an INVITE that is over was cancelled, any other request goes on. */
    private boolean isJudged() {
        return !isOver() || !server.isInvite();
    }

    @Override
    public boolean mayTryAgain() {
        return arrival != null && owner.mayTryAgain(arrival);
    }

    @Override
    public void hasNoHop(FailoverSequence search, SendFailure why) {
        responses.addFailure(why);
        Destination current = search.current();
        int bytes = arrival.request().end() - arrival.request().start();
        services.failures().add(why, current == null ? "the next hop" : current.uri(), bytes);
        search.hasNoHop(why);
    }

    @Override
    public void ended(LocalReply why) {
        if (branches.end(why)) {
            boolean hasResponse = branches.isFork() && responses.hasFailure();
            refuse(hasResponse ? null : branches.untried());
        }
    }

    @Override
    public boolean tryHop(FailoverSequence search, NextHop next) {
        if (attempts.size() == LanePings.ATTEMPT) {
            return false;
        }
        Destination destination = search.current();
        SipUri domain = policy.rewriteDomain() ? destination.trafficUri() : null;
        Branch branch = services.branch(arrival, attempts.size());
        RuleAdditions additions = services.additions(rule, arrival, destination);
        byte[] message = services.writer()
                .request(arrival, next, branch, alongRoute, domain, policy.recordRoute(), additions)
                .copy();
        NextHop hop = services.writer().hop();
        Attempt attempt = search.attempt(this, hop, server.isInvite(), message);
        attempts.add(attempt);
        owner.accountSent(arrival, attempts.size() == 1, message.length);
        owner.extendLifetime(policy.frTimeout().toMillis());
        SendFailure why = attempt.start(policy.frTimeout().toMillis());
        if (why != null) {
            attempt.giveUp();
            failed(attempt, why);
            return false;
        }
        if (destination != null) {
            services.peers()
                    .sent(arrival, hop, branch.attempt(), domain, policy.recordRoute(), hop != next, branches.isFork());
        }
        waiting.add(attempt.client());
        services.counters().add(LaneCounter.FORWARDED);
        services.log(rule, arrival, destination);
        return true;
    }

    void received(SipResponse response, int number) {
        Attempt attempt = attempts.at(number);
        boolean waits = attempt != null
                && attempt.places() != null
                && attempt.awaitsOthers(response, () -> received(response, number));
        if (attempt != null && !waits) {
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
            responses.forward(response);
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
        responses.forward(response);
        boolean counted = server.isInvite() && policy.recordRoute();
        owner.onAnswered(attempt, response, counted, first && attempt.search().isObserved());
        if (first && server.isInvite()) {
            attempts.cancelAllBut(attempt);
        }
        if (first) {
            release();
        }
    }

    private void release() {
        arrival = null;
        responses.release();
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
        boolean asksForBackoff = !attempt.search().hasAnotherHop(code) && attempt.beginsBackoff(response);
        if (policy.isFailure(code) && !asksForBackoff) {
            attributeFailure(attempt, code, false);
        } else if (isJudged()) {
            attempt.markResponsive();
        }
        if (policy.endsSearch(code)) {
            decline();
        }
        attempt.search().failOver(attempt, code, policy.stop().contains(code));
    }

    /**
     * A 6xx ends the whole request: the other destinations are cancelled, and no further one is tried (RFC 3261 section
     * 16.7 step 5).
     */
    private void decline() {
        declined = true;
        branches.currentAttempts(Attempt::withdraw);
    }

    private void addResponse(Attempt attempt, SipResponse response) {
        responses.addFailure(response, policy.challengeAffinity() ? attempt.destination() : null);
        owner.accountKept(response.end() - response.start());
    }

    /** A final response from a destination that was given up. */
    private void failedLate(Attempt attempt, SipResponse response) {
        if (policy.endsSearch(response.status()) && !isOver()) {
            addResponse(attempt, response);
            decline();
        }
    }

    @Override
    public void onRetransmission(Attempt attempt) {
        if (branches.isFork() || attempt.search().mayHaveMore()) {
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
        responses.addTimeout();
        if (!attempt.isResponsive()) {
            attributeFailure(attempt, 408, attempt.isCalling());
        }
        attempt.search().failOver(attempt, 408, false);
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
        attempt.search().failOver(attempt, 503, false);
    }

    /** The request could not be sent to an address. */
    private void failed(Attempt attempt, SendFailure why) {
        if (attempt.search().repeats(attempt)) {
            return;
        }
        responses.addFailure(why);
        if (why.isDestinationFault()) {
            services.counters().add(LaneCounter.UNREACHABLE);
            attempt.count(DestinationCounter.UNREACHABLE);
            attributeFailure(attempt, 503, true);
        } else {
            attempt.search().notTried(attempt);
        }
    }

    private void attributeFailure(Attempt attempt, int code, boolean silent) {
        if (isJudged()) {
            attempt.search().attributeFailure(attempt, code, silent);
        }
    }

    /** The caller has cancelled its INVITE. */
    void cancel() {
        if (!server.isFinal() && !cancelled && server.isInvite()) {
            cancelled = true;
            branches.currentAttempts(attempt -> attempt.client().cancel());
        }
    }

    /** Sends the final response: {@code own}, or the best one of the destinations if {@code own} is null. */
    private void finish(LocalReply own) {
        if (!server.isFinal()) {
            responses.sendFinal(arrival, own, policy);
            release();
        }
    }

    /** Responds to the request, unless an attempt has been made. */
    void failed(LocalReply reply) {
        if (attempts.isEmpty()) {
            finish(reply);
        }
    }

    /** The lifetime is over: sends a final response if none was sent. */
    void expire() {
        if (!server.isFinal()) {
            finish(BestResponse.NO_RESPONSE);
        }
    }

    /** The final response was sent. Attempts that may still become a call keep their places in limits. */
    void leavePlaces() {
        branches.leavePlaces();
    }

    /** Stops all timers. Call this when the context is discarded. */
    void stop() {
        server.stop();
        attempts.stop(waiting);
    }
}
