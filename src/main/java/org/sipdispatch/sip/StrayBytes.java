package org.sipdispatch.sip;

/**
 * The octets that RFC 3261 section 25.1 forbids outside of bodies: a CR or LF that is not part of a CRLF, and a NUL,
 * except as a quoted pair in a quoted string or comment.
 */
final class StrayBytes {
    /** The header fields whose grammar has comments. In all others parentheses are ordinary characters. */
    private static final String[] COMMENTED = {"user-agent", "server", "retry-after"};

    private StrayBytes() {}

    /**
     * Whether a header line, which may be folded, contains such an octet. The range begins at the header name. One pass:
     * a line full of quoted NULs costs no more than its length.
     */
    static boolean in(byte[] bytes, int start, int end) {
        boolean commented = mayHaveComments(bytes, start, end);
        boolean quoted = false;
        boolean escapedNul = false;
        int depth = 0;
        for (int at = start; at < end; at++) {
            byte b = bytes[at];
            if (b == 0 || isLoneLineBreak(bytes, start, at, end)) {
                return true;
            }
            if (b == '\\' && (quoted || depth > 0) && at + 1 < end && bytes[at + 1] != '\r' && bytes[at + 1] != '\n') {
                at++;
                escapedNul |= bytes[at] == 0;
            } else if (b == '"' && depth == 0) {
                quoted = !quoted;
            } else if (commented && !quoted) {
                depth = Math.max(0, depth + (b == '(' ? 1 : b == ')' ? -1 : 0));
            }
        }
        // A string whose quote does not close is not a quoted string.
        return escapedNul && (quoted || depth > 0);
    }

    private static boolean isLoneLineBreak(byte[] bytes, int start, int at, int end) {
        return bytes[at] == '\n'
                ? at == start || bytes[at - 1] != '\r'
                : bytes[at] == '\r' && (at + 1 == end || bytes[at + 1] != '\n');
    }

    private static boolean mayHaveComments(byte[] bytes, int start, int end) {
        int nameEnd = start;
        while (nameEnd < end && Ascii.isToken(bytes[nameEnd])) {
            nameEnd++;
        }
        for (String name : COMMENTED) {
            if (Ascii.equalsIgnoreCase(bytes, start, nameEnd, name)) {
                return true;
            }
        }
        return false;
    }
}
