package org.sipdispatch.proxy;

import java.util.Arrays;
import org.sipdispatch.routing.Reply;
import org.sipdispatch.transaction.SendFailure;

/** The answers to requests that could be sent nowhere. */
final class FailureReplies {
    private static final Reply[] REPLIES = Arrays.stream(SendFailure.values())
            .map(why -> new Reply(why.code(), why.reason()))
            .toArray(Reply[]::new);

    private FailureReplies() {}

    static Reply of(SendFailure why) {
        return REPLIES[why.ordinal()];
    }

    /** Lines for such an answer: a node that lacks means at the moment asks for a pause. */
    static String headers(Reply reply) {
        return reply.code() == 503 ? "Retry-After: 10\r\n" : "";
    }
}
