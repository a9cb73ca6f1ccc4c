package org.sipdispatch.sip;

/**
 * The {@code ;name=value} tail of a header value or a URI. A range is returned as two ints packed into a long, so that
 * nothing is allocated; {@link #start} and {@link #end} unpack it.
 */
public final class Parameters {
    /** The result of {@link #find} if the parameter does not exist. */
    public static final long ABSENT = -1;

    private Parameters() {}

    public static int start(long range) {
        return (int) (range >>> 32);
    }

    public static int end(long range) {
        return (int) range;
    }

    static long range(int start, int end) {
        return (long) start << 32 | end;
    }

    /**
     * The range of a parameter's value in a tail that begins with a semicolon. {@code name} must be in lower case. If
     * the parameter has no value, the range is empty and begins after the name.
     */
    public static long find(byte[] bytes, int start, int end, String name) {
        int at = start;
        while (at < end && bytes[at] == ';') {
            int nameStart = Ascii.skipSpace(bytes, at + 1, end);
            int nameEnd = nameEnd(bytes, nameStart, end);
            int next = Ascii.skipSpace(bytes, nameEnd, end);
            int valueStart = nameEnd;
            int valueEnd = nameEnd;
            if (next < end && bytes[next] == '=') {
                valueStart = Ascii.skipSpace(bytes, next + 1, end);
                valueEnd = valueEnd(bytes, valueStart, end, ';');
                next = Ascii.skipSpace(bytes, valueEnd, end);
            }
            if (Ascii.equalsIgnoreCase(bytes, nameStart, nameEnd, name)) {
                return range(valueStart, valueEnd);
            }
            at = next;
        }
        return ABSENT;
    }

    /** Not only tokens: the name of a URI parameter may contain brackets, slashes and more (RFC 3261 section 25.1). */
    private static int nameEnd(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && bytes[at] != ';' && bytes[at] != '=' && !Ascii.isSpace(bytes[at])) {
            at++;
        }
        return at;
    }

    /**
     * Where the parameters of a header value end: at {@code end} or at the comma before the next value; -1 if they are
     * malformed. {@code start} is the position after the URI or host that the parameters belong to.
     */
    static int tailEnd(byte[] bytes, int start, int end) {
        int at = Ascii.skipSpace(bytes, start, end);
        while (at < end && bytes[at] == ';') {
            int nameStart = Ascii.skipSpace(bytes, at + 1, end);
            int nameEnd = nameStart;
            while (nameEnd < end && Ascii.isToken(bytes[nameEnd])) {
                nameEnd++;
            }
            if (nameEnd == nameStart) {
                return -1;
            }
            at = Ascii.skipSpace(bytes, nameEnd, end);
            if (at < end && bytes[at] == '=') {
                int valueStart = Ascii.skipSpace(bytes, at + 1, end);
                int valueEnd = valueEnd(bytes, valueStart, end, ',');
                if (valueEnd <= valueStart) {
                    return -1;
                }
                at = Ascii.skipSpace(bytes, valueEnd, end);
            }
        }
        return at == end || bytes[at] == ',' ? at : -1;
    }

    /** The semicolon after the parameter whose name begins at {@code start}; {@code end} if it is the last. */
    static int nextTopLevel(byte[] bytes, int start, int end) {
        int at = nameEnd(bytes, Ascii.skipSpace(bytes, start, end), end);
        at = Ascii.skipSpace(bytes, at, end);
        if (at < end && bytes[at] == '=') {
            at = valueEnd(bytes, Ascii.skipSpace(bytes, at + 1, end), end, ';');
        }
        return Ascii.indexOf(bytes, at, end, ';');
    }

    /** A quote opens a quoted string only at the beginning of the value; elsewhere it is an ordinary byte. */
    private static int valueEnd(byte[] bytes, int start, int end, char stop) {
        if (start < end && bytes[start] == '"') {
            int closed = Ascii.skipQuoted(bytes, start, end);
            return closed < 0 ? start : closed;
        }
        int at = start;
        while (at < end && bytes[at] != ';' && bytes[at] != stop && !Ascii.isSpace(bytes[at])) {
            at++;
        }
        return at;
    }
}
