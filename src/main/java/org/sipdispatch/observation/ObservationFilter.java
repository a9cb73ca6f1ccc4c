package org.sipdispatch.observation;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.sipdispatch.destination.Observation;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forwards the observations of all lanes, except those that may be caused by this node's own network. Thread-safe. */
public final class ObservationFilter implements Consumer<List<Observation>> {
    private static final Logger LOG = LoggerFactory.getLogger(ObservationFilter.class);
    /** A set is suspected about a second after its first failure. */
    private static final long RECENT_MS = 10_000;

    private final boolean suspects;
    private final LongSupplier nowMs;
    private final Consumer<List<Observation>> receiver;
    private final LaneCounters counters;
    private final TlsHandshakes handshakes;
    private final LocalOutageDetector detector = new LocalOutageDetector();
    private Set<SetId> suspected = Set.of();

    /**
     * Creates the filter.
     *
     * @param suspects whether to detect outages of this node's own network; if false, everything is forwarded
     * @param nowMs a monotonic clock in milliseconds
     * @param receiver receives the remaining observations
     * @param handshakes those of the node, whose failures may be the cause
     */
    public ObservationFilter(
            boolean suspects,
            LongSupplier nowMs,
            Consumer<List<Observation>> receiver,
            LaneCounters counters,
            TlsHandshakes handshakes) {
        this.nowMs = nowMs;
        this.suspects = suspects;
        this.receiver = receiver;
        this.counters = counters;
        this.handshakes = handshakes;
    }

    @Override
    public void accept(List<Observation> seen) {
        if (suspects) {
            evaluate(seen);
        } else {
            receiver.accept(seen);
        }
    }

    /** Advances the time. Call this several times a second, even without observations. */
    public void tick() {
        evaluate(List.of());
    }

    private synchronized void evaluate(List<Observation> seen) {
        long before = detector.withheld();
        List<Observation> reported = detector.evaluate(seen, nowMs.getAsLong());
        counters.add(LaneCounter.SUSPECTED, detector.withheld() - before);
        logSuspicions();
        if (!reported.isEmpty()) {
            receiver.accept(reported);
        }
    }

    private void logSuspicions() {
        Set<SetId> now = detector.suspects();
        for (SetId set : now) {
            if (!suspected.contains(set)) {
                LOG.warn("no destination of set {} can be reached from here: {}", set, cause(set));
            }
        }
        for (SetId set : suspected) {
            if (!now.contains(set)) {
                LOG.warn("a destination of set {} can be reached again, or none has failed for a while", set);
            }
        }
        suspected = now;
    }

    private String cause(SetId set) {
        TlsFailure failure = detector.isOverTls(set)
                ? handshakes.lastFailure(TlsHandshakes.Side.CLIENT, nowMs.getAsLong() - RECENT_MS)
                : null;
        return failure == null
                ? "this node's network is suspected"
                : "TLS handshakes with servers fail (" + failure.label()
                        + "), so this node's certificates and authorities are suspected, or its clock";
    }

    public synchronized void replace(Collection<SetView> views) {
        detector.replace(views);
    }

    public synchronized void update(SetView view) {
        detector.update(view);
    }

    public synchronized Set<SetId> suspects() {
        return suspected;
    }
}
