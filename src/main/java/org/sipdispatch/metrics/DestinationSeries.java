package org.sipdispatch.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.EnumMap;
import java.util.Map;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.destination.Status;
import org.sipdispatch.observation.DestinationTraffic;
import org.sipdispatch.replication.FreeswitchWeight;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.TrafficShare;

/** The values under one set of labels: one destination, or the sum over the destinations of a set beyond the limit. */
final class DestinationSeries {
    static final String OTHER = "other";

    private final Map<DestinationState, Long> states = new EnumMap<>(DestinationState.class);
    private final Map<PingResult.PingOutcome, Long> probes = new EnumMap<>(PingResult.PingOutcome.class);
    private long takingTraffic;
    private long failures;
    private boolean known;
    private boolean defined;
    private boolean hasEventSocket;
    private long weight;
    private long connected;
    private long inBackoff;
    private long inSlowStart;
    private DestinationTraffic traffic;

    DestinationSeries(Destination destination) {
        traffic = DestinationTraffic.none(destination);
    }

    static Labels labels(Destination destination) {
        Labels labels = labels(destination, destination.uri());
        if (destination.socket() != null) {
            labels = labels.merge(Labels.of("socket", destination.socket()));
        }
        return destination.ordinal() == 1
                ? labels
                : labels.merge(Labels.of("ordinal", String.valueOf(destination.ordinal())));
    }

    static Labels others(Destination destination) {
        return labels(destination, OTHER);
    }

    private static Labels labels(Destination destination, String uri) {
        return Labels.of("partition", destination.partition(), "set", String.valueOf(destination.set()), "uri", uri);
    }

    void add(Status status) {
        known = true;
        states.merge(status.state(), 1L, Long::sum);
        takingTraffic += status.takesTraffic() ? 1 : 0;
        failures += status.failures();
    }

    /** {@code freeswitch}: the report of its event socket; null for none. */
    void add(int one, boolean fromEventSocket, FreeswitchWeight freeswitch) {
        defined = true;
        weight += one;
        hasEventSocket |= fromEventSocket;
        connected += freeswitch != null && freeswitch.connected() ? 1 : 0;
    }

    void add(TrafficShare share) {
        inBackoff += share.isInBackoff() ? 1 : 0;
        inSlowStart += share.isInSlowStart() ? 1 : 0;
    }

    void add(DestinationTraffic more) {
        traffic = traffic.plus(more);
    }

    void add(PingResult.PingOutcome outcome, long count) {
        probes.merge(outcome, count, Long::sum);
    }

    /** Whether a status is known; it is not for a destination that is no longer defined. */
    boolean isKnown() {
        return known;
    }

    boolean isDefined() {
        return defined;
    }

    boolean hasEventSocket() {
        return hasEventSocket;
    }

    long weight() {
        return weight;
    }

    /** How many destinations are in backoff. */
    long inBackoff() {
        return inBackoff;
    }

    /** How many destinations are in their slow start. */
    long inSlowStart() {
        return inSlowStart;
    }

    /** How many event sockets are connected. */
    long connected() {
        return connected;
    }

    long countIn(DestinationState state) {
        return states.getOrDefault(state, 0L);
    }

    long takingTraffic() {
        return takingTraffic;
    }

    long failures() {
        return failures;
    }

    long probes(PingResult.PingOutcome outcome) {
        return probes.getOrDefault(outcome, 0L);
    }

    DestinationTraffic traffic() {
        return traffic;
    }
}
