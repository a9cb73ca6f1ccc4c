package org.sipdispatch.proxy;

import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.sip.ByteWriter;
import org.sipdispatch.sip.Methods;
import org.sipdispatch.sip.ResponseWriter;
import org.sipdispatch.sip.SipParser;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.SocketAddresses;
import org.sipdispatch.transaction.TransactionConnections;
import org.sipdispatch.transaction.TransactionContext;

/** Writes and sends the responses that this proxy generates. Reused; not thread-safe. */
final class OwnResponseWriter {
    /** Completes our own Via in a {@link #failure}; that Via is removed before the response is sent. */
    private static final ResponseWriter.RequestSource NO_SOURCE = new ResponseWriter.RequestSource("0.0.0.0", null, 0);

    private final TransactionContext transactions;
    private final LaneCounters counters;
    private final TransactionKey keys;
    private final ReceivedParameterCache sources;
    private final OverloadFeedback overload;
    private final ResponseWriter replies = new ResponseWriter();

    OwnResponseWriter(
            TransactionContext transactions,
            LaneCounters counters,
            TransactionKey keys,
            ReceivedParameterCache sources,
            OverloadFeedback overload) {
        this.transactions = transactions;
        this.counters = counters;
        this.keys = keys;
        this.sources = sources;
        this.overload = overload;
    }

    /** Writes a response. Valid until the next one is written. */
    private ByteWriter write(SipRequest request, Flow flow, long key, int code, String reason, String extraHeaders) {
        counters.add(LaneCounter.OWN_REPLIES);
        String headers = code == 405 && extraHeaders.isEmpty() ? Methods.allowHeader(request) : extraHeaders;
        return replies.write(
                request, code, reason, sources.of(flow), keys.replyTag(key), headers, overload.parameters());
    }

    /** Writes the response to a request that has a transaction. Valid until the next one is written. */
    ByteWriter write(IncomingRequest arrival, LocalReply reply, String extraHeaders) {
        return write(arrival.request(), arrival.flow(), arrival.key(), reply.code(), reply.reason(), extraHeaders);
    }

    /** Responds to a request without a transaction (RFC 3261 section 8.2.7). An ACK gets no response. */
    void send(SipRequest request, Flow flow, long key, int code, String reason, String extraHeaders) {
        if (!request.isMethod("ACK")) {
            ByteWriter response = write(request, flow, key, code, reason, extraHeaders);
            transactions.send(
                    flow.socket(),
                    SocketAddresses.replyTo(request, flow),
                    TransactionConnections.of(flow.connection()),
                    response);
        }
    }

    /** Responds to a request that cannot be forwarded. */
    void send(SipRequest request, Flow flow, long key, SendFailure why) {
        LocalReply reply = FailureReplies.of(why);
        send(request, flow, key, reply.code(), reply.reason(), FailureReplies.headers(reply));
    }

    /** Returns the response to a forwarded request that could not be sent, as if its next hop had generated it. */
    SipResponse failure(SipRequest sent, long key, SendFailure why) {
        counters.add(LaneCounter.OWN_REPLIES);
        LocalReply reply = FailureReplies.of(why);
        byte[] bytes = replies.write(
                        sent,
                        reply.code(),
                        reply.reason(),
                        NO_SOURCE,
                        keys.replyTag(key),
                        FailureReplies.headers(reply))
                .copy();
        return (SipResponse) SipParser.parse(bytes, 0, bytes.length);
    }
}
