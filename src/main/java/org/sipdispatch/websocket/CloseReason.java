package org.sipdispatch.websocket;

/**
 * Why a WebSocket connection is closed.
 *
 * @param code the status code: RFC 6455 section 7.4
 * @param text what is wrong; at most 123 bytes in a frame
 */
public record CloseReason(int code, String text) {
    /** The purpose of the connection is fulfilled. */
    public static final int NORMAL = 1000;

    /** The endpoint goes away, such as a server that stops. */
    public static final int GOING_AWAY = 1001;
    /** The peer broke the rules of frames. */
    public static final int PROTOCOL_ERROR = 1002;
    /** A Close frame without a status code; never sent. */
    public static final int NO_STATUS = 1005;
    /** A text that is not UTF-8. */
    public static final int NOT_UTF8 = 1007;
    /** The peer broke another rule, such as a time limit. */
    public static final int POLICY = 1008;
    /** A message above the limit. */
    public static final int TOO_BIG = 1009;

    private static final int FIRST_OF_APPLICATIONS = 3000;
    private static final int LAST = 4999;

    /** Whether a peer may send this code: section 7.4, and the registered codes 1012 to 1014. */
    static boolean mayBeSent(int code) {
        return code >= NORMAL && code <= 1003
                || code >= NOT_UTF8 && code <= 1014
                || code >= FIRST_OF_APPLICATIONS && code <= LAST;
    }
}
