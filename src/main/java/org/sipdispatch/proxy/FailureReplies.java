package org.sipdispatch.proxy;

import java.time.Duration;
import java.util.Arrays;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.transaction.SendFailure;

/** The responses to requests that could not be forwarded. */
final class FailureReplies {
    /** The response to a request that its sender has cancelled. */
    static final LocalReply CANCELLED = new LocalReply(487, "Request Terminated");

    /** No Retry-After (RFC 7339 section 5.10): the caller must not stay away from a node that takes other requests. */
    private static final Duration NONE = Duration.ZERO;

    private static final LocalReply[] REPLIES = Arrays.stream(SendFailure.values())
            .map(why -> new LocalReply(why.code(), why.reason(), why == SendFailure.OVERLOADED ? NONE : null))
            .toArray(LocalReply[]::new);

    private FailureReplies() {}

    static LocalReply of(SendFailure why) {
        return REPLIES[why.ordinal()];
    }

    /** Header lines for such a response: a 503 carries Retry-After, unless the destination is overloaded. */
    static String headers(LocalReply reply) {
        return reply.code() == 503 && reply.retryAfter() == null ? "Retry-After: 10\r\n" : configuredHeaders(reply);
    }

    /** Header lines for a configured response: its Retry-After, if it has one. */
    static String configuredHeaders(LocalReply reply) {
        return reply.retryAfter() == null || reply.retryAfter().isZero()
                ? ""
                : "Retry-After: " + reply.retryAfter().toSeconds() + "\r\n";
    }
}
