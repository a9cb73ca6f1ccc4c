package org.sipdispatch.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What RFC 3261 section 16.7 and the documentation require of one request in parallel forking, written independently of
 * the program: the responses that the caller gets, the destinations that are cancelled, and those that have failed by
 * silence. Times are milliseconds since the request.
 */
final class ForkModel {
    static final int SILENCE_MS = 5_000;
    static final int RING_MS = 181_000;
    private static final int CANCEL_MS = 32_000;
    private static final Set<Integer> HELPFUL = Set.of(401, 407, 415, 420, 484);

    /** One destination's part of the request. */
    private static final class Leg {
        private final String name;
        private boolean responded;
        private boolean ended;
        private boolean abandoned;
        private boolean unwanted;
        private boolean cancelled;
        /** Its final response; 0 before. */
        private int code;

        private long deadlineMs = SILENCE_MS;

        Leg(String name) {
            this.name = name;
        }
    }

    /** A failure that the caller may get. */
    private record Failure(String leg, int code, boolean own) {
        int rank() {
            if (code >= 600) {
                return 0;
            } else if (code < 400) {
                return 1;
            } else if (HELPFUL.contains(code)) {
                return 2;
            } else if (code == 408) {
                return 5;
            } else if (code == 503) {
                return 6;
            }
            return code < 500 ? 3 : 4;
        }
    }

    private final boolean invite;
    private final List<Leg> legs = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private final List<String> toCaller = new ArrayList<>();
    private final Set<String> silent = new TreeSet<>();
    private boolean calledOff;
    private boolean declined;
    private boolean answered;

    ForkModel(boolean invite, int destinations) {
        this.invite = invite;
        Stream.iterate(1, i -> i + 1).limit(destinations).forEach(i -> legs.add(new Leg("d" + i)));
    }

    private boolean isOver() {
        return calledOff || declined || answered;
    }

    /** The final response that a destination has sent before, or this one if it has sent none. */
    int repeated(int leg, int code) {
        return legs.get(leg).code > 0 ? legs.get(leg).code : code;
    }

    void responds(int number, int code, long nowMs) {
        Leg leg = legs.get(number);
        if (code >= 200) {
            boolean again = leg.code > 0;
            leg.code = code;
            if (code < 300) {
                succeeds(leg, again);
            } else if (!again) {
                fails(leg);
            }
            return;
        }
        if (invite && !leg.abandoned && !leg.unwanted && (code > 100 || !leg.responded)) {
            leg.deadlineMs = nowMs + RING_MS;
        }
        leg.responded = true;
        if (invite && (leg.abandoned || leg.unwanted)) {
            leg.cancelled = true;
        }
        if (!leg.abandoned && code > 100 && !answered) {
            toCaller.add(code + " of " + leg.name);
        }
    }

    private void succeeds(Leg leg, boolean again) {
        leg.ended = true;
        if (invite || !answered) {
            toCaller.add(leg.code + " of " + leg.name);
        }
        if (!again && !answered && invite) {
            answered = true;
            legs.stream().filter(other -> other != leg).forEach(other -> {
                withdraw(other, Long.MAX_VALUE);
                other.abandoned = true;
            });
        }
        answered = true;
    }

    private void fails(Leg leg) {
        boolean late = leg.abandoned;
        leg.ended = true;
        boolean declines = leg.code >= 600;
        if (!late || declines && !isOver()) {
            failures.add(new Failure(leg.name, leg.code, false));
        }
        if (declines && (!late || !isOver())) {
            declined = true;
        }
    }

    /** Cancels what a 6xx has made useless, and answers if nothing is left; call this after each event. */
    void settle(long nowMs) {
        if (invite && declined) {
            legs.forEach(leg -> withdraw(leg, nowMs + CANCEL_MS));
        }
        if (!answered && legs.stream().allMatch(leg -> leg.ended || leg.abandoned)) {
            answered = true;
            toCaller.add(calledOff ? "487 of us" : best());
        }
    }

    private void withdraw(Leg leg, long deadlineMs) {
        if (leg.ended || leg.abandoned || leg.unwanted) {
            return;
        }
        leg.unwanted = true;
        if (leg.responded) {
            leg.cancelled = true;
            leg.deadlineMs = deadlineMs;
        }
    }

    void callerCancels(long nowMs) {
        if (invite && !answered && !calledOff) {
            calledOff = true;
            legs.forEach(leg -> withdraw(leg, nowMs + CANCEL_MS));
        }
    }

    /** The next time at which something happens by itself. */
    long nextDeadlineMs() {
        return legs.stream()
                .filter(leg -> !leg.ended && !leg.abandoned)
                .mapToLong(leg -> leg.deadlineMs)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    void passes(long nowMs) {
        for (long next = nextDeadlineMs(); next <= nowMs; next = nextDeadlineMs()) {
            long now = next;
            legs.stream()
                    .filter(leg -> !leg.ended && !leg.abandoned && leg.deadlineMs <= now)
                    .forEach(this::expires);
            settle(now);
        }
    }

    private void expires(Leg leg) {
        leg.abandoned = true;
        leg.cancelled |= invite && leg.responded;
        if (!leg.responded && (!invite || !isOver())) {
            silent.add(leg.name);
        }
        failures.add(new Failure(leg.name, 408, true));
    }

    private String best() {
        Failure best = failures.get(0);
        for (Failure each : failures) {
            best = each.rank() < best.rank() ? each : best;
        }
        boolean own = best.own || best.code == 503;
        return (best.code == 503 ? 500 : best.code) + " of " + (own ? "us" : best.leg);
    }

    static boolean isChallenge(int code) {
        return code == 401 || code == 407;
    }

    /** The destinations whose challenges the caller gets with a 401 or 407. */
    List<String> challengers() {
        return failures.stream()
                .filter(one -> isChallenge(one.code))
                .map(Failure::leg)
                .toList();
    }

    List<String> toCaller() {
        return toCaller;
    }

    Set<String> cancelled() {
        Set<String> names = new TreeSet<>();
        legs.stream().filter(leg -> leg.cancelled).forEach(leg -> names.add(leg.name));
        return names;
    }

    Set<String> silent() {
        return silent;
    }
}
