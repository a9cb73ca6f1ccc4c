package org.sipdispatch.proxy;

import org.sipdispatch.observation.Counter;
import org.sipdispatch.routing.LocalReply;

/**
 * That a request is not carried, whatever the rules say.
 *
 * @param counter what counts it; null for nothing
 * @param headers lines for the answer, each with its end
 * @param why in a few words, for people
 */
record Rejection(LocalReply reply, Counter counter, String headers, String why) {
    Rejection(int code, String reason, Counter counter, String why) {
        this(new LocalReply(code, reason), counter, "", why);
    }
}
