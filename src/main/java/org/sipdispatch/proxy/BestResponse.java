package org.sipdispatch.proxy;

import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.routing.RelayPolicy;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.transaction.SendFailure;

/**
 * Collects the failures of one request's destinations and chooses the response for the caller (RFC 3261 section 16.7).
 */
final class BestResponse {
    /** 4xx codes that help the caller to resubmit the request (RFC 3261 section 16.7 step 6). */
    private static final List<Integer> HELPFUL_4XX = List.of(401, 407, 415, 420, 484);

    static final LocalReply NO_RESPONSE = new LocalReply(408, "Request Timeout");
    /** Sent in place of a 503, which would make the caller stop using this proxy (RFC 3261 section 16.7 step 6). */
    static final LocalReply ALL_FAILED = new LocalReply(500, "All Destinations Failed");

    /** A 503 that may be forwarded tells the caller more than a hop that could not be reached. */
    private static final int FORWARDED_503_RANK = 6;
    /** Ranks last: a shortage of resources on this node is not a failure of the destinations. */
    private static final int LOCAL_RESOURCE_RANK = 8;

    /** A 401 or 407, and the destination whose token it gets; null for none. */
    record Challenge(SipResponse response, Destination challenger) {}

    private final LocalReply unreachable;
    private final boolean forwards503;
    private List<Challenge> challenges = List.of();
    private SipResponse best;
    /** The response that this proxy generates for the best failure if no destination sent one. */
    private LocalReply own;

    private int bestCode;
    private int bestRank;

    /** For a request that is dispatched: a later request may find another destination, so a 503 is not forwarded. */
    BestResponse() {
        this(ALL_FAILED, false);
    }

    /**
     * Creates an object without responses.
     *
     * @param unreachable the response if no destination could be reached
     * @param forwards503 whether a later request would be answered with 503 too, because it has the same target; only
     *     then is a 503 forwarded (RFC 3261 section 16.7 step 6)
     */
    BestResponse(LocalReply unreachable, boolean forwards503) {
        this.unreachable = unreachable;
        this.forwards503 = forwards503;
    }

    /**
     * Adds a destination's final response.
     *
     * @param challenger the destination that credentials for this response should go to; null for any
     */
    void add(SipResponse response, Destination challenger) {
        if (isChallenge(response.status())) {
            challenges = challenges.isEmpty() ? new ArrayList<>(2) : challenges;
            challenges.add(new Challenge(response, challenger));
        }
        boolean forwarded = response.status() == 503 && forwards503;
        update(forwarded ? FORWARDED_503_RANK : rank(response.status()), response.status(), response, ALL_FAILED);
    }

    /** Adds a destination that did not respond. */
    void addTimeout() {
        update(rank(408), 408, null, NO_RESPONSE);
    }

    /** Adds a request that could not be sent. An unreachable destination counts like a 503. */
    void add(SendFailure why) {
        LocalReply reply = FailureReplies.of(why);
        switch (reply.code()) {
            case 513 -> update(rank(513), 513, null, reply);
            case 503 -> update(LOCAL_RESOURCE_RANK, 503, null, reply);
            default -> update(rank(503), 503, null, why.isDestinationFault() ? unreachable : reply);
        }
    }

    private void update(int rank, int code, SipResponse response, LocalReply reply) {
        if (bestCode == 0 || rank < bestRank) {
            best = response;
            bestCode = code;
            bestRank = rank;
            own = reply;
        }
    }

    /** Smaller is better: 6xx, 3xx, 4xx that help the caller, other 4xx, 5xx, 408, and 503 last. */
    private static int rank(int code) {
        if (code >= 600) {
            return 0;
        }
        if (code < 400) {
            return 1;
        }
        if (HELPFUL_4XX.contains(code)) {
            return 2;
        }
        if (code == 408) {
            return 5;
        }
        return code == 503 ? 7 : code < 500 ? 3 : 4;
    }

    /**
     * The response that this proxy generates; null if a destination's response is forwarded.
     *
     * @param policy has the response in place of a failure of the destinations, if there is one
     */
    LocalReply own(LocalReply nothingTried, RelayPolicy policy) {
        if (bestCode == 0) {
            return nothingTried;
        }
        LocalReply generated = best == null || bestCode == 503 && !forwards503 ? own : null;
        // Failures that are not the destinations' keep their response, such as a message that is too large.
        boolean byDestination = generated == null || generated == unreachable || generated == NO_RESPONSE;
        LocalReply configured = byDestination ? policy.inPlaceOf(bestCode) : null;
        return configured == null ? generated : configured;
    }

    /** The best status code; 0 if no attempt failed, because none was made. */
    int code() {
        return bestCode;
    }

    /** The response to forward; null if the best failure was detected by this proxy. */
    SipResponse response() {
        return best;
    }

    /** Releases the responses. */
    void release() {
        best = null;
        challenges = List.of();
    }

    static boolean isChallenge(int code) {
        return code == 401 || code == 407;
    }

    /**
     * All challenges, if the response to forward is one: it gets those of the other destinations too (RFC 3261 section
     * 16.7 step 7). Otherwise empty.
     */
    List<Challenge> challenges() {
        return isChallenge(bestCode) ? challenges : List.of();
    }
}
