package org.sipdispatch.relay;

import java.time.Duration;
import java.util.List;
import org.sipdispatch.relay.DestinationCounters.Count;
import org.sipdispatch.routing.RelayPolicy;
import org.sipdispatch.routing.Reply;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sip.Branch;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.sip.SipUri;

/**
 * A request that is relayed with memory (RFC 3261 section 16.2): the caller's transaction, the destinations that may
 * take the request, and the transactions with those that were tried, one after the other.
 */
final class ResponseContext implements Candidates.Trial {
    private static final Reply CANCELLED = new Reply(487, "Request Terminated");

    /** The answer of a redirect server. */
    static final Reply MOVED = new Reply(302, "Moved Temporarily");

    private final Lane lane;
    private final StatefulRelay relay;
    private final long key;
    private final ServerTransaction server;
    private final RelayPolicy policy;
    private final Reply unusable;
    private Arrival arrival;
    private final Candidates candidates;
    private final Judgement judgement;
    private boolean alongRoute;
    private final ClientTransactions clients = new ClientTransactions();
    private final BestResponse best;
    private final TimerWheel.Timer lifetime = Lane.timer(this::onLifetime);
    private boolean cancelled;
    private boolean declined;
    private boolean forgotten;
    private boolean pending = true;
    /** What it takes of the lane's room; {@link TransactionRoom} keeps it here. */
    Shares.Entry<ResponseContext> room;

    /** {@code rule}: the one that selects; null for a request of a dialog, which follows its Route. */
    ResponseContext(Lane lane, StatefulRelay relay, Arrival arrival, Rule rule) {
        this.lane = lane;
        this.relay = relay;
        this.arrival = arrival;
        this.key = arrival.key();
        this.policy =
                rule == null ? RelayPolicy.ofDialogs(Duration.ofMillis(lane.settings.transactionMs())) : rule.policy();
        unusable = rule == null ? SendFailure.UNREACHABLE.reply() : rule.unusable();
        best = new BestResponse(rule == null ? unusable : BestResponse.ALL_FAILED);
        judgement = new Judgement(lane, policy, arrival.request().hasToTag());
        candidates = new Candidates(lane, arrival.flow().socket(), this);
        live(0);
        server = new ServerTransaction(lane, arrival.request(), arrival.flow());
    }

    /** Lets the context live as long as its next step can take at most; whatever goes wrong, it ends then. */
    private void live(long stepMs) {
        lane.timers.set(lifetime, lane.nowMs + stepMs + lane.settings.transactionMs());
    }

    long key() {
        return key;
    }

    ServerTransaction server() {
        return server;
    }

    boolean isFor(SipRequest request) {
        return server.isInvite() == request.isMethod("INVITE");
    }

    boolean isForgotten() {
        return forgotten;
    }

    /** Whether it is counted among those that have no final answer yet. */
    boolean isPending() {
        return pending;
    }

    void endsPending() {
        pending = false;
    }

    /** How long a destination may ring, in milliseconds. */
    long ringMs() {
        return policy.frInvTimeout().toMillis();
    }

    /** Tells an INVITE's sender that it need not repeat it. */
    void trying() {
        respondOwn(new Reply(100, "Trying"), "");
    }

    void dispatch(List<Destination> selected) {
        if (selected.isEmpty()) {
            finish(cancelled ? CANCELLED : unusable);
        } else {
            candidates.begin(selected);
        }
    }

    /** {@code first}: the destination that the first of the Contacts is for. */
    void redirect(Destination first, String contacts) {
        if (cancelled) {
            finish(CANCELLED);
        } else {
            candidates.firstHit(first);
            respondOwn(MOVED, contacts);
            settled(false);
        }
    }

    /** Carries a request of a dialog to its next hop. */
    void follow(List<Hop> next, boolean byRoute) {
        alongRoute = byRoute;
        candidates.follow(next);
    }

