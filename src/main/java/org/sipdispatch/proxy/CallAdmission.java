package org.sipdispatch.proxy;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.sipdispatch.limits.CallHold;
import org.sipdispatch.limits.CallLimits;
import org.sipdispatch.limits.LimitUse;
import org.sipdispatch.limits.NodeLimits;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.LimitReporter;
import org.sipdispatch.routing.KnownSets;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.transaction.EventClock;

/** Lets new calls in as long as the limits of their destination and source are not reached. */
final class CallAdmission {
    private static final long MICRO_NANOS = 1_000;

    private final NodeLimits limits;
    private final KnownSets sets;
    private final EventClock clock;
    private final LimitReporter reporter;
    private final Consumer<Runnable> onLane;
    private final TransactionKey keys;
    private final Rejection refusal;

    /** {@code onLane}: runs a task on the lane's thread. */
    CallAdmission(
            NodeLimits limits,
            KnownSets sets,
            EventClock clock,
            LimitReporter reporter,
            Consumer<Runnable> onLane,
            TransactionKey keys) {
        this.keys = keys;
        this.limits = limits;
        this.sets = sets;
        this.clock = clock;
        this.reporter = reporter;
        this.onLane = onLane;
        LocalReply reply =
                new LocalReply(503, "Too Many Calls", limits.settings().retryAfter());
        refusal = new Rejection(
                reply,
                LaneCounter.REFUSED,
                FailureReplies.configuredHeaders(reply),
                "its source has as many calls as limits.sources allows");
    }

    /** The response if all destinations have as many calls as they may have. */
    LocalReply tooMany() {
        return refusal.reply();
    }

    /** The rejection of a call whose source has as many calls as it may have. */
    Rejection refusal() {
        return refusal;
    }

    /** The limits of a call to a destination; null if it lacks one of the resources. See {@link NodeLimits#of}. */
    List<CallLimits> ofDestination(Destination destination, CallLimits own, List<String> resources) {
        return limits.of(destination, own, resources);
    }

    /** Whether there are limits of sources, so that each new call needs a place there. */
    boolean limitsSources() {
        return limits.hasSources();
    }

    /** The limits of the sources of an address. */
    List<CallLimits> ofSource(InetAddress address) {
        return limits.of(address, sets);
    }

    /** Takes a place in each of the limits. If one of them is reached, and the call may not wait, counts that. */
    NodeLimits.TakenPlaces take(List<CallLimits> all) {
        NodeLimits.TakenPlaces places = limits.take(all, nowNanos());
        if (places.hold() == null && !places.mayWait()) {
            places.full().refuse();
            report(places.full(), places.reached());
        }
        return places;
    }

    /** Waits for places that another node may have; {@code again} runs later on the lane's thread, and takes them. */
    void await(NodeLimits.TakenPlaces places, Runnable again) {
        limits.await(places, () -> onLane.accept(again), nowNanos());
    }

    /**
     * Whether the answer to a call waits until another node knows of the call; {@code again} runs then, or after a moment,
     * on the lane's thread. A retransmission of the answer does not wait.
     */
    boolean awaitsOthers(CallHold places, SipResponse answer, Runnable again) {
        if (!limits.isShared() || places.isTold()) {
            return false;
        }
        places.tell(keys.callKey(answer), () -> onLane.accept(again));
        return true;
    }

    /** The rejection that a call from this address would get now, with the limit; null for none. Takes nothing. */
    Rejection refusal(InetAddress address) {
        NodeLimits.TakenPlaces places = limits.reached(ofSource(address), nowNanos());
        return places == null
                ? null
                : new Rejection(refusal.reply(), refusal.counter(), refusal.headers(), reached(places));
    }

    /** Why a call could not be sent to this destination now, as far as limits tell; null if it could. Takes nothing. */
    String reached(Destination destination, List<String> resources) {
        List<CallLimits> all = limits.of(destination, limits.of(destination), resources);
        if (all == null) {
            return "no resource " + String.join(", ", limits.lacking(destination, resources));
        }
        NodeLimits.TakenPlaces places = limits.reached(all, nowNanos());
        return places == null ? null : reached(places);
    }

    private static String reached(NodeLimits.TakenPlaces places) {
        CallLimits full = places.full();
        boolean ofSource = full.kind() == CallLimits.Kind.SOURCE;
        String limit =
                switch (places.reached()) {
                    case CALLS -> callsKey(full) + "=" + full.values().calls() + " is reached";
                    case RATE ->
                        (ofSource ? "max-cps=" : "maxcps=") + full.values().perSecond() + " is reached";
                    case ANSWERS ->
                        "fewer of its calls are answered than minasr="
                                + full.values().minAnswered() + " asks for";
                };
        return ofSource ? "its source " + LimitUse.part(full.name(), full.kind()) + ": " + limit : limit;
    }

    private static String callsKey(CallLimits full) {
        return switch (full.kind()) {
            case DESTINATION -> "maxcalls";
            case CAPACITY -> LimitUse.part(full.name(), full.kind());
            case SOURCE -> "max-calls";
        };
    }

    private long nowNanos() {
        return clock.micros() * MICRO_NANOS;
    }

    private void report(CallLimits full, CallLimits.Reached reached) {
        boolean ofSource = full.kind() == CallLimits.Kind.SOURCE;
        switch (reached) {
            case CALLS ->
                report(
                        ofCalls(full.kind()),
                        full,
                        () -> full.values().calls() + " calls of " + full.name() + " in flight",
                        "fewer calls, or a higher limit");
            case RATE ->
                report(
                        ofSource ? Limit.SOURCE_RATE : Limit.DESTINATION_RATE,
                        full,
                        () -> full.values().perSecond() + " calls per second of " + full.name(),
                        "fewer calls, or a higher limit");
            case ANSWERS ->
                report(
                        Limit.DESTINATION_ANSWERS,
                        full,
                        () -> "less than " + full.values().minAnswered() + " % of the calls of " + full.name(),
                        "more answered calls within a minute");
        }
    }

    private void report(Limit limit, CallLimits full, Supplier<String> found, String expected) {
        reporter.hit(limit, () -> found.get() + " (expected: " + expected + "); " + consequence(full));
    }

    private static Limit ofCalls(CallLimits.Kind kind) {
        return switch (kind) {
            case DESTINATION -> Limit.DESTINATION_CALLS;
            case CAPACITY -> Limit.DESTINATION_CAPACITY;
            case SOURCE -> Limit.SOURCE_CALLS;
        };
    }

    private static String consequence(CallLimits full) {
        return full.kind() == CallLimits.Kind.SOURCE
                ? "further calls get 503"
                : "further calls go to the next destination, or get 503 if there is none";
    }
}
