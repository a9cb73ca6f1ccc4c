package org.sipdispatch.sets;

import java.util.List;

/**
 * The limits of the calls of one destination or source; 0 for none.
 *
 * @param calls the most calls in flight
 * @param perSecond the most new calls per second
 * @param burst how many calls may come at once; at least 1 if there is a rate
 * @param minAnswered the least percentage of answered calls
 */
public record LimitValues(int calls, int perSecond, int burst, int minAnswered) {
    public static final LimitValues NONE = new LimitValues(0, 0, 0, 0);

    /** The largest value of each limit. */
    public static final int MOST = 9_999_999;

    private static final String CALLS = "maxcalls";
    private static final String PER_SECOND = "maxcps";
    private static final String BURST = "burst";
    private static final String MIN_ANSWERED = "minasr";
    private static final List<String> KEYS = List.of(CALLS, PER_SECOND, BURST, MIN_ANSWERED);
    private static final int PERCENT = 100;
    /** The usual burst is what a fifth of a second allows. */
    private static final int BURSTS_PER_SECOND = 5;

    /** Limits of calls alone. {@code burst}: 0 for the usual one. */
    public static LimitValues of(int calls, int perSecond, int burst) {
        int usual = Math.max(1, perSecond / BURSTS_PER_SECOND);
        return new LimitValues(calls, perSecond, perSecond == 0 ? 0 : burst == 0 ? usual : burst, 0);
    }

    /**
     * Reads {@code maxcalls}, {@code maxcps}, {@code burst} and {@code minasr} in the attributes of a destination. A value
     * that is not a whole number counts as absent.
     */
    public static LimitValues of(String attrs) {
        if (attrs == null || !attrs.contains("maxc") && !attrs.contains(MIN_ANSWERED)) {
            return NONE;
        }
        LimitValues calls =
                of(Attrs.number(attrs, CALLS, 0), Attrs.number(attrs, PER_SECOND, 0), Attrs.number(attrs, BURST, 0));
        int minAnswered = Math.min(PERCENT, Attrs.number(attrs, MIN_ANSWERED, 0));
        return new LimitValues(calls.calls, calls.perSecond, calls.burst, minAnswered);
    }

    /** The limits in the attributes that are no whole numbers, as {@code key=value}; they count as absent. */
    public static List<String> malformed(String attrs) {
        boolean hasRate = Attrs.value(attrs, PER_SECOND) != null;
        return KEYS.stream()
                .filter(key -> !key.equals(BURST) || hasRate)
                .filter(key -> Attrs.value(attrs, key) != null && Attrs.number(attrs, key, -1) < 0)
                .map(key -> key + "=" + Attrs.value(attrs, key))
                .toList();
    }

    /** Whether an attribute is one of the limits. */
    public static boolean isKey(String attribute) {
        return KEYS.contains(attribute);
    }

    public boolean isNone() {
        return calls == 0 && perSecond == 0 && minAnswered == 0;
    }

    /**
     * The part of these limits that one of several nodes may have. The parts of all nodes together are the whole limit of
     * calls. A rate is divided into equal parts, each of one call per second at least. Each node measures answers for
     * itself.
     *
     * @param parts the number of nodes, at least 1
     * @param rank the number of this node, from 0
     */
    public LimitValues part(int parts, int rank) {
        if (parts == 1) {
            return this;
        }
        int more = rank < calls % parts ? 1 : 0;
        int rate = perSecond == 0 ? 0 : Math.max(1, perSecond / parts);
        int ownBurst = perSecond == 0 ? 0 : Math.max(1, burst / parts);
        return new LimitValues(calls / parts + more, rate, ownBurst, minAnswered);
    }
}
