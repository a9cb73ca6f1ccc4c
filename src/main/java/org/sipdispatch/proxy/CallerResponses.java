package org.sipdispatch.proxy;

import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.routing.RelayPolicy;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.ServerTransaction;

/** Collects the failures of one request's destinations, and sends the responses to the caller. */
final class CallerResponses {
    private final ForwardingServices services;
    private final ServerTransaction server;
    private final Rule rule;
    private final boolean inDialog;
    /** Null until a destination fails. */
    private BestResponse best;

    /** {@code rule}: the rule that selects destinations; null for a request of a dialog. */
    CallerResponses(ForwardingServices services, ServerTransaction server, Rule rule, boolean inDialog) {
        this.services = services;
        this.server = server;
        this.rule = rule;
        this.inDialog = inDialog;
    }

    /** The response if there is no destination. */
    LocalReply unusable() {
        return rule == null ? FailureReplies.of(SendFailure.UNREACHABLE) : rule.unusable();
    }

    private BestResponse best() {
        if (best == null) {
            best = rule == null ? new BestResponse(unusable(), inDialog) : new BestResponse();
        }
        return best;
    }

    boolean hasFailure() {
        return best != null;
    }

    /** See {@link BestResponse#add(SipResponse, Destination)}. */
    void addFailure(SipResponse response, Destination challenger) {
        best().add(response, challenger);
    }

    void addFailure(SendFailure why) {
        best().add(why);
    }

    void addTimeout() {
        best().addTimeout();
    }

    /** Releases the failures, because the final response was sent. */
    void release() {
        best = null;
    }

    /** Forwards a destination's response. */
    void forward(SipResponse response) {
        server.respond(response.status(), services.writer().response(response));
    }

    /** Sends a response of this proxy. */
    void send(IncomingRequest arrival, LocalReply reply, String extraHeaders) {
        server.respond(reply.code(), services.responses().write(arrival, reply, extraHeaders));
    }

    /** Sends {@code own}, or the best response of the destinations if it is null. */
    void sendFinal(IncomingRequest arrival, LocalReply own, RelayPolicy policy) {
        LocalReply reply = own != null ? own : best().own(unusable(), policy);
        if (reply == BestResponse.ALL_FAILED) {
            reply = services.backoff().reply(rule, arrival, reply);
        }
        if (reply != null) {
            send(arrival, reply, FailureReplies.headers(reply));
        } else {
            server.respond(best.code(), services.writer().response(best.response(), best.challenges()));
        }
    }
}
