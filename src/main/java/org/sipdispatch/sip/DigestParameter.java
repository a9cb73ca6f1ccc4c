package org.sipdispatch.sip;

/**
 * A parameter of a digest challenge or of digest credentials, which separate parameters by commas (RFC 7616 sections
 * 3.3 and 3.4).
 *
 * @param start the position of its value, without the quotes
 * @param end the position after its value
 * @param cutStart the start of the range that has to be deleted to remove the parameter with one comma
 * @param cutEnd the end of that range
 */
public record DigestParameter(int start, int end, int cutStart, int cutEnd) {
    private static final String SCHEME = "digest";
    private static final DigestParameter NOT_FOUND = new DigestParameter(0, 0, 0, 0);

    /**
     * Finds a parameter in the value of a header field. Returns null if it does not exist, if the scheme is another one,
     * or if the value is malformed before it. {@code name} must be in lower case.
     */
    public static DigestParameter find(byte[] bytes, int start, int end, String name) {
        DigestParameter found = search(bytes, start, end, name);
        return found == NOT_FOUND ? null : found;
    }

    /** Whether the value is one well-formed digest challenge: several may share a field (RFC 9110 section 11.6.1). */
    public static boolean isOnlyChallenge(byte[] bytes, int start, int end) {
        return search(bytes, start, end, "") == NOT_FOUND;
    }

    /** Returns null if the value is malformed before the parameter. */
    private static DigestParameter search(byte[] bytes, int start, int end, String name) {
        int scheme = Math.min(start + SCHEME.length(), end);
        if (!Ascii.equalsIgnoreCase(bytes, start, scheme, SCHEME) || scheme == end || !Ascii.isSpace(bytes[scheme])) {
            return null;
        }
        int at = Ascii.skipSpace(bytes, scheme, end);
        int before = -1;
        while (at < end) {
            int nameStart = at;
            int nameEnd = tokenEnd(bytes, at, end);
            int equals = Ascii.skipSpace(bytes, nameEnd, end);
            if (nameEnd == nameStart || equals == end || bytes[equals] != '=') {
                return null;
            }
            int value = Ascii.skipSpace(bytes, equals + 1, end);
            int valueEnd = valueEnd(bytes, value, end);
            int comma = valueEnd < 0 ? end : Ascii.skipSpace(bytes, valueEnd, end);
            if (valueEnd < 0 || comma < end && bytes[comma] != ',') {
                return null;
            }
            int next = afterCommas(bytes, comma, end);
            if (Ascii.equalsIgnoreCase(bytes, nameStart, nameEnd, name)) {
                int quote = bytes[value] == '"' ? 1 : 0;
                return before < 0
                        ? new DigestParameter(value + quote, valueEnd - quote, nameStart, next)
                        : new DigestParameter(value + quote, valueEnd - quote, before, valueEnd);
            }
            before = valueEnd;
            at = next;
        }
        return NOT_FOUND;
    }

    private static int tokenEnd(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && Ascii.isToken(bytes[at])) {
            at++;
        }
        return at;
    }

    /** The position after a value; -1 if there is none, or if its quote does not close. */
    private static int valueEnd(byte[] bytes, int start, int end) {
        if (start < end && bytes[start] == '"') {
            return Ascii.skipQuoted(bytes, start, end);
        }
        int at = start;
        while (at < end && bytes[at] != ',' && !Ascii.isSpace(bytes[at])) {
            at++;
        }
        return at == start ? -1 : at;
    }

    private static int afterCommas(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && (bytes[at] == ',' || Ascii.isSpace(bytes[at]))) {
            at++;
        }
        return at;
    }
}
