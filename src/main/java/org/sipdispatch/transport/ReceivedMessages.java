package org.sipdispatch.transport;

import java.util.Set;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.Parameters;
import org.sipdispatch.sip.ParseResult;
import org.sipdispatch.sip.SipParser;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.Via;
import org.sipdispatch.tls.CertificateNames;
import org.sipdispatch.tls.CertifiedClient;
import org.sipdispatch.transaction.Flow;

/** The messages that arrive on a connection: frames them, passes them to the lane, and refuses those that cannot be framed. */
final class ReceivedMessages {
    /** The connection. */
    interface MessageListener {
        /** Whether received messages are relayed. */
        boolean takesMessages();

        /** The peer has sent a keep-alive that needs an answer. */
        void ping();

        /** No message after the last one can be read. */
        void refused();
    }

    /** A double line break. */
    private static final int PING_BYTES = 4;

    private final LaneTcpContext lane;
    private final Flow flow;
    private final MessageListener owner;
    private final StreamFramer framer;
    private long beganMs;
    /** The client, if it has a certificate, until its first message has arrived; null afterwards. */
    private CertifiedClient client;

    ReceivedMessages(LaneTcpContext lane, Flow flow, MessageListener owner) {
        this.lane = lane;
        this.flow = flow;
        this.owner = owner;
        framer = new StreamFramer(lane.settings().maxMessageSize());
    }

    /** This object owns the array from now on. */
    void arrived(byte[] bytes, long nowMs) {
        if (!framer.isMidMessage()) {
            beganMs = nowMs;
        }
        framer.add(bytes);
        while (owner.takesMessages()) {
            switch (framer.next()) {
                case MORE -> {
                    return;
                }
                case PING -> owner.ping();
                case MESSAGE -> {
                    byte[] message = framer.message();
                    addAliasOnce(message);
                    lane.inlet().received(message, 0, message.length, flow);
                    beganMs = nowMs;
                }
                case BROKEN -> refuse(400, "Bad Content-Length");
                case TOO_LARGE -> tooLarge();
            }
            framer.consume();
        }
    }

    /** The same for a message whose bounds the connection keeps; some clients send line breaks as keep-alives there too. */
    void arrivedWhole(byte[] message) {
        if (!owner.takesMessages()) {
            return;
        }
        if (isLineBreaks(message)) {
            if (message.length >= PING_BYTES) {
                owner.ping();
            }
            return;
        }
        addAliasOnce(message);
        lane.inlet().received(message, 0, message.length, flow);
    }

    private static boolean isLineBreaks(byte[] message) {
        for (byte each : message) {
            if (each != '\r' && each != '\n') {
                return false;
            }
        }
        return true;
    }

    /** The peer has been identified as this client. */
    void verified(CertifiedClient peer) {
        client = peer.names().isEmpty() ? null : peer;
    }

    /**
     * Requests to the address in the client's Via use this connection if the Via has {@code alias}, and names the
     * client as its certificate does (RFC 5923). Those that expect a certain name do so only if a connection that this
     * node opens would accept the certificate: a listener may have other authorities.
     */
    private void addAliasOnce(byte[] message) {
        if (client == null) {
            return;
        }
        ParseResult parsed = SipParser.parse(message, 0, message.length);
        Via via = parsed instanceof SipRequest request ? request.topVia() : null;
        if (via != null && via.parameter("alias") != Parameters.ABSENT) {
            String host = Ascii.text(message, via.hostStart(), via.hostEnd());
            int port = via.port() == Via.NO_PORT ? flow.socket().protocol().defaultPort() : via.port();
            if (CertificateNames.match(client.names(), host, false)) {
                boolean isServer = client.isServer().getAsBoolean();
                lane.connections()
                        .addAlias(
                                flow,
                                port,
                                new SharedRemoteConnections.AliasClient(Set.copyOf(client.names()), isServer));
            }
        }
        client = null;
    }

    private void tooLarge() {
        hit(Limit.MAX_MESSAGE_SIZE, "a larger message arrived", lane.settings().maxMessageSize() + " bytes");
        refuse(513, "Message Too Large");
    }

    private void refuse(int code, String reason) {
        lane.inlet().refuse(framer.message(), flow, code, reason);
        owner.refused();
    }

    /** The connection closes because of a limit. */
    void hit(Limit limit, String what, String most) {
        lane.hit(
                limit,
                () -> what + " from " + flow.source().getAddress().getHostAddress() + " (expected: " + most
                        + " at most); its connection was closed");
    }

    /** Whether a message takes longer than the limit. */
    boolean isSlow(long nowMs) {
        return framer.isMidMessage()
                && nowMs - beganMs > lane.settings().messageTimeout().toMillis();
    }

    /** The bytes of an incomplete message. */
    int held() {
        return framer.capacity();
    }
}
