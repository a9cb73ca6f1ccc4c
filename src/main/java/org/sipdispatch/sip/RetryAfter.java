package org.sipdispatch.sip;

/** The header field Retry-After (RFC 3261 section 20.33), such as {@code 18000;duration=3600} or {@code 5 (busy)}. */
public final class RetryAfter {
    private static final String NAME = "Retry-After";
    private static final int MOST_DIGITS = 9;

    private RetryAfter() {}

    /** The number of seconds; 0 if there is no such header field, or a malformed one. */
    public static long seconds(SipMessage message) {
        String value = message.text(NAME);
        int digits = 0;
        while (value != null && digits < value.length() && Character.digit(value.charAt(digits), 10) >= 0) {
            digits++;
        }
        if (digits == 0 || digits > MOST_DIGITS) {
            return 0;
        }
        boolean ends = digits == value.length() || " \t;(".indexOf(value.charAt(digits)) >= 0;
        return ends ? Long.parseLong(value.substring(0, digits)) : 0;
    }
}
