package org.sipdispatch.sets;

import java.util.Locale;

/** The selection algorithms: 0 to 10 with OpenSIPS' numbers, and additional ones that have only names. */
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
    RENDEZVOUS(-1, new Rendezvous());

    private final int number;
    private final Picker picker;

    Algorithm(int number, Picker pick) {
        this.number = number;
        this.picker = pick;
    }

    Picker picker() {
        return picker;
    }

    /** Whether the selection depends only on the request. */
    public boolean isHash() {
        return switch (this) {
            case CALL_ID, FROM_URI, TO_URI, REQUEST_URI, AUTH_USER, HASH_PVAR, RENDEZVOUS -> true;
            case ROUND_ROBIN, RANDOM, PRIORITY, FIGURE, ROUTE, SMOOTH_ROUND_ROBIN -> false;
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

    /** The number in OpenSIPS, or the name if it has none. */
    public String number() {
        return number < 0 ? text() : Integer.toString(number);
    }

    /** The name in the configuration, such as {@code smooth-round-robin}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
