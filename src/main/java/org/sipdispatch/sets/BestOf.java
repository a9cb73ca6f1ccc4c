package org.sipdispatch.sets;

import java.util.Arrays;

/**
 * Draws a few members by weight and selects the one with the smallest product of calls in flight and latency. Nodes
 * with the same data about a slow or new destination therefore do not all select the same one.
 *
 * <p>The calls in flight count relative to the mean weight, with one added: {@code 1 + calls * mean weight / weight}.
 * Members without calls cost the same, regardless of their weights. A latency below twice the lowest one of the set, or
 * below 2 ms, counts as the lowest one, so that the differences of equal servers do not attract all requests. So does a
 * member without a measured latency.
 */
final class BestOf extends Balancer {
    /** How often a member that was drawn already is drawn again, for each choice. */
    private static final int DRAWS = 4;

    private static final long LEAST_MICROS = 1_000;
    /** Latencies below this multiple of the lowest one count as the lowest one. */
    private static final int NOT_SLOW = 2;

    private final Trials trials;
    private int[] places = {};
    /** Null if no member is usable. */
    private WeightWheel wheel;

    private double meanWeight;
    private boolean weighted;
    /** The lowest latency of the usable members, in microseconds. */
    private long lowestMicros = LEAST_MICROS;
    /** The members that were drawn last. */
    private int[] drawn = {};

    BestOf(LoadContext context) {
        super(context);
        trials = new Trials();
    }

    private BestOf(BestOf other) {
        super(other);
        trials = other.trials.copy();
        places = other.places;
        wheel = other.wheel;
        meanWeight = other.meanWeight;
        weighted = other.weighted;
        lowestMicros = other.lowestMicros;
        drawn = other.drawn.clone();
    }

    @Override
    Balancer copy() {
        return new BestOf(this);
    }

    @Override
    boolean followsLatency() {
        return true;
    }

    @Override
    void prepare(boolean sameMembers, int random) {
        places = usable();
        long[] weights = new long[places.length];
        lowestMicros = Long.MAX_VALUE;
        for (int i = 0; i < places.length; i++) {
            weights[i] = set().weight(places[i]);
            long latency = load(places[i]).latencyMicros();
            lowestMicros = latency == 0 ? lowestMicros : Math.min(lowestMicros, latency);
        }
        lowestMicros = lowestMicros == Long.MAX_VALUE ? LEAST_MICROS : Math.max(LEAST_MICROS, lowestMicros);
        weighted = Arrays.stream(weights).anyMatch(weight -> weight > 0);
        wheel = places.length == 0 ? null : new WeightWheel(weights);
        meanWeight = wheel == null ? 1 : (double) wheel.total() / places.length;
        // One less than all, so that chance decides in small sets too.
        int most = Math.min(places.length, Math.max(2, places.length - 1));
        drawn = new int[Math.min(settings().choices(), most)];
        trials.replace(slowOnes());
    }

    private int[] slowOnes() {
        return Arrays.stream(places)
                .filter(place ->
                        load(place).isIdle() && latency(place) > lowestMicros && (!weighted || set().weight(place) > 0))
                .toArray();
    }

    private long latency(int place) {
        long micros = load(place).latencyMicros();
        return micros < NOT_SLOW * lowestMicros ? lowestMicros : micros;
    }

    @Override
    int first(int random) {
        if (wheel == null) {
            return NONE;
        }
        int trial = trials.next(loads());
        if (trial != NONE) {
            return trial;
        }
        int count = draw(random);
        int best = NONE;
        double lowest = 0;
        for (int i = 0; i < count; i++) {
            double cost = cost(drawn[i]);
            if (best == NONE || cost < lowest) {
                best = drawn[i];
                lowest = cost;
            }
        }
        return best;
    }

    /** Draws different members; returns how many. */
    private int draw(int random) {
        int count = 0;
        for (int i = 0; i < DRAWS * drawn.length && count < drawn.length; i++) {
            int place = places[wheel.index(SplitMix64.mix((long) i << 32 | random & 0xffffffffL))];
            boolean isNew = true;
            for (int other = 0; other < count; other++) {
                isNew &= drawn[other] != place;
            }
            if (isNew) {
                drawn[count++] = place;
            }
        }
        return count;
    }

    @Override
    double cost(int place) {
        int weight = set().weight(place);
        if (weight == 0 && weighted) {
            return Double.POSITIVE_INFINITY;
        }
        return (1 + load(place).inFlight() * meanWeight / Math.max(1, weight)) * latency(place);
    }

    @Override
    String figures(int place) {
        return load(place).inFlight() + " in flight, " + load(place).latencyMs() + " ms, weight " + set().weight(place);
    }

    @Override
    String whyFirst(int first) {
        return figures(first) + ", the best of " + drawn.length + " or a trial of an old latency";
    }
}
