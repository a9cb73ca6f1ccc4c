package org.sipdispatch.observation;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.sipdispatch.destination.Observation;
import org.sipdispatch.limits.CallLimits;
import org.sipdispatch.limits.NodeLimits;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.TargetAddresses;
import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.TimerWheel;

/**
 * Collects a lane's observations of destinations. Reports them in batches, a few times a second at most, never for each
 * call.
 */
public final class ObservationBatcher {
    private static final long FLUSH_MS = 250;
    /** The cache is cleared at this size. It then mostly holds destinations that have been replaced. */
    private static final int MOST_KNOWN = 100_000;
    /** Likewise for the targets of a destination. */
    private static final int MOST_TARGETS = 100;

    /** The outcomes at one destination, or at one of its targets, since the last report. */
    public static final class Tally {
        private final Destination destination;
        private final DestinationCounters counters;
        private final CallLimits limits;
        private final String target;
        private Map<InetSocketAddress, Tally> targets = Map.of();
        private int succeeded;
        private int failed;
        private int strikes;
        private boolean silent;
        private int code;

        Tally(Destination destination, DestinationCounters counters, CallLimits limits, String target) {
            this.destination = destination;
            this.counters = counters;
            this.limits = limits;
            this.target = target;
        }

        /** The tally of the destination's target with this address; {@code all}: the destination's targets. */
        public Tally ofTarget(InetSocketAddress address, TargetAddresses all) {
            Tally known = targets.get(address);
            if (known == null) {
                if (targets.isEmpty() || targets.size() >= MOST_TARGETS) {
                    targets = new HashMap<>();
                }
                String name = all.name(address);
                known = new Tally(destination, counters.target(name), limits, name);
                targets.put(address, known);
            }
            return known;
        }

        /** Whether it is the tally of a target. */
        public boolean isOfTarget() {
            return !target.isEmpty();
        }

        public Destination destination() {
            return destination;
        }

        /** The permanent counters of the destination or target. */
        public DestinationCounters counters() {
            return counters;
        }

        /** The limits of the destination's calls; null for none. */
        public CallLimits limits() {
            return limits;
        }

        private boolean isEmpty() {
            return succeeded == 0 && failed == 0;
        }

        private Observation takeObservation() {
            Observation observation = new Observation(destination, succeeded, failed, strikes, silent, code, target);
            succeeded = 0;
            failed = 0;
            strikes = 0;
            silent = false;
            code = 0;
            return observation;
        }
    }

    private final EventClock clock;
    private final TimerWheel timers;
    private final DestinationCounterTable counters;
    private final NodeLimits limits;
    private final Consumer<List<Observation>> receiver;
    private final Map<Destination, Tally> tallies = new IdentityHashMap<>();
    private final List<Tally> pending = new ArrayList<>();
    private final TimerWheel.Timer flush = TimerWheel.timer(this::onFlush);

    /** {@code receiver}: receives each batch. */
    public ObservationBatcher(
            EventClock clock,
            TimerWheel timers,
            DestinationCounterTable counters,
            NodeLimits limits,
            Consumer<List<Observation>> receiver) {
        this.clock = clock;
        this.timers = timers;
        this.counters = counters;
        this.limits = limits;
        this.receiver = receiver;
    }

    /** The tally of a destination. */
    public Tally of(Destination destination) {
        Tally tally = tallies.get(destination);
        if (tally == null) {
            if (tallies.size() >= MOST_KNOWN) {
                tallies.clear();
            }
            tally = new Tally(destination, counters.of(destination, clock.nowMs()), limits.of(destination), "");
            tallies.put(destination, tally);
        }
        return tally;
    }

    /** Counts a request whose first candidate is this destination. */
    public void firstHit(DestinationCounters destination) {
        counters.firstHit(destination, clock.nowMs());
    }

    /** Counts a request sent to this destination. */
    public void sent(DestinationCounters destination) {
        counters.sent(destination, clock.nowMs());
    }

    /** The destination responded in a way that shows that it works. */
    public void succeeded(Tally tally) {
        markPending(tally);
        tally.succeeded++;
        tally.strikes = tally.strikes == Observation.HOLD ? Observation.HOLD : 0;
    }

    /**
     * The destination failed a request.
     *
     * @param strikes 1 if the failure counts as a failed ping, {@link Observation#HOLD} if it holds the destination,
     *     otherwise 0
     * @param silent whether the destination sent no response at all
     */
    public void failed(Tally tally, int strikes, boolean silent, int code) {
        markPending(tally);
        tally.failed++;
        boolean holds = strikes == Observation.HOLD || tally.strikes == Observation.HOLD;
        tally.strikes = holds ? Observation.HOLD : tally.strikes + strikes;
        tally.silent = silent;
        tally.code = code;
    }

    private void markPending(Tally tally) {
        if (tally.isEmpty()) {
            pending.add(tally);
            if (!flush.isSet()) {
                timers.set(flush, clock.nowMs() + FLUSH_MS);
            }
        }
    }

    private void onFlush(long nowMs) {
        List<Observation> observations =
                pending.stream().map(Tally::takeObservation).toList();
        pending.clear();
        receiver.accept(observations);
    }
}