    @Override
    public boolean isOver() {
        return cancelled || declined || server.isFinal();
    }

    @Override
    public void hasNoHop(SendFailure why) {
        best.add(why);
        judgement.hasNoHop(
                candidates, why, arrival.request().end() - arrival.request().start());
    }

    @Override
    public void end() {
        if (cancelled) {
            finish(CANCELLED);
        } else {
            finish(best.own(unusable));
        }
    }

    Judgement judgement() {
        return judgement;
    }

    @Override
    public boolean tries(Hop next) {
        if (clients.size() == Pings.ATTEMPT) {
            return false;
        }
        SipUri domain = policy.rewriteDomain() ? candidates.current().trafficUri() : null;
        Branch branch =
                new Branch(lane.setup.lane(), arrival.flow().socket().index(), clients.size(), key, arrival.loop());
        byte[] message = lane.outgoing
                .request(arrival, next, branch, alongRoute, domain, policy.recordRoute())
                .copy();
        ClientTransaction client = new ClientTransaction(lane, this, next, candidates.tally(), message);
        clients.add(client);
        relay.tries(this, arrival, clients.size() == 1, message.length);
        live(policy.frTimeout().toMillis());
        SendFailure why = client.start(policy.frTimeout().toMillis());
        if (why != null) {
            client.giveUp();
            failed(client, why);
            return false;
        }
        if (candidates.current() != null) {
            lane.carried.sent(arrival, next, branch.attempt(), domain, policy.recordRoute());
        }
        relay.waitFor(client);
        lane.counters.add(Counter.FORWARDED);
        return true;
    }

    void received(SipResponse response, int attempt) {
        ClientTransaction client = clients.at(attempt);
        if (client != null) {
            relay.answered(client);
            client.received(response);
        }
    }

    /** A provisional response of the destination that is being tried. */
    void provisional(ClientTransaction client, SipResponse response) {
        live(ringMs());
        if (response.status() > 100 && !cancelled) {
            client.showsLife();
        }
        if (response.status() > 100 && !server.isFinal()) {
            server.respond(response.status(), lane.outgoing.response(response).copy());
        }
    }

    /** A 2xx, which goes to the caller whatever else happened (RFC 3261 section 16.7 step 5). */
    void succeeded(ClientTransaction client, SipResponse response) {
        client.showsLife();
        boolean first = !server.isFinal();
        server.respond(response.status(), lane.outgoing.response(response).copy());
        if (server.isInvite()) {
            taken(client, lane.keys.call(response), first);
        }
        if (!first) {
            return;
        }
        if (server.isInvite()) {
            clients.cancelAllBut(client);
        }
        boolean release = server.isInvite() && clients.size() == 1;
        if (release) {
            client.release();
            arrival = null;
        }
        settled(release);
    }

    /** Calls are counted where their BYE will come by. */
    private void taken(ClientTransaction client, long call, boolean first) {
        if (policy.recordRoute()) {
            client.opensCall(call);
        }
        if (first && judgement.isJudging()) {
            relay.taken(call, client.hop());
        }
    }

    /** A final response that is no 2xx. */
    void failed(ClientTransaction client, SipResponse response) {
        keep(response);
        int code = response.status();
        boolean stops = policy.stop().contains(code);
        if (!stops && policy.failsOver(code)) {
            judge(client, code, false);
        } else if (!cancelled) {
            client.showsLife();
        }
        declined |= stops;
        failOver(client, code);
    }

    private void keep(SipResponse response) {
        best.add(response);
        relay.grow(this, response.end() - response.start());
    }

    /** A final response of a destination that was given up: a 6xx speaks for all (RFC 3261 section 16.7 step 5). */
    void failedLate(SipResponse response) {
        if (policy.endsSearch(response.status()) && !isOver()) {
            keep(response);
            declined = true;
            clients.cancelLast();
        }
    }

