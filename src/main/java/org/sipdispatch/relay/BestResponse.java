package org.sipdispatch.relay;

import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.routing.Reply;
import org.sipdispatch.sip.SipResponse;

/** Collects the failures of one request's destinations and chooses which one the caller is told (RFC 3261 16.7). */
final class BestResponse {
    /** 4xx codes that tell the caller what to do next (RFC 3261 section 16.7 step 6). */
    private static final List<Integer> TELLING = List.of(401, 407, 415, 420, 484);

    static final Reply SILENT = new Reply(408, "Request Timeout");
    /** In place of a 503, which would make the caller give up this proxy (RFC 3261 section 16.7 step 6). */
    static final Reply ALL_FAILED = new Reply(500, "All Destinations Failed");

    private final List<SipResponse> challenges = new ArrayList<>(0);
    private SipResponse best;
    private int bestCode;

    /** Notes a destination's final response. */
    void add(SipResponse response) {
        if (response.status() == 401 || response.status() == 407) {
            challenges.add(response);
        }
        note(response.status(), response);
    }

    /** Notes a failure that no destination told: 408 for silence, 503 for one that cannot be reached. */
    void addLocal(int code) {
        note(code, null);
    }

    private void note(int code, SipResponse response) {
        if (bestCode == 0 || rank(code) < rank(bestCode)) {
            best = response;
            bestCode = code;
        }
    }

    /** Smaller is better: 6xx ends all, then 3xx, telling 4xx, other 4xx, 408 and 5xx, and 503 last. */
    private static int rank(int code) {
        if (code >= 600) {
            return 0;
        }
        if (code < 400) {
            return 1;
        }
        if (TELLING.contains(code)) {
            return 2;
        }
        if (code == 408) {
            return 5;
        }
        return code == 503 ? 6 : code < 500 ? 3 : 4;
    }

    /** The answer to make where no destination's is to be passed on; null if one is. */
    Reply own(Reply nothingTried) {
        if (bestCode == 0) {
            return nothingTried;
        }
        if (bestCode == 503) {
            return ALL_FAILED;
        }
        return best == null ? SILENT : null;
    }

    /** The code to tell; 0 if nothing failed, since nothing was tried. */
    int code() {
        return bestCode;
    }

    /** The response to pass on; null if the best one is a failure that we found ourselves. */
    SipResponse response() {
        return best;
    }

    /** Challenge lines of the other destinations, to be added to a challenge (RFC 3261 section 16.7 step 7). */
    List<byte[]> otherChallenges() {
        List<byte[]> lines = new ArrayList<>();
        if (bestCode == 401 || bestCode == 407) {
            for (SipResponse response : challenges) {
                if (response != best) {
                    addChallenges(response, lines);
                }
            }
        }
        return lines;
    }

    private static void addChallenges(SipResponse response, List<byte[]> lines) {
        for (int i = 0; i < response.headers(); i++) {
            if (response.isNamed(i, "www-authenticate") || response.isNamed(i, "proxy-authenticate")) {
                lines.add(java.util.Arrays.copyOfRange(response.bytes(), response.lineStart(i), response.lineEnd(i)));
            }
        }
    }
}
