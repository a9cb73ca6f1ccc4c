package org.sipdispatch.proxy;

import java.util.Arrays;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.transaction.SendFailure;

/** The answers to requests that could be sent nowhere. */
final class FailureReplies {
    private static final LocalReply[] REPLIES = Arrays.stream(SendFailure.values())
            .map(why -> new LocalReply(why.code(), why.reason()))
            .toArray(LocalReply[]::new);

    private FailureReplies() {}

    static LocalReply of(SendFailure why) {
        return REPLIES[why.ordinal()];
    }

    /** Lines for such an answer: a node that lacks means at the moment asks for a pause. */
    static String headers(LocalReply reply) {
        return reply.code() == 503 ? "Retry-After: 10\r\n" : "";
    }
}
