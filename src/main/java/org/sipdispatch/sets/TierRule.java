package org.sipdispatch.sets;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** How an algorithm divides the members of a set into tiers, and by which weights it selects within a tier. */
enum TierRule {
    /** One tier, by weight: weights 50, 30, 20 give these percentages. */
    PERCENT_WEIGHT {
        @Override
        void divide(Division all) {
            all.weigh(place -> all.set.weight(place));
        }

        @Override
        String figures(Division all, int place) {
            return "weight " + all.set.weight(place);
        }
    },
    /**
     * One tier, by {@code rweight}. A member with {@code cc=1} has its weight instead, less one for each millisecond of
     * congestion. If all have {@code cc=1} and none has any weight left, a member with twice the congestion has half
     * the share.
     */
    RELATIVE_WEIGHT {
        @Override
        void divide(Division all) {
            all.weigh(all::relativeWeight);
            boolean allCongested = all.places.length > 1
                    && Arrays.stream(all.places)
                            .allMatch(place -> all.loads[place].hasCongestionControl() && all.weights[place] == 0);
            if (allCongested) {
                long sum =
                        Arrays.stream(all.places).mapToLong(all::congestionMs).sum();
                // Factor 16 as in Kamailio: a quotient is a whole number.
                all.weigh(place -> 16 * sum / all.congestionMs(place));
            }
        }

        @Override
        boolean followsLatency() {
            return true;
        }

        @Override
        boolean isOutForLatency(Division all, int place, long first) {
            return all.loads[place].hasCongestionControl() && all.set.weight(place) > 0 && all.weights[place] == 0;
        }

        @Override
        String figures(Division all, int place) {
            MemberLoad load = all.loads[place];
            return "weight " + all.weights[place]
                    + (load.hasCongestionControl() ? ", congestion " + load.congestionMs() + " ms" : "");
        }
    },
    /** The largest priority first; within a priority by weight. */
    PRIORITY_TIERS {
        @Override
        void divide(Division all) {
            all.weigh(place -> all.set.weight(place));
            all.sort(place -> -all.priority(place));
        }

        @Override
        String figures(Division all, int place) {
            return all.priorityAndWeight(place);
        }
    },
    /** The smallest priority first, as in SRV records (RFC 2782); within a priority by weight. */
    SRV_TIERS {
        @Override
        void divide(Division all) {
            all.weigh(place -> all.set.weight(place));
            all.sort(all::priority);
        }

        @Override
        String figures(Division all, int place) {
            return all.priorityAndWeight(place);
        }
    },
    /** The tier of the lowest latencies first; within a tier by weight. */
    LATENCY_TIERS {
        @Override
        void divide(Division all) {
            all.weigh(place -> all.set.weight(place));
            all.sort(place -> all.settings.tier(all.loads[place].latencyMicros()));
        }

        @Override
        boolean followsLatency() {
            return true;
        }

        @Override
        boolean isOutForLatency(Division all, int place, long first) {
            return all.tiers[place] > first && all.weights[place] > 0;
        }

        @Override
        String figures(Division all, int place) {
            return all.loads[place].latencyMs() + " ms, tier " + (all.tiers[place] + 1) + ", weight "
                    + all.set.weight(place);
        }
    },
    /**
     * The best figures of quality first; within a tier by weight. A member of which too little is known is in the first
     * tier of those that are known: without calls nothing about it would ever be known.
     */
    QUALITY {
        @Override
        void divide(Division all) {
            all.weigh(place -> all.set.weight(place));
            all.sort(all::quality);
            long best = LongStream.of(all.tiersOfPlaces())
                    .filter(tier -> tier != QualityOrder.UNKNOWN)
                    .min()
                    .orElse(0);
            all.sort(place -> all.tiers[place] == QualityOrder.UNKNOWN ? best : all.tiers[place]);
        }

        @Override
        boolean followsLatency() {
            return true;
        }

        @Override
        String figures(Division all, int place) {
            return all.qualityText(place);
        }
    },
    /**
     * The largest adjusted priority first, equal ones by turns. A priority is lowered by one each time that the
     * latency, or with {@code cc=1} the congestion, exceeds it: priority 30 and 91 ms give 27. It is at least 1.
     */
    LATENCY_PRIORITY {
        @Override
        void divide(Division all) {
            all.weigh(place -> 1);
            all.sort(place -> -all.adjustedPriority(place));
        }

        @Override
        boolean followsLatency() {
            return true;
        }

        @Override
        boolean isOutForLatency(Division all, int place, long first) {
            return all.tiers[place] > first && -all.priority(place) <= first;
        }

        @Override
        String figures(Division all, int place) {
            return "priority " + all.priority(place) + ", adjusted to " + all.adjustedPriority(place);
        }
    },
    /** By turns if all members have the same priority above 0; otherwise in the order of priority. */
    TURNS_OR_PRIORITY {
        @Override
        void divide(Division all) {
            all.weigh(place -> 1);
            if (!all.hasOnePriority()) {
                all.sort(place -> place);
            }
        }

        @Override
        String figures(Division all, int place) {
            return "priority " + all.priority(place);
        }
    };

