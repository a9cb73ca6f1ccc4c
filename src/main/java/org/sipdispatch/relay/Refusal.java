package org.sipdispatch.relay;

import org.sipdispatch.routing.Reply;

/**
 * That a request is not carried, whatever the rules say.
 *
 * @param counter what counts it; null for nothing
 * @param headers lines for the answer, each with its end
 * @param why in a few words, for people
 */
record Refusal(Reply reply, Counter counter, String headers, String why) {
    Refusal(int code, String reason, Counter counter, String why) {
        this(new Reply(code, reason), counter, "", why);
    }
}
