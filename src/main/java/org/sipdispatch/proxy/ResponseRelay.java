package org.sipdispatch.proxy;

import java.net.InetSocketAddress;
import org.sipdispatch.observation.ActiveCalls;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.Branch;
import org.sipdispatch.sip.ByteWriter;
import org.sipdispatch.sip.Parameters;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.sip.Via;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.SocketAddresses;
import org.sipdispatch.transaction.TransactionConnections;

/**
 * Passes responses to their transactions, and forwards responses without a known transaction statelessly (RFC 3261
 * section 16.7): responses to stateless requests, responses of another node's calls, and late ones. The branch proves
 * that this proxy or a peer sent the request. The parameter {@code r} of our Via proves that the response returns on
 * the request's path.
 */
final class ResponseRelay {
    private final ListenSockets sockets;
    private final TransactionKey keys;
    private final ForwardingServices services;
    private final StatefulRelay stateful;
    private final StatelessRelay stateless;
    private final ActiveCalls calls;

    ResponseRelay(
            ListenSockets sockets,
            TransactionKey keys,
            ForwardingServices services,
            StatefulRelay stateful,
            StatelessRelay stateless,
            ActiveCalls calls) {
        this.sockets = sockets;
        this.keys = keys;
        this.services = services;
        this.stateful = stateful;
        this.stateless = stateless;
        this.calls = calls;
    }

    void received(SipResponse response, Branch branch) {
        StatefulRequest request = stateful.find(branch.transaction());
        if (request == null) {
            forward(response, branch);
        } else if (ForwardedMessageWriter.nextVia(response) == null && !response.cseqMethodIs("CANCEL")) {
            // For this proxy itself, which originates only CANCEL here (RFC 3261 section 16.7 step 3).
            services.counters().add(LaneCounter.FOREIGN_RESPONSES);
        } else {
            noteCall(response);
            request.received(response, branch.attempt());
        }
    }

    /**
     * The answer to a BYE ends the call's places in limits, and one without a session timer keeps them. A challenge is
     * followed by another BYE.
     */
    private void noteCall(SipResponse response) {
        if (calls.hasPlaces()
                && response.isSuccess()
                && (response.cseqMethodIs("INVITE") || response.cseqMethodIs("UPDATE"))) {
            calls.refreshed(keys.callKey(response), SessionExpires.seconds(response));
        }
        if (calls.awaitsByeAnswer()
                && !response.isProvisional()
                && !BestResponse.isChallenge(response.status())
                && response.cseqMethodIs("BYE")) {
            calls.byeAnswered(keys.callKey(response));
        }
    }

    private void forward(SipResponse response, Branch branch) {
        Via below = ForwardedMessageWriter.nextVia(response);
        ListenSocket socket = sockets.at(branch.socket());
        InetSocketAddress back = below == null || socket == null
                ? null
                : SocketAddresses.replyTo(response.bytes(), below, socket.protocol());
        if (back == null || keys.of(response, below) != branch.transaction()) {
            services.counters().add(LaneCounter.FOREIGN_RESPONSES);
            return;
        }
        if (sendBack(response, branch, socket, back)) {
            noteCall(response);
            stateless.answered(response, branch.transaction());
        } else {
            services.counters().add(LaneCounter.FOREIGN_RESPONSES);
        }
    }

    /**
     * Sends the response on the return path that our Via proves, using the newest connection that is open if the request
     * was retransmitted on others.
     */
    private boolean sendBack(SipResponse response, Branch branch, ListenSocket socket, InetSocketAddress back) {
        long connection = connection(response);
        if (!hasValidReturnPath(response, branch, connection, back)) {
            return false;
        }
        TransactionConnections original = TransactionConnections.of(connection);
        RepetitionConnections.Repetitions repeated =
                original.isNone() ? null : stateless.repetitions().of(branch.transaction());
        ByteWriter message = services.writer().response(response, stateless.challenges(response, branch.transaction()));
        if (repeated != null && repeated.host().equals(back.getAddress())) {
            TransactionConnections newest = repeated.connections().then(original);
            services.transactions().send(repeated.socket(), back, newest, message);
        } else {
            services.transactions().send(socket, back, original, message);
        }
        return true;
    }

    /**
     * A statelessly forwarded request could not be sent: its sender gets the response that an unreachable next hop
     * causes (RFC 3261 section 16.9), unless the request is sent over UDP now. An ACK gets no response.
     */
    void notSent(SipRequest sent, Branch branch, SendFailure why) {
        if (stateless.sendsOverUdp(sent, branch.transaction()) || sent.isMethod("ACK")) {
            return;
        }
        SipResponse refusal = services.responses().failure(sent, branch.transaction(), why);
        Via below = ForwardedMessageWriter.nextVia(refusal);
        ListenSocket socket = sockets.at(branch.socket());
        InetSocketAddress back = below == null || socket == null
                ? null
                : SocketAddresses.replyTo(refusal.bytes(), below, socket.protocol());
        if (back != null) {
            sendBack(refusal, branch, socket, back);
        }
        stateless.notSent(branch.transaction(), why);
    }

    private boolean hasValidReturnPath(SipResponse response, Branch branch, long connection, InetSocketAddress back) {
        long range = response.topVia().parameter("r");
        long proof = keys.returnPathToken(branch, connection, back.getAddress().getAddress(), back.getPort());
        return range != Parameters.ABSENT
                && KeyedHash.is(response.bytes(), Parameters.start(range), Parameters.end(range), proof);
    }

    /** The connection that the request arrived on, from our own Via; {@code NO_CONNECTION} if there is none. */
    private static long connection(SipResponse response) {
        long range = response.topVia().parameter("i");
        return range == Parameters.ABSENT
                ? Flow.NO_CONNECTION
                : Math.max(
                        Flow.NO_CONNECTION,
                        Ascii.parseNumber(
                                response.bytes(), Parameters.start(range), Parameters.end(range), Long.MAX_VALUE / 16));
    }
}
