package org.sipdispatch.proxy;

import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.routing.LocalReply;

/**
 * A request that is refused regardless of the rules.
 *
 * @param counter the counter to increment; null for none
 * @param headers header lines for the response, each with its line end
 * @param why a short text for logs and explanations
 */
record Rejection(LocalReply reply, LaneCounter counter, String headers, String why) {
    Rejection(int code, String reason, LaneCounter counter, String why) {
        this(new LocalReply(code, reason), counter, "", why);
    }
}
