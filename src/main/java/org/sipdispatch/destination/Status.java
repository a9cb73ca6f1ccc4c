package org.sipdispatch.destination;

import java.util.ArrayList;
import java.util.List;

/**
 * What the whole cluster knows of a destination. Immutable; the operations on it are the domain's state machine, with
 * the time as an argument.
 *
 * @param version orders what is known
 * @param held an operator has taken it out: no evidence changes that
 * @param probing it was found dead and is pinged until it answers
 * @param busy it is alive but takes no new calls
 * @param failures consecutive failures, 0 to the threshold
 * @param successes consecutive successes since it was found dead, 0 to the success threshold
 * @param removed it is defined no longer
 * @param sinceMs when its shown state began, in milliseconds since 1970
 * @param who who changed it: {@code probe}, {@code traffic}, {@code table}, or an operator
 * @param why what for, in a few words
 * @param orders the last orders that were executed, the newest last: one that is given again is not executed again, by the next
 *     actor neither
 */
public record Status(
        Version version,
        boolean held,
        boolean probing,
        boolean busy,
        int failures,
        int successes,
        boolean removed,
        long sinceMs,
        String who,
        String why,
        List<String> orders)
        implements WireMessage {

    /** One that no order has led to. */
    public Status(
            Version version,
            boolean held,
            boolean probing,
            boolean busy,
            int failures,
            int successes,
            boolean removed,
            long sinceMs,
            String who,
            String why) {
        this(version, held, probing, busy, failures, successes, removed, sinceMs, who, why, List.of());
    }

    /** How many orders are remembered; see {@link #orders}. */
    static final int MOST_ORDERS = 8;

    /** Stands in a ticket between the order's name and a digest of what is ordered; no name contains it. */
    public static final String ORDER_DIGEST = " ";

    /** What {@link #why} begins with once it is removed. */
    public static final String WITHDRAWN = "defined no longer";

    /** What one evidence or one word changes together. */
    private record Facts(boolean held, boolean probing, boolean busy, int failures, int successes) {
        static Facts of(DestinationState state) {
            return new Facts(state == DestinationState.INACTIVE, state == DestinationState.PROBING, false, 0, 0);
        }
    }

    /** A destination of which nothing is known but the state column. */
    public static Status initial(DestinationState state, long nowMs) {
        return written(Version.NONE, state, nowMs);
    }

    private static Status written(Version version, DestinationState state, long nowMs) {
        Facts facts = Facts.of(state);
        return new Status(
                version,
                facts.held,
                facts.probing,
                false,
                0,
                0,
                false,
                nowMs,
                "table",
                "state " + state.code(),
                List.of());
    }

    /** What operators see, in the words of OpenSIPS. */
    public DestinationState state() {
        if (held) {
            return DestinationState.INACTIVE;
        }
        return probing ? DestinationState.PROBING : DestinationState.ACTIVE;
    }

    /** Whether new requests may go there. */
    public boolean takesTraffic() {
        return state().takesTraffic() && !busy;
    }

    /** Whether the other one differs in its version alone; null says what the table says. */
    boolean saysTheSameAs(Status other) {
        return other == null
                ? who.equals("table") && failures == 0 && !removed
                : withoutOrders().equals(other.as(version).withoutOrders());
    }

    private Status withoutOrders() {
        return new Status(version, held, probing, busy, failures, successes, removed, sinceMs, who, why);
    }

    /** The same, in the hands of the next actor. */
    public Status takenUp(long nodeNumber) {
        return as(version.nextTerm(nodeNumber));
    }

    /**
     * What is true when an older actor's last word comes late. What was said here stands: all of it if an operator did;
     * evidence alone leaves an operator's hold, or its end, to the other one.
     */
    Status joined(Status late, Spoken spoken, long nodeNumber) {
        Version version = (late.version.isAfter(this.version) ? late.version : this.version).nextTerm(nodeNumber);
        if (removed || spoken.operator()) {
            return as(version);
        }
        return (spoken.evidence() ? heldAs(late) : late).as(version);
    }

    private Status heldAs(Status late) {
        Status both = new Status(
                version, late.held, probing, busy, failures, successes, removed, sinceMs, who, why, late.orders);
        boolean stays = both.showsTheSameAs(this) && !both.showsTheSameAs(late);
        return stays ? both : both.since(late.sinceMs, late.who, late.why);
    }

    /** Whether people see the same; below a hold they do not see whether it is busy. */
    boolean showsTheSameAs(Status other) {
        return state() == other.state() && (held || busy == other.busy);
    }

    /** Whether it comes from another actor than the present one, after what that one began with. */
    boolean isNews(Version present, Version base) {
        boolean another = version.term() != present.term() || version.node() != present.node();
        return version.isAfter(present) || another && version.isAfter(base);
    }

    /** The same in another version. */
    Status as(Version other) {
        return new Status(other, held, probing, busy, failures, successes, removed, sinceMs, who, why, orders);
    }

    /**
     * A ping ended.
     *
     * @param confirmed whether it may take the destination out, should it be the failure that does; see
     *     {@link #wouldTrip(PingResult, Limits)}
     */
    public Status pinged(PingResult result, Limits limits, boolean confirmed, long nowMs) {
        Facts facts =
                switch (limits.evidence(result)) {
                    case NONE -> facts();
                    case GOOD -> answered(false, limits);
                    case BUSY -> answered(true, limits);
                    case BAD -> struck(failures, 1, limits, confirmed);
                };
        return found(facts, "probe", result.told(), nowMs);
    }

    /** Whether that ping's end takes the destination out if it is confirmed. */
    public boolean wouldTrip(PingResult result, Limits limits) {
        return limits.evidence(result) == Evidence.BAD && wouldTrip(failures, 1, limits);
    }

    /** Traffic showed something; it never brings a destination back, only good pings and operators do. */
    public Status observed(Observation seen, Limits limits, boolean confirmed, long nowMs) {
        int before = failuresBefore(seen);
        Facts facts = seen.strikes() > 0
                ? struck(before, seen.strikes(), limits, confirmed)
                : new Facts(held, probing, busy, before, successes);
        return found(facts, "traffic", seen.told(), nowMs);
    }

    /** Whether that observation takes the destination out if it is confirmed. */
    public boolean wouldTrip(Observation seen, Limits limits) {
        return seen.strikes() > 0 && wouldTrip(failuresBefore(seen), seen.strikes(), limits);
    }

    private int failuresBefore(Observation seen) {
        return seen.succeeded() > 0 && !probing ? 0 : failures;
    }

    private boolean wouldTrip(int before, int strikes, Limits limits) {
        return !held && !removed && !probing && (long) before + strikes >= limits.threshold();
    }

    private Facts answered(boolean nowBusy, Limits limits) {
        boolean stays = probing && successes + 1 < limits.successThreshold();
        return new Facts(held, stays, nowBusy && !stays, 0, stays ? successes + 1 : 0);
    }

    private Facts struck(int before, int strikes, Limits limits, boolean confirmed) {
        boolean trips = wouldTrip(before, strikes, limits);
        boolean down = probing || trips && confirmed;
        int most = down ? limits.threshold() : limits.threshold() - 1;
        return new Facts(held, down, busy && !down, (int) Math.min((long) before + strikes, most), 0);
    }

    /** Evidence does not count against an operator's hold, nor for what is defined no longer. */
    private Status found(Facts facts, String source, String reason, long nowMs) {
        return held || removed ? this : become(facts, source, reason, nowMs);
    }

    /** Whether an operator may say so; Probing is no way out of a hold. */
    public boolean mayBeSet(DestinationState state) {
        return !removed && !(held && state == DestinationState.PROBING);
    }

    /** An operator's word. Inactive keeps the evidence below the hold; Active forgets it. */
    public Status set(DestinationState state, String operator, String reason, long nowMs) {
        if (!mayBeSet(state)) {
            return this;
        }
        Facts facts =
                switch (state) {
                    case ACTIVE -> Facts.of(DestinationState.ACTIVE);
                    case INACTIVE -> new Facts(true, probing, busy, failures, successes);
                    case PROBING -> new Facts(false, true, false, failures, probing ? successes : 0);
                };
        return become(facts, operator, reason, nowMs);
    }

    /** An operator ends the hold: the evidence below it counts again. */
    public Status released(String operator, String reason, long nowMs) {
        return removed ? this : become(new Facts(false, probing, busy, failures, successes), operator, reason, nowMs);
    }

    /** It is defined no longer, by nobody's order that is known. */
    public Status withdrawn() {
        return withdrawn("", "");
    }

    /** It is defined no longer, by that order; empty where it is not known. */
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
                orders);
    }

    /** It is defined, as new if it was not before: only then the state column counts. */
    public Status defined(DestinationState initial, long nowMs) {
        return removed ? written(version.nextChange(), initial, nowMs) : this;
    }

    /**
     * An order has led to this.
     *
     * @param before what was known before it
     */
    Status ordered(String order, Status before) {
        if (order.isEmpty()) {
            return this;
        }
        List<String> all = new ArrayList<>(orders);
        all.add(order);
        List<String> last = List.copyOf(all.subList(Math.max(0, all.size() - MOST_ORDERS), all.size()));
        Version next = equals(before) ? version.nextChange() : version;
        return new Status(next, held, probing, busy, failures, successes, removed, sinceMs, who, why, last);
    }

    /**
     * Whether that order was executed.
     *
     * @param order its ticket or its name
     */
    public boolean knows(String order) {
        return !order.isEmpty()
                && orders.stream()
                        .anyMatch(done -> done.equals(order)
                                || done.equals(orderName(order))
                                || orderName(done).equals(order));
    }

    /** Whether another order was executed under the name of that ticket. */
    boolean usedForAnother(String ticket) {
        return !ticket.isEmpty()
                && orders.stream()
                        .anyMatch(
                                done -> !done.equals(ticket) && orderName(done).equals(orderName(ticket)));
    }

    /** A ticket without the digest of what is ordered. */
    public static String orderName(String ticket) {
        int digest = ticket.lastIndexOf(ORDER_DIGEST);
        return digest < 0 ? ticket : ticket.substring(0, digest);
    }

    private Facts facts() {
        return new Facts(held, probing, busy, failures, successes);
    }

    /** The one door between two values. */
    private Status become(Facts next, String source, String reason, long nowMs) {
        if (next.equals(facts())) {
            return this;
        }
        Status same = new Status(
                version.nextChange(),
                next.held,
                next.probing,
                next.busy,
                next.failures,
                next.successes,
                removed,
                sinceMs,
                who,
                why,
                orders);
        boolean shown = same.state() != state() || busy != next.busy;
        return shown ? same.since(nowMs, source, reason) : same;
    }

    private Status since(long nowMs, String source, String reason) {
        return new Status(version, held, probing, busy, failures, successes, removed, nowMs, source, reason, orders);
    }
}