    /** Numbers by the index of a member. */
    interface ByPlace {
        long of(int place);
    }

    /** The members of a set in one division. */
    static final class Division {
        final SetView set;
        final MemberLoad[] loads;
        final LoadSettings settings;
        /** The members to divide. */
        final int[] places;
        /** The tier of each member, by its index in the set, the best one first; all 0 at first. */
        final long[] tiers;
        /** The weight of each member within its tier, by the same index. */
        final long[] weights;

        private final int size;

        /** @param size how many members take part, usable or not */
        Division(SetView set, MemberLoad[] loads, LoadSettings settings, int[] places, int size) {
            this.set = set;
            this.loads = loads;
            this.settings = settings;
            this.places = places;
            this.size = size;
            tiers = new long[size];
            weights = new long[size];
        }

        private void weigh(ByPlace weight) {
            for (int place : places) {
                weights[place] = weight.of(place);
            }
        }

        private void sort(ByPlace tier) {
            for (int place : places) {
                tiers[place] = tier.of(place);
            }
        }

        private long priority(int place) {
            return set.member(place).priority();
        }

        private String priorityAndWeight(int place) {
            return "priority " + priority(place) + ", weight " + set.weight(place);
        }

        private long quality(int place) {
            return settings.quality().orderBy().tier(loads[place].quality(), settings.quality());
        }

        private long[] tiersOfPlaces() {
            return Arrays.stream(places).mapToLong(place -> tiers[place]).toArray();
        }

        private String qualityText(int place) {
            QualityCounts counts = loads[place].quality();
            return Arrays.stream(QualityFigure.values())
                            .map(figure ->
                                    figure + " " + (figure.base(counts) == 0 ? "-" : figure.text(figure.of(counts))))
                            .collect(Collectors.joining(", "))
                    + " of " + counts.seizures() + " calls, weight " + set.weight(place);
        }

        private long congestionMs(int place) {
            return Math.max(1, loads[place].congestionMs());
        }

        private long relativeWeight(int place) {
            MemberLoad load = loads[place];
            int weight = set.weight(place);
            return load.hasCongestionControl()
                    ? Math.max(0, weight - load.congestionMs())
                    : load.relativeWeight(weight);
        }

        private long adjustedPriority(int place) {
            MemberLoad load = loads[place];
            long priority = priority(place);
            long latency = load.hasCongestionControl() ? load.congestionMs() : load.latencyMs();
            return priority == 0 || latency <= priority ? priority : Math.max(1, priority - latency / priority);
        }

        private boolean hasOnePriority() {
            long first = size == 0 ? 0 : priority(0);
            return first > 0 && LongStream.range(0, size).allMatch(place -> priority((int) place) == first);
        }
    }

    /** Fills in the weights of the members, and their tiers if there are several. */
    abstract void divide(Division all);

    /** Whether the division depends on latencies. */
    boolean followsLatency() {
        return false;
    }

    /**
     * Whether a member would be selected with a latency of 0, but is not.
     *
     * @param first the tier that serves
     */
    boolean isOutForLatency(Division all, int place, long first) {
        return false;
    }

    /** What decides about a member, for explanations. */
    abstract String figures(Division all, int place);
}
