package org.sipdispatch.transport;

import java.time.Duration;
import org.sipdispatch.transaction.SendFailure;

/** The state of a TCP connection that is closing. One thread only; times are in milliseconds of the lane's clock. */
final class TcpCloseState {
    /** Closes the connection because the node stops. */
    enum StopNode {
        INSTANCE
    }

    private boolean begun;
    private long sinceMs;
    private boolean whenWritten;
    private boolean byStop;
    private SendFailure reason;
    private SendFailure end;

    /** Bytes that arrive from now on are ignored. */
    void begin(long nowMs) {
        begun = true;
        sinceMs = nowMs;
    }

    /** The same; {@code why}: why this node closes the connection, null if the peer does. */
    void begin(long nowMs, SendFailure why) {
        begin(nowMs);
        reason = reason == null ? why : reason;
    }

    /** The node stops: closing the connection is not a failure of any request. */
    void beginByStop(long nowMs) {
        begin(nowMs);
        byStop = true;
        whenWritten = true;
    }

    boolean hasBegun() {
        return begun;
    }

    /** Whether the peer has not closed its direction for that long. */
    boolean lingers(long nowMs, Duration longest) {
        return begun && nowMs - sinceMs > longest.toMillis();
    }

    void whenWritten() {
        whenWritten = true;
    }

    /** Whether the connection closes after the messages that wait. */
    boolean isWhenWritten() {
        return whenWritten;
    }

    boolean isByStop() {
        return byStop;
    }

    /** Why this node is closing the connection; null if it is not. */
    SendFailure reason() {
        return reason;
    }

    /** Nothing more can be sent. */
    void ended(SendFailure why) {
        end = why;
    }

    /** Why nothing more can be sent; null while sending is possible. */
    SendFailure end() {
        return end;
    }
}
