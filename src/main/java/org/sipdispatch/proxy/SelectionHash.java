package org.sipdispatch.proxy;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.routing.SelectPlan;
import org.sipdispatch.routing.SetChoice;
import org.sipdispatch.sets.Algorithm;
import org.sipdispatch.sets.SelectionKey;

/** Computes the number for a selection: the hash of the algorithm's input, or a random number. */
final class SelectionHash {
    private final SelectionKey keys;
    private final SplittableRandom random = new SplittableRandom();

    private SelectionHash(SelectionKey keys) {
        this.keys = keys;
    }

    static SelectionHash of(LaneSetup setup) {
        return new SelectionHash(new SelectionKey(setup.routing().signedBytes(), transports(setup)));
    }

    /** Creates an instance that records the hashed text; see {@link #text}. */
    static SelectionHash recording(LaneSetup setup) {
        return new SelectionHash(SelectionKey.recording(setup.routing().signedBytes(), transports(setup)));
    }

    private static Set<String> transports(LaneSetup setup) {
        Set<String> transports = new HashSet<>();
        setup.sockets().all().forEach(socket -> transports.add(socket.protocol().text()));
        return transports;
    }

    /**
     * The hash, unsigned; a random number for algorithms that draw; 0 for the others; {@link SelectionKey#MISSING} if
     * the request has no input to hash.
     */
    long of(SelectPlan plan, SetChoice choice, RequestFacts facts) {
        boolean userOnly = choice.flags().userOnly();
        return switch (choice.algorithm()) {
            case CALL_ID -> keys.ofCallId(facts.request());
            case FROM_URI -> keys.ofAddress(facts.request().from(), userOnly);
            case TO_URI -> keys.ofAddress(facts.request().to(), userOnly);
            case REQUEST_URI -> keys.ofUri(facts.request().requestUri(), userOnly);
            case AUTH_USER -> keys.ofAuthUser(facts.request());
            case RANDOM,
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
                    CALL_LOAD -> Integer.toUnsignedLong(random.nextInt());
            case HASH_PVAR -> ofText(plan.hashText(facts));
            case RENDEZVOUS -> {
                String text = plan.hashText(facts);
                yield text == null ? keys.ofCallId(facts.request()) : ofText(text);
            }
            case ROUND_ROBIN, PRIORITY, FIGURE, ROUTE, SMOOTH_ROUND_ROBIN, PARALLEL -> 0;
        };
    }

    private long ofText(String text) {
        return text == null ? SelectionKey.MISSING : keys.ofText(text);
    }

    /** The algorithm to run; null if the set is not queried because the request has no input to hash. */
    static Algorithm effectiveAlgorithm(Algorithm wanted, long hash) {
        if (hash != SelectionKey.MISSING) {
            return wanted;
        }
        // OpenSIPS' round robin for requests without credentials does not advance; ours does.
        return wanted == Algorithm.AUTH_USER ? Algorithm.ROUND_ROBIN : null;
    }

    /** The number to pass to the set. */
    static int number(long hash) {
        return hash == SelectionKey.MISSING ? 0 : (int) hash;
    }

    /** The text that was hashed last; only if created by {@link #recording}. */
    String text() {
        return keys.text();
    }
}
