package org.sipdispatch.proxy;

import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.SipMessage;

/** Reads the header field Session-Expires (RFC 4028 section 4). */
final class SessionExpires {
    /** Longer sessions count as without a timer. */
    private static final long MOST_SECONDS = 10_000_000;

    private SessionExpires() {}

    /** The session interval in seconds; 0 if there is none, or if it is malformed. */
    static long seconds(SipMessage message) {
        byte[] bytes = message.bytes();
        for (int i = 0; i < message.headers(); i++) {
            int start = message.lineStart(i);
            int end = message.nameEnd(i);
            if (Ascii.equalsIgnoreCase(bytes, start, end, "session-expires")
                    || Ascii.equalsIgnoreCase(bytes, start, end, "x")) {
                return Math.max(0, number(bytes, message.valueStart(i), message.valueEnd(i)));
            }
        }
        return 0;
    }

    private static long number(byte[] bytes, int start, int valueEnd) {
        int end = start;
        while (end < valueEnd && bytes[end] >= '0' && bytes[end] <= '9') {
            end++;
        }
        return Ascii.parseNumber(bytes, start, end, MOST_SECONDS);
    }
}
