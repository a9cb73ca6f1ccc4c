package org.sipdispatch.sets;

import java.util.Arrays;

/**
 * Draws a few members by weight and selects the one with the smallest product of calls in flight and latency. Nodes
 * with the same data about a slow or new destination therefore do not all select the same one.
 *
 * <p>The calls in flight count relative to the mean weight, with one added: {@code 1 + calls * mean weight / weight}.
 * Members without calls cost the same, regardless of their weights. Latencies are rounded down to 1, 1.5, 2, 3, 4, 6,
 * 8, 12 ms and so on, in units of 1.024 ms, so that a difference of a few percent does not attract all requests. A
 * member without a measured latency has the smallest one of those that are compared.
 */
final class BestOf extends Balancer {
    /** How often a member that was drawn already is drawn again, for each choice. */
    private static final int DRAWS = 4;

    private static final int MILLISECOND_BITS = 10;

    private final Trials trials;
    private int[] places = {};
    /** Null if no member is usable. */
    private WeightWheel wheel;

    private double meanWeight;
    private boolean weighted;
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
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < places.length; i++) {
            weights[i] = set().weight(places[i]);
            long latency = rounded(load(places[i]).latencyMicros());
            fastest = latency == 0 ? fastest : Math.min(fastest, latency);
        }
        weighted = Arrays.stream(weights).anyMatch(weight -> weight > 0);
        wheel = places.length == 0 ? null : new WeightWheel(weights);
        meanWeight = wheel == null ? 1 : (double) wheel.total() / places.length;
        // One less than all, so that chance decides in small sets too.
        int most = Math.min(places.length, Math.max(2, places.length - 1));
        drawn = new int[Math.min(settings().choices(), most)];
        trials.replace(slowerThan(fastest));
    }

    private int[] slowerThan(long fastest) {
        return Arrays.stream(places)
                .filter(place -> load(place).isIdle()
                        && rounded(load(place).latencyMicros()) > fastest
                        && (!weighted || set().weight(place) > 0))
                .toArray();
    }

    /** The two highest bits of a latency in microseconds; 0 for none. */
    private static long rounded(long micros) {
        if (micros == 0) {
            return 0;
        }
        long atLeast = Math.max(micros, 1L << MILLISECOND_BITS);
        return atLeast & 3L << 62 - Long.numberOfLeadingZeros(atLeast);
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
        long unknown = Long.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            long latency = rounded(load(drawn[i]).latencyMicros());
            unknown = latency == 0 ? unknown : Math.min(unknown, latency);
        }
        int best = NONE;
        double lowest = 0;
        for (int i = 0; i < count; i++) {
            double cost = cost(drawn[i], unknown == Long.MAX_VALUE ? 1 : unknown);
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
        return cost(place, 1);
    }

    private double cost(int place, long ifUnknown) {
        int weight = set().weight(place);
        if (weight == 0 && weighted) {
            return Double.POSITIVE_INFINITY;
        }
        long latency = rounded(load(place).latencyMicros());
        double calls = 1 + load(place).inFlight() * meanWeight / Math.max(1, weight);
        return calls * (latency == 0 ? ifUnknown : latency);
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
