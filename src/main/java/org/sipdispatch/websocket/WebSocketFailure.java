package org.sipdispatch.websocket;

import java.util.Locale;

/** The reasons why a WebSocket connection of a client could not be used. */
public enum WebSocketFailure {
    /** The client sent something other than an HTTP request, or its header fields are invalid. */
    BAD_REQUEST("400 Bad Request"),
    /** The method is not GET. */
    WRONG_METHOD("405 Method Not Allowed"),
    /** An HTTP request that does not ask for WebSocket. */
    NO_UPGRADE("426 Upgrade Required"),
    /** Another version of WebSocket than 13. */
    WRONG_VERSION("426 Upgrade Required"),
    /** The page of the client is from an origin that is not allowed. */
    WRONG_ORIGIN("403 Forbidden"),
    /** The client does not offer the sub-protocol {@code sip}: RFC 7118 section 4. */
    WRONG_SUBPROTOCOL("400 Bad Request"),
    /** The header fields of the request are too large. */
    HEAD_TOO_LARGE("431 Request Header Fields Too Large"),
    /** The request did not arrive in time. */
    HANDSHAKE_TIMEOUT("408 Request Timeout"),
    /** The client closed the connection before its request was complete. */
    CLOSED(null),
    /** After the handshake: the client broke the rules of RFC 6455, or a limit, and got a Close frame that says why. */
    PROTOCOL_ERROR(null),
    /** After the handshake: the client sent nothing, and did not answer a ping. */
    PING_TIMEOUT(null);

    private final String status;

    WebSocketFailure(String status) {
        this.status = status;
    }

    /** The status of the HTTP response; null if there is none. */
    String status() {
        return status;
    }

    /** The label in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
