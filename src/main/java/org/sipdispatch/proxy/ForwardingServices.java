package org.sipdispatch.proxy;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.observation.LogText;
import org.sipdispatch.observation.ObservationBatcher;
import org.sipdispatch.observation.SendFailures;
import org.sipdispatch.routing.KnownSets;
import org.sipdispatch.routing.RelayPolicy;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.routing.RuleHeaders;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.PushedAttrs;
import org.sipdispatch.sets.TargetAddresses;
import org.sipdispatch.sip.Branch;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.TransactionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The services of one lane that stateful and stateless forwarding share. */
record ForwardingServices(
        int lane,
        TransactionContext transactions,
        ForwardedMessageWriter writer,
        OwnResponseWriter responses,
        NextHopResolver resolver,
        LargeRequests large,
        OverloadedHops overloaded,
        KnownSets sets,
        CandidateFilter filter,
        CallAdmission admission,
        DestinationBackoff backoff,
        WaitingRequests waiting,
        PeerTransactions peers,
        ObservationBatcher observations,
        LaneCounters counters,
        Consumer<PushedAttrs> pushed,
        SendFailures failures) {
    /** Named like the setting, so that operators can give these lines a level and a file of their own. */
    private static final Logger LOG = LoggerFactory.getLogger("org.sipdispatch.rules");

    /**
     * What the rule adds to a request to this destination.
     *
     * @param rule null for none
     */
    RuleAdditions additions(Rule rule, IncomingRequest arrival, Destination destination) {
        if (rule == null) {
            return RuleAdditions.NONE;
        }
        boolean path = RuleAdditions.hasPath(rule.policy().path(), arrival.request());
        List<String> blacklists = large.isOn() ? rule.policy().blacklists() : List.of();
        if (!rule.setsHeaders() && !path && blacklists.isEmpty()) {
            return RuleAdditions.NONE;
        }
        List<RuleHeaders.Field> headers =
                rule.setsHeaders() ? rule.headers(arrival.facts(sets), destination) : List.of();
        return new RuleAdditions(headers, path, blacklists);
    }

    /**
     * Writes the rule's text about a request into the log, if the rule has one.
     *
     * @param rule null for none
     * @param destination where the request is sent; null if it is answered
     */
    void log(Rule rule, IncomingRequest arrival, Destination destination) {
        if (rule != null && rule.logs()) {
            LOG.info("{}: {}", rule.path(), LogText.cleaned(rule.logText(arrival.facts(sets), destination)));
        }
    }

    /** Passes on the attributes that the rule pushes for the sender of a request; {@code rule}: null for none. */
    void pushAttrs(Rule rule, IncomingRequest arrival) {
        if (rule != null && rule.pushesAttrs()) {
            PushedAttrs attrs = rule.pushedAttrs(arrival.facts(sets));
            if (attrs != null) {
                pushed.accept(attrs);
            }
        }
    }

    /** The policy for requests of dialogs, which no rule relays. */
    RelayPolicy dialogPolicy() {
        return RelayPolicy.forDialogs(Duration.ofMillis(transactions.timers().transactionMs()));
    }

    /** The tally for requests that are sent to a destination over this hop: that of the target, if it has targets. */
    ObservationBatcher.Tally tally(Destination destination, NextHop hop) {
        return ofTarget(observations.of(destination), hop);
    }

    /** The same with the tally of the destination. */
    ObservationBatcher.Tally ofTarget(ObservationBatcher.Tally tally, NextHop hop) {
        TargetAddresses targets = resolver.targets(tally.destination());
        return targets == null ? tally : tally.ofTarget(hop.remote(), targets);
    }

    /** The branch of an attempt of this lane. */
    Branch branch(IncomingRequest arrival, int attempt) {
        return branch(arrival, lane, attempt);
    }

    /** The branch that the given lane, possibly of another node, assigns to an attempt. */
    static Branch branch(IncomingRequest arrival, int lane, int attempt) {
        return new Branch(lane, arrival.flow().socket().index(), attempt, arrival.key(), arrival.loop());
    }
}
