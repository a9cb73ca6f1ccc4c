package org.sipdispatch.transport;

import org.sipdispatch.observation.Limit;
import org.sipdispatch.transaction.Flow;

/** The messages that arrive on a connection: frames them, passes them to the lane, and refuses those that cannot be framed. */
final class ReceivedMessages {
    /** The connection. */
    interface Owner {
        /** Whether what arrives is relayed. */
        boolean takesMessages();

        /** The peer has sent a keep-alive that needs an answer. */
        void ping();

        /** Nothing after the last message can be read. */
        void refused();
    }

    private final LaneTcp lane;
    private final Flow flow;
    private final Owner owner;
    private final StreamFramer framer;
    private long beganMs;

    ReceivedMessages(LaneTcp lane, Flow flow, Owner owner) {
        this.lane = lane;
        this.flow = flow;
        this.owner = owner;
        framer = new StreamFramer(lane.settings().maxMessageSize());
    }

    /** The array is this object's from now on. */
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
                    lane.inlet().received(message, 0, message.length, flow);
                    beganMs = nowMs;
                }
                case BROKEN -> refuse(400, "Bad Content-Length");
                case TOO_LARGE -> tooLarge();
            }
            framer.consume();
        }
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
