package org.sipdispatch.sets;

/**
 * The load of one member of a set, with the attributes that the algorithms by load and latency read: {@code rweight},
 * {@code cc}, {@code maxload} and {@code latency}, as in Kamailio. A value that is not a whole number counts as absent.
 */
final class MemberLoad {
    private final DestinationLoad measured;
    private final int relativeWeight;
    private final boolean congestionControl;
    private final int maxLoad;
    private final long givenMicros;

    MemberLoad(DestinationLoad measured, Destination destination) {
        this.measured = measured;
        String attrs = destination.attrs();
        relativeWeight = Attrs.number(attrs, "rweight", -1);
        congestionControl = Attrs.number(attrs, "cc", 0) > 0;
        maxLoad = Attrs.number(attrs, "maxload", 0);
        givenMicros = Attrs.number(attrs, "latency", 0) * 1000L;
    }

    long inFlight() {
        return measured.inFlight();
    }

    /** The most calls in flight; 0 for any number. */
    int maxLoad() {
        return maxLoad;
    }

    boolean isFull(long inFlight) {
        return maxLoad > 0 && inFlight >= maxLoad;
    }

    /** {@code rweight}; without it the weight. */
    int relativeWeight(int weight) {
        return relativeWeight < 0 ? weight : relativeWeight;
    }

    boolean hasCongestionControl() {
        return congestionControl;
    }

    /** The present latency; before the first measurement that of the attributes; 0 for none. */
    long latencyMicros() {
        long micros = measured.latencyMicros();
        return micros > 0 ? micros : givenMicros;
    }

    long latencyMs() {
        return latencyMicros() / 1000;
    }

    /** By how much the present latency exceeds the usual one, in whole milliseconds. */
    long congestionMs() {
        long present = measured.latencyMicros();
        return present > 0 ? Math.max(0, present - measured.usualLatencyMicros()) / 1000 : 0;
    }

    QualityCounts quality() {
        return measured.quality();
    }

    boolean isIdle() {
        return measured.isIdle();
    }
}
