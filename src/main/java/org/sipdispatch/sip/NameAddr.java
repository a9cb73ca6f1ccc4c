package org.sipdispatch.sip;

/** One {@code "name" <uri>;parameters} value, as in From, To, Route and Contact (RFC 3261 section 20.10). */
public final class NameAddr {
    private static final long UNREAD = -2;

    private final byte[] bytes;
    private final int uriStart;
    private final int uriEnd;
    private final int parameters;
    private final int end;
    private SipUri uri;
    private long tag = UNREAD;

    private NameAddr(byte[] bytes, int uriStart, int uriEnd, int parameters, int end) {
        this.bytes = bytes;
        this.uriStart = uriStart;
        this.uriEnd = uriEnd;
        this.parameters = parameters;
        this.end = end;
    }

    /** Parses the first value of a header field; null if it is malformed. */
    public static NameAddr parse(byte[] bytes, int start, int end) {
        int at = Ascii.skipSpace(bytes, start, end);
        int bracket = openingBracket(bytes, at, end);
        if (bracket < 0) {
            return null;
        }
        if (bracket == end) {
            return addrSpec(bytes, at, end);
        }
        int close = Ascii.indexOf(bytes, bracket, end, '>');
        int tail = close == end ? -1 : Parameters.tailEnd(bytes, close + 1, end);
        if (tail < 0 || close == bracket + 1) {
            return null;
        }
        return new NameAddr(bytes, bracket + 1, close, Ascii.skipSpace(bytes, close + 1, end), tail);
    }

    /**
     * The position of the bracket that opens the URI; {@code end} if there is none, -1 if a quoted string is malformed.
     * A colon before a semicolon or a comma shows a URI without brackets: later brackets belong to a quoted parameter
     * or to the next value.
     */
    private static int openingBracket(byte[] bytes, int start, int end) {
        int at = start;
        if (at < end && bytes[at] == '"') {
            at = Ascii.skipQuoted(bytes, at, end);
            if (at < 0) {
                return -1;
            }
            at = Ascii.skipSpace(bytes, at, end);
            return at < end && bytes[at] == '<' ? at : -1;
        }
        boolean scheme = false;
        for (; at < end && bytes[at] != '<'; at++) {
            byte b = bytes[at];
            scheme |= b == ':';
            if (scheme && (b == ';' || b == ',')) {
                return end;
            }
            if (b == '"') {
                return -1;
            }
        }
        return at;
    }

    /** Without brackets, the parameters belong to the header field, not to the URI (RFC 3261 section 20). */
    private static NameAddr addrSpec(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && bytes[at] != ';' && bytes[at] != ',' && !Ascii.isSpace(bytes[at])) {
            at++;
        }
        int tail = Parameters.tailEnd(bytes, at, end);
        return at == start || tail < 0 ? null : new NameAddr(bytes, start, at, Ascii.skipSpace(bytes, at, end), tail);
    }

    public String uriText() {
        return Ascii.text(bytes, uriStart, uriEnd);
    }

    /** The URI; null if it is malformed. */
    public SipUri uri() {
        if (uri == null) {
            uri = SipUri.parse(bytes, uriStart, uriEnd);
        }
        return uri;
    }

    /**
     * The URI of a Route or Record-Route value, which must have brackets (RFC 3261 section 20.34). If the sender
     * omitted them, the parameters after the URI belong to the URI. Null if it is malformed.
     */
    public SipUri routeUri() {
        if (uriStart > 0 && bytes[uriStart - 1] == '<') {
            return uri();
        }
        int last = end;
        while (last > uriEnd && Ascii.isSpace(bytes[last - 1])) {
            last--;
        }
        SipUri whole = SipUri.parse(bytes, uriStart, last);
        return whole == null ? uri() : whole;
    }

    /** The range of a header parameter's value; {@link Parameters#ABSENT} without the parameter. Name in lower case. */
    public long parameter(String name) {
        return Parameters.find(bytes, parameters, end, name);
    }

    public boolean hasTag() {
        return tag() != Parameters.ABSENT;
    }

    public long tag() {
        if (tag == UNREAD) {
            tag = parameter("tag");
        }
        return tag;
    }

    /** The tag as text; null if there is none. */
    public String tagText() {
        long tag = tag();
        return tag == Parameters.ABSENT ? null : Ascii.text(bytes, Parameters.start(tag), Parameters.end(tag));
    }

    /** The end of this value: the comma before the next value, or the end of the header field's value. */
    public int end() {
        return end;
    }

    byte[] bytes() {
        return bytes;
    }
}
