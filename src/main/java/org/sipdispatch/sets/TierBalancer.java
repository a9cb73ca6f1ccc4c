package org.sipdispatch.sets;

import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Selects in the first tier that has a usable member, by weight and by turns: shares are exact, not only on average.
 * The failover list has the others of the tier from a random one on, and then the next tiers in the same way. A member
 * with weight 0 follows those of its tier that have a weight.
 */
final class TierBalancer extends Balancer {
    /**
     * The multiples of this number are spread evenly over all 64-bit numbers, however many of them are taken: 2^64
     * divided by the golden ratio.
     */
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private static final int INDEX_BITS = 32;

    private final TierRule rule;
    private final Trials trials;
    private TierRule.Division division;
    /** The usable members, group by group. A group has the members of a tier, either with or without weight. */
    private int[] places = {};
    /** Where each group ends in {@link #places}. */
    private int[] ends = {};
    /** Selects in the first group; null if no member is usable. */
    private WeightWheel wheel;

    private long turn;
    private boolean started;

    TierBalancer(LoadContext context, TierRule rule) {
        super(context);
        this.rule = rule;
        trials = new Trials();
    }

    private TierBalancer(TierBalancer other) {
        super(other);
        rule = other.rule;
        trials = other.trials.copy();
        division = other.division;
        places = other.places;
        ends = other.ends;
        wheel = other.wheel;
        turn = other.turn;
        started = other.started;
    }

    @Override
    Balancer copy() {
        return new TierBalancer(this);
    }

    @Override
    boolean followsLatency() {
        return rule.followsLatency();
    }

    @Override
    void prepare(boolean sameMembers, int random) {
        if (!started) {
            // Each lane of each node begins somewhere else.
            turn = SplitMix64.mix(random);
            started = true;
        }
        division = new TierRule.Division(set(), loads(), settings(), usable(), size());
        rule.divide(division);
        long lowest = Arrays.stream(division.tiers).min().orElse(0);
        long[] keys = Arrays.stream(division.places)
                .mapToLong(place -> group(place, lowest) << INDEX_BITS | place)
                .sorted()
                .toArray();
        places = Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
        ends = ends(keys);
        wheel = places.length == 0
                ? null
                : new WeightWheel(LongStream.range(0, ends[0])
                        .map(index -> division.weights[places[(int) index]])
                        .toArray());
        trials.replace(rule.followsLatency() ? idleOnes() : new int[0]);
    }

    /** Ascending from group to group. */
    private long group(int place, long lowest) {
        return division.tiers[place] - lowest << 1 | (division.weights[place] == 0 ? 1 : 0);
    }

    private static int[] ends(long[] keys) {
        int[] ends = new int[keys.length];
        int groups = 0;
        for (int i = 1; i <= keys.length; i++) {
            if (i == keys.length || keys[i] >> INDEX_BITS != keys[i - 1] >> INDEX_BITS) {
                ends[groups++] = i;
            }
        }
        return Arrays.copyOf(ends, groups);
    }

    /** Members that only a latency keeps out, which may be out of date. */
    private int[] idleOnes() {
        return Arrays.stream(places)
                .skip(ends.length == 0 ? 0 : ends[0])
                .filter(place ->
                        load(place).isIdle() && rule.isOutForLatency(division, place, division.tiers[places[0]]))
                .toArray();
    }

    @Override
    int first(int random) {
        if (wheel == null) {
            return NONE;
        }
        int trial = rule.followsLatency() ? trials.next(loads()) : NONE;
        if (trial != NONE) {
            return trial;
        }
        turn += GOLDEN;
        return places[wheel.index(turn)];
    }

    @Override
    int[] order(int first, int random, int most) {
        int[] order = new int[Math.min(places.length, Math.max(1, most))];
        int count = 0;
        order[count++] = first;
        int begin = 0;
        for (int end : ends) {
            int start = startOf(end - begin, random);
            for (int step = 0; step < end - begin && count < order.length; step++) {
                int place = places[begin + (start + step) % (end - begin)];
                if (place != first) {
                    order[count++] = place;
                }
            }
            begin = end;
        }
        return Arrays.copyOf(order, count);
    }

    @Override
    double cost(int place) {
        return division.tiers[place];
    }

    @Override
    String figures(int place) {
        return rule.figures(division, place);
    }

    @Override
    String whyFirst(int first) {
        boolean isFirstTier = Arrays.stream(places, 0, ends[0]).anyMatch(place -> place == first);
        return figures(first) + (isFirstTier ? ", its turn" : ", a trial of an old latency");
    }
}
