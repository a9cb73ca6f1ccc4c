package org.sipdispatch.sets;

import java.util.Locale;

/**
 * The selection algorithms: 0 to 10 with OpenSIPS' numbers, and additional ones that have only names. Kamailio has its
 * own numbers for some of them.
 */
public enum Algorithm {
    /** Hash over the Call-ID. */
    CALL_ID(0, new HashPicker("hash")),
    /** Hash over the From URI. */
    FROM_URI(1, new HashPicker("hash")),
    /** Hash over the To URI. */
    TO_URI(2, new HashPicker("hash")),
    /** Hash over the Request-URI. */
    REQUEST_URI(3, new HashPicker("hash")),
    /** Weighted round robin in runs: weights 2 and 1 give a a b. */
    ROUND_ROBIN(4, new RoundRobin()),
    /** Hash over the digest user; without one, weighted round robin. */
    AUTH_USER(5, new HashPicker("hash")),
    /** A weighted random member. */
    RANDOM(6, new HashPicker("random number")),
    /** Hash over the text of {@code hash_pvar}. */
    HASH_PVAR(7, new HashPicker("hash")),
    /** The usable member with the highest priority. */
    PRIORITY(8, new PriorityPicker()),
    /** The usable member with the smallest figure; without a pattern as with hash 0, as in OpenSIPS. */
    FIGURE(9, new HashPicker("hash")),
    /** The usable member for which an algorithm of an extension returns the smallest value. Always with a ranking. */
    ROUTE(10, new PriorityPicker()),
    /** Weighted round robin, interleaved: weights 2 and 1 give a b a. */
    SMOOTH_ROUND_ROBIN(-1, new SmoothRoundRobin()),
    /** Weighted rendezvous hashing over {@code hash_pvar}, or over the Call-ID if that is not set. */
    RENDEZVOUS(-1, new Rendezvous()),
    /** The member with the fewest calls in flight, in proportion to its weight. */
    LEAST_IN_FLIGHT(-1, new BalancedPicker(load -> new LeastInFlight(load, false))),
    /** Of a few members that are drawn by weight, the one with the smallest product of calls in flight and latency. */
    BEST_OF(-1, new BalancedPicker(BestOf::new)),
    /** The members in the tier of the lowest latencies, by weight. */
    LATENCY_TIERS(-1, tiers(TierRule.LATENCY_TIERS)),
    /** The members with the largest priority, by weight. */
    PRIORITY_TIERS(-1, tiers(TierRule.PRIORITY_TIERS)),
    /** The members with the smallest priority, by weight: Kamailio's 15. */
    SRV_TIERS(-1, tiers(TierRule.SRV_TIERS)),
    /** By weight, in turns: Kamailio's 9. */
    PERCENT_WEIGHT(-1, tiers(TierRule.PERCENT_WEIGHT)),
    /** By relative weight and congestion: Kamailio's 11. */
    RELATIVE_WEIGHT(-1, tiers(TierRule.RELATIVE_WEIGHT)),
    /** The members with the best figures of quality, by weight. */
    QUALITY(-1, tiers(TierRule.QUALITY)),
    /** By priority, lowered by latency: Kamailio's 13. */
    LATENCY_PRIORITY(-1, tiers(TierRule.LATENCY_PRIORITY)),
    /** By turns if all priorities are equal, otherwise by priority: Kamailio's 14. */
    TURNS_OR_PRIORITY(-1, tiers(TierRule.TURNS_OR_PRIORITY)),
    /** The member with the fewest calls in flight below its {@code maxload}: Kamailio's 10. */
    CALL_LOAD(-1, new BalancedPicker(load -> new LeastInFlight(load, true))),
    /** All usable members at once (parallel forking, RFC 3261 section 16.6): Kamailio's 12. */
    PARALLEL(-1, new ParallelPicker());

    /** The algorithms with Kamailio's numbers from 9 on. */
    private static final Algorithm[] KAMAILIO_FROM_9 = {
        PERCENT_WEIGHT, CALL_LOAD, RELATIVE_WEIGHT, PARALLEL, LATENCY_PRIORITY, TURNS_OR_PRIORITY, SRV_TIERS
    };

    private final int number;
    private final Picker picker;

    Algorithm(int number, Picker pick) {
        this.number = number;
        this.picker = pick;
    }

    private static Picker tiers(TierRule rule) {
        return new BalancedPicker(load -> new TierBalancer(load, rule));
    }

    Picker picker() {
        return picker;
    }

    /** Whether the selection depends only on the request. */
    public boolean isHash() {
        return switch (this) {
            case CALL_ID, FROM_URI, TO_URI, REQUEST_URI, AUTH_USER, HASH_PVAR, RENDEZVOUS -> true;
            case ROUND_ROBIN,
                    RANDOM,
                    PRIORITY,
                    FIGURE,
                    ROUTE,
                    SMOOTH_ROUND_ROBIN,
                    LEAST_IN_FLIGHT,
                    BEST_OF,
                    LATENCY_TIERS,
                    QUALITY,
                    PRIORITY_TIERS,
                    SRV_TIERS,
                    PERCENT_WEIGHT,
                    RELATIVE_WEIGHT,
                    LATENCY_PRIORITY,
                    TURNS_OR_PRIORITY,
                    CALL_LOAD,
                    PARALLEL -> false;
        };
    }

    /** The algorithm with that number or name; null if there is none. */
    public static Algorithm of(String text) {
        String wanted = text.strip().toLowerCase(Locale.ROOT);
        for (Algorithm algorithm : values()) {
            if (wanted.equals(algorithm.text()) || wanted.equals(Integer.toString(algorithm.number))) {
                return algorithm.number < 0 && wanted.equals("-1") ? null : algorithm;
            }
        }
        return null;
    }

    /** The algorithm with that number in Kamailio; null if there is none here. */
    public static Algorithm ofKamailio(int number) {
        if (number < 9) {
            return of(Integer.toString(number));
        }
        return number - 9 < KAMAILIO_FROM_9.length ? KAMAILIO_FROM_9[number - 9] : null;
    }

    /** The number in OpenSIPS, or the name if it has none. */
    public String number() {
        return number < 0 ? text() : Integer.toString(number);
    }

    /** The name in the configuration, such as {@code smooth-round-robin}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
