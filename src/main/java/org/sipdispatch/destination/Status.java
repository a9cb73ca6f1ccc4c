package org.sipdispatch.destination;

import java.util.ArrayList;
import java.util.List;

/**
 * What the whole cluster knows of a destination. Immutable; its operations are the state machine of a destination, with
 * the time as an argument.
 *
 * @param version orders the statuses of one destination
 * @param held an operator holds it: probes and traffic do not change it
 * @param probing it has failed and is pinged until it answers
 * @param busy it works but accepts no new calls
 * @param failures consecutive failures, 0 to the threshold
 * @param successes consecutive successes while Probing, 0 to the success threshold
 * @param removed it is no longer defined
 * @param sinceMs when its visible state began, in milliseconds since 1970
 * @param who the source of the change: {@code probe}, {@code traffic}, {@code table}, or an operator
 * @param why the reason, in a few words
 * @param orders the last orders that were executed, the newest last; neither this actor nor its successor executes one
 *     of them again
 * @param targets the targets of its name, if that has several addresses: its own state follows from theirs
 */
public record Status(
        StatusVersion version,
        boolean held,
        boolean probing,
        boolean busy,
        int failures,
        int successes,
        boolean removed,
        long sinceMs,
        String who,
        String why,
        List<String> orders,
        Targets targets)
        implements WireMessage {
    public Status {
        if (targets == null) {
            // As read from another node or the journal.
            targets = Targets.among(orders);
            orders = Targets.withoutTargets(orders);
        }
    }

    /** A status as {@link #packed} returns it, or one without targets. */
    public Status(
            StatusVersion version,
            boolean held,
            boolean probing,
            boolean busy,
            int failures,
            int successes,
            boolean removed,
            long sinceMs,
            String who,
            String why,
            List<String> orders) {
        this(version, held, probing, busy, failures, successes, removed, sinceMs, who, why, orders, null);
    }

    /** A status without executed orders. */
    public Status(
            StatusVersion version,
            boolean held,
            boolean probing,
            boolean busy,
            int failures,
            int successes,
            boolean removed,
            long sinceMs,
            String who,
            String why) {
        this(version, held, probing, busy, failures, successes, removed, sinceMs, who, why, List.of(), Targets.NONE);
    }

    /** How many orders are remembered; see {@link #orders}. */
    static final int MOST_ORDERS = 8;

    /** How {@link #why} begins once the destination is removed. */
    public static final String WITHDRAWN = "defined no longer";

    /** The values that one probe result, observation or order changes together. */
    private record Health(boolean held, boolean probing, boolean busy, int failures, int successes) {
        static Health of(DestinationState state) {
            return new Health(state == DestinationState.INACTIVE, state == DestinationState.PROBING, false, 0, 0);
        }
    }

    /** The status of a destination of which only the state column is known. */
    public static Status initial(DestinationState state, long nowMs) {
        Health facts = Health.of(state);
        return new Status(
                StatusVersion.NONE,
                facts.held,
                facts.probing,
                false,
                0,
                0,
                false,
                nowMs,
                "table",
                "state " + state.code());
    }

    /** The state that operators see, in the terms of OpenSIPS. */
    public DestinationState state() {
        if (held) {
            return DestinationState.INACTIVE;
        }
        return probing ? DestinationState.PROBING : DestinationState.ACTIVE;
    }

    /** Whether new requests may be sent to it. */
    public boolean takesTraffic() {
        return state().takesTraffic() && !busy;
    }

    /** Whether the statuses differ only in version and orders; null means the unchanged state column. */
    boolean equalsIgnoringVersion(Status other) {
        return other == null
                ? who.equals("table") && failures == 0 && !removed && targets.isEmpty()
                : withOrders(List.of()).equals(other.withVersion(version).withOrders(List.of()));
    }

    private Status withOrders(List<String> all) {
        return new Status(version, held, probing, busy, failures, successes, removed, sinceMs, who, why, all, targets);
    }

    private Status copy(StatusVersion other, Health next, Targets them) {
        return new Status(
                other,
                next.held,
                next.probing,
                next.busy,
                next.failures,
                next.successes,
                removed,
                sinceMs,
                who,
                why,
                orders,
                them);
    }

    /** The same status in a new term, for the next actor. */
    public Status inNextTerm(long nodeNumber) {
        return withVersion(version.nextTerm(nodeNumber));
    }

    /**
     * Merges an earlier actor's status that arrives after this actor started. If this one is removed or an operator
     * acted here, it wins entirely. If only probes or traffic did, it wins except for the hold of the late status.
     * Unlike the start of an actor, this counts as a change.
     */
    Status mergedWith(Status late, LocalChanges local, long nodeNumber) {
        StatusVersion version = (late.version.isAfter(this.version) ? late.version : this.version)
                .nextTerm(nodeNumber)
                .nextChange();
        if (removed || local.operator()) {
            return withVersion(version);
        }
        return (local.evidence() ? heldAs(late) : late).withVersion(version);
    }

    Status heldAs(Status late) {
        Health facts = new Health(late.held, probing, busy, failures, successes);
        Status both = copy(version, facts, targets.heldAs(late.targets)).withOrders(late.orders);
        boolean stays = both.hasSameVisibleState(this) && !both.hasSameVisibleState(late);
        return stays ? both : both.since(late.sinceMs, late.who, late.why);
    }

    /** Whether operators see the same state; while held they do not see whether the destination is busy. */
    boolean hasSameVisibleState(Status other) {
        return state() == other.state() && (held || busy == other.busy);
    }

    /** Whether this status is newer than the present version, or is from another actor and newer than {@code base}. */
    boolean supersedes(StatusVersion present, StatusVersion base) {
        boolean another = version.term() != present.term() || version.node() != present.node();
        return version.isAfter(present) || another && version.isAfter(base);
    }

    /** The same status with another version. */
    public Status withVersion(StatusVersion other) {
        return copy(other, facts(), targets);
    }

    /**
     * The status after a ping.
     *
     * @param confirmed whether this ping may take the destination out if its failure reaches the threshold; see
     *     {@link #wouldTrip(PingResult, Limits)}
     */
    public Status pinged(PingResult result, HealthThresholds limits, boolean confirmed, long nowMs) {
        Health facts =
                switch (limits.evidence(result)) {
                    case NONE -> facts();
                    case GOOD -> afterSuccess(false, limits);
                    case BUSY -> afterSuccess(true, limits);
                    case BAD -> afterFailures(failures, 1, limits, confirmed);
                };
        return unlessHeld(facts, "probe", result.summary(), nowMs);
    }

    /** Whether this ping's failure takes the destination out if it is confirmed. */
    public boolean wouldTrip(PingResult result, HealthThresholds limits) {
        return limits.evidence(result) == ProbeOutcome.BAD && wouldTrip(failures, 1, limits);
    }

    /** The status after an observation. Traffic never brings a destination back, only pings and operators do. */
    public Status observed(Observation seen, HealthThresholds limits, boolean confirmed, long nowMs) {
        int before = failuresBefore(seen);
        if (seen.holds() && confirmed) {
            return unlessHeld(new Health(true, probing, busy, before, successes), "traffic", seen.summary(), nowMs);
        }
        Health facts = seen.strikes() > 0
                ? afterFailures(before, seen.strikes(), limits, confirmed)
                : new Health(held, probing, busy, before, successes);
        return unlessHeld(facts, "traffic", seen.summary(), nowMs);
    }

    /** Whether this observation takes the destination out if it is confirmed. */
    public boolean wouldTrip(Observation seen, HealthThresholds limits) {
        return seen.strikes() > 0 && wouldTrip(failuresBefore(seen), seen.strikes(), limits);
    }

    private int failuresBefore(Observation seen) {
        return seen.succeeded() > 0 && !probing ? 0 : failures;
    }

    private boolean wouldTrip(int before, int strikes, HealthThresholds limits) {
        return !held && !removed && !probing && (long) before + strikes >= limits.threshold();
    }

    private Health afterSuccess(boolean nowBusy, HealthThresholds limits) {
        boolean stays = probing && successes + 1 < limits.successThreshold();
        return new Health(held, stays, nowBusy && !stays, 0, stays ? successes + 1 : 0);
    }

    private Health afterFailures(int before, int strikes, HealthThresholds limits, boolean confirmed) {
        boolean trips = wouldTrip(before, strikes, limits);
        boolean down = probing || trips && confirmed;
        int most = down ? limits.threshold() : limits.threshold() - 1;
        return new Health(held, down, busy && !down, (int) Math.min((long) before + strikes, most), 0);
    }

    /** Probes and traffic change neither a held destination nor one that is no longer defined. */
    private Status unlessHeld(Health facts, String source, String reason, long nowMs) {
        return held || removed ? this : with(facts, source, reason, nowMs);
    }

    /** Whether an operator may set this state; Probing does not end a hold. */
    public boolean mayBeSet(DestinationState state) {
        return !removed && !(held && state == DestinationState.PROBING);
    }

    /** An operator sets the state. Inactive keeps the results of probes for the end of the hold; Active resets them. */
    public Status set(DestinationState state, String operator, String reason, long nowMs) {
        if (!mayBeSet(state)) {
            return this;
        }
        Targets them = targets.set(state, operator, reason, nowMs);
        Health facts =
                switch (state) {
                    case ACTIVE -> them.isNone() ? Health.of(DestinationState.ACTIVE) : health(them, false);
                    case INACTIVE -> new Health(true, probing, busy, failures, successes);
                    case PROBING -> new Health(false, true, false, failures, probing ? successes : 0);
                };
        return with(them, facts, operator, reason, nowMs);
    }

    /** What follows from the states of the targets: the destination works if any of them does. */
    private static Health health(Targets targets, boolean held) {
        return new Health(held, !targets.isAnyActive(), targets.isBusy(), targets.failures(), targets.successes());
    }

    /** The status with these targets, whose states determine its own. */
    Status withTargets(Targets them, String source, String reason, long nowMs) {
        if (removed || them.equals(targets)) {
            return this;
        }
        Health facts = them.isNone() ? facts() : health(them, held);
        Status next = with(them, facts, source, reason, nowMs);
        return next.since(next.sinceMs, next.who, them.reason(next.why, targets));
    }

    /** The same with what operators see of these changes of its targets. */
    Status withLastChange(List<Targets.Change> changes, long atMs) {
        return changes.isEmpty() || targets.isNone() ? this : copy(version, facts(), targets.withLast(changes, atMs));
    }

    /** The status after a change of one target: {@code next} is the target's status. */
    Status withTarget(String name, Status next, long nowMs) {
        return withTargets(targets.with(name, next), next.who(), name + ": " + next.why(), nowMs);
    }

    private Status with(Targets them, Health facts, String source, String reason, long nowMs) {
        if (them.equals(targets)) {
            return with(facts, source, reason, nowMs);
        }
        return copy(version.nextChange(), facts(), them).with(facts, source, reason, nowMs);
    }

    /** An operator ends the hold: the results of probes decide the state again. */
    public Status released(String operator, String reason, long nowMs) {
        return removed ? this : with(new Health(false, probing, busy, failures, successes), operator, reason, nowMs);
    }

    /** The destination is no longer defined, by this operator and order; both are empty if not known. */
    public Status withdrawn(String operator, String order) {
        if (removed) {
            return this;
        }
        String reason = order.isEmpty() ? WITHDRAWN : WITHDRAWN + ": " + order;
        return new Status(
                version.nextChange(),
                held,
                probing,
                busy,
                failures,
                successes,
                true,
                sinceMs,
                operator,
                reason,
                orders,
                targets);
    }

    /** The destination is defined. Only if it was removed before, the state column applies. */
    public Status defined(DestinationState initial, long nowMs) {
        return removed ? initial(initial, nowMs).withVersion(version.nextChange()) : this;
    }

    /**
     * Adds an executed order, which led to this status.
     *
     * @param before the status before the order
     */
    Status ordered(String order, Status before) {
        if (order.isEmpty()) {
            return this;
        }
        List<String> all = new ArrayList<>(orders);
        all.add(order);
        List<String> last = List.copyOf(all.subList(Math.max(0, all.size() - MOST_ORDERS), all.size()));
        StatusVersion next = equals(before) ? version.nextChange() : version;
        return copy(next, facts(), targets).withOrders(last);
    }

    /**
     * Whether this order was executed.
     *
     * @param order its ticket or its name
     */
    public boolean hasExecuted(String order) {
        return OrderTickets.contain(orders, order);
    }

    /** Whether another order was executed under this ticket's name. */
    boolean usedForAnother(String ticket) {
        return OrderTickets.containAnother(orders, ticket);
    }

    /**
     * The same with the targets among the orders, in the form that is sent to other nodes and written to the journal:
     * earlier releases have no other field for them, and keep them there unread.
     */
    public Status packed() {
        if (targets.isEmpty()) {
            return this;
        }
        List<String> texts = new ArrayList<>(orders);
        texts.add(0, targets.text());
        return copy(version, facts(), Targets.NONE).withOrders(texts);
    }

    private Health facts() {
        return new Health(held, probing, busy, failures, successes);
    }

    /** All changes of these values go through this method. */
    private Status with(Health next, String source, String reason, long nowMs) {
        if (next.equals(facts())) {
            return this;
        }
        Status same = copy(version.nextChange(), next, targets);
        boolean shown = !same.hasSameVisibleState(this);
        return shown ? same.since(nowMs, source, reason) : same;
    }

    private Status since(long nowMs, String source, String reason) {
        return new Status(
                version, held, probing, busy, failures, successes, removed, nowMs, source, reason, orders, targets);
    }
}