    /** The destination has said nothing yet, and is sent the request again. */
    void isSilent(ClientTransaction client) {
        if (candidates.mayHaveMore()) {
            lane.wire.watch(client.hop());
        }
    }

    /** The destination stayed silent, or rang too long. */
    void timedOut(ClientTransaction client) {
        lane.counters.add(Counter.TIMEOUTS);
        client.counts(Count.SILENT);
        relay.answered(client);
        best.addSilence();
        if (!client.isAlive()) {
            judge(client, 408, client.state() == ClientTransaction.State.CALLING);
        }
        failOver(client, 408);
    }

    /** The request that was sent before could not be sent after all. */
    void notSent(int attempt, SendFailure why) {
        ClientTransaction client = clients.at(attempt);
        if (client != null) {
            relay.answered(client);
            lost(client, why);
        }
    }

    /** Nothing will come from there any more. */
    void lost(ClientTransaction client, SendFailure why) {
        if (client.state() != ClientTransaction.State.CALLING || client.isGivenUp()) {
            return;
        }
        client.giveUp();
        failed(client, why);
        failOver(client, 503);
    }

    /** An address of a destination could not be sent to. */
    private void failed(ClientTransaction client, SendFailure why) {
        best.add(why);
        if (why.isDestinations()) {
            lane.counters.add(Counter.UNREACHABLE);
            client.counts(Count.UNREACHABLE);
            judge(client, 503, true);
        } else if (clients.isLast(client)) {
            judgement.notTried(client, candidates.hasMoreHops());
        }
    }

    /** The destination has failed the request, unless it was called off, given up before, or has another address. */
    private void judge(ClientTransaction client, int code, boolean silent) {
        if (!isOver() && clients.isLast(client)) {
            judgement.failed(client, code, silent, candidates.hasAnotherWay(code));
        }
    }

    private void failOver(ClientTransaction client, int code) {
        if (server.isFinal() || !clients.isLast(client)) {
            return;
        }
        boolean sameDestination = candidates.hasAnotherWay(code);
        boolean hasNext = sameDestination || policy.failsOver(code) && candidates.hasMore();
        if (isOver() || !hasNext || !relay.mayTryAgain(this, arrival)) {
            end();
            return;
        }
        lane.counters.add(Counter.FAILOVERS);
        if (sameDestination) {
            candidates.nextHop();
        } else {
            candidates.next();
        }
    }

    /** The caller has called its INVITE off. */
    void cancel() {
        if (!server.isFinal() && !cancelled && server.isInvite()) {
            cancelled = true;
            clients.cancelLast();
        }
    }

    /** Gives the final answer: our own, or the best of the destinations' if there is none of our own. */
    private void finish(Reply own) {
        if (server.isFinal()) {
            return;
        }
        if (own != null) {
            respondOwn(own, SendFailure.headers(own));
        } else {
            server.respond(
                    best.code(),
                    lane.outgoing
                            .response(best.response(), best.otherChallenges())
                            .copy());
        }
        settled(false);
    }

    /** The request cannot be carried, unless it was sent already. */
    void failed(Reply reply) {
        if (clients.isEmpty()) {
            finish(reply);
        }
    }

    private void respondOwn(Reply reply, String extraHeaders) {
        byte[] bytes = lane.ownReply(arrival.request(), arrival.flow(), key, reply.code(), reply.reason(), extraHeaders)
                .copy();
        server.respond(reply.code(), bytes);
    }

    /** From here on only repetitions are answered, for 64*T1. */
    private void settled(boolean released) {
        live(0);
        relay.settled(this, released);
    }

    private void onLifetime(long nowMs) {
        try {
            if (!server.isFinal()) {
                finish(BestResponse.SILENT);
            }
        } finally {
            relay.forget(this);
        }
    }

    /** Stops all timers; to be called when the context is forgotten. */
    void stop() {
        forgotten = true;
        lane.timers.cancel(lifetime);
        server.stop();
        clients.stop(relay);
    }
}
