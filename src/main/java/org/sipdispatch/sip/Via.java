package org.sipdispatch.sip;

/** One Via value (RFC 3261 section 20.42): where a response goes next. Ranges are positions in the message's bytes. */
public final class Via {
    /** The result of {@link #port()} if sent-by has no port. */
    public static final int NO_PORT = -1;

    private static final long UNREAD = -2;

    private final byte[] bytes;
    private final int transportStart;
    private final int transportEnd;
    private final int hostStart;
    private final int hostEnd;
    private final int port;
    private final int sentByEnd;
    private final int parameters;
    private final int end;
    private long branch = UNREAD;

    private Via(byte[] bytes, int[] transport, int[] host, int port, int sentByEnd, int parameters, int end) {
        this.bytes = bytes;
        this.transportStart = transport[0];
        this.transportEnd = transport[1];
        this.hostStart = host[0];
        this.hostEnd = host[1];
        this.port = port;
        this.sentByEnd = sentByEnd;
        this.parameters = parameters;
        this.end = end;
    }

    /** Parses the first value of a Via header field; null if it is malformed. */
    public static Via parse(byte[] bytes, int start, int end) {
        int at = literal(bytes, Ascii.skipSpace(bytes, start, end), end, "sip");
        at = slash(bytes, at, end);
        // Any version: the response to a request of another version needs the Via too (RFC 3261 section 21.5.6).
        at = tokenEnd(bytes, at, end);
        int transportStart = slash(bytes, at, end);
        int transportEnd = tokenEnd(bytes, transportStart, end);
        if (transportEnd < 0) {
            return null;
        }
        int hostStart = Ascii.skipSpace(bytes, transportEnd, end);
        int hostEnd = hostEnd(bytes, hostStart, end);
        if (hostStart == transportEnd || hostEnd < 0) {
            return null;
        }
        int port = NO_PORT;
        int sentByEnd = hostEnd;
        at = Ascii.skipSpace(bytes, hostEnd, end);
        if (at < end && bytes[at] == ':') {
            int digits = Ascii.skipSpace(bytes, at + 1, end);
            at = digits;
            while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
                at++;
            }
            port = (int) Ascii.parseNumber(bytes, digits, at, 65535);
            if (port < 0) {
                return null;
            }
            sentByEnd = at;
            at = Ascii.skipSpace(bytes, at, end);
        }
        int tail = Parameters.tailEnd(bytes, at, end);
        if (tail < 0) {
            return null;
        }
        int[] transport = {transportStart, transportEnd};
        return new Via(bytes, transport, new int[] {hostStart, hostEnd}, port, sentByEnd, at, tail);
    }

    private static int literal(byte[] bytes, int start, int end, String text) {
        if (start < 0 || end - start < text.length()) {
            return -1;
        }
        int stop = start + text.length();
        return Ascii.equalsIgnoreCase(bytes, start, stop, text) ? stop : -1;
    }

    private static int tokenEnd(byte[] bytes, int start, int end) {
        int at = start;
        while (at >= 0 && at < end && Ascii.isToken(bytes[at])) {
            at++;
        }
        return at > start ? at : -1;
    }

    private static int slash(byte[] bytes, int start, int end) {
        int at = start < 0 ? end : Ascii.skipSpace(bytes, start, end);
        return at < end && bytes[at] == '/' ? Ascii.skipSpace(bytes, at + 1, end) : -1;
    }

    private static int hostEnd(byte[] bytes, int start, int end) {
        if (start < end && bytes[start] == '[') {
            int close = Ascii.indexOf(bytes, start, end, ']');
            return close < end && Ascii.isIpv6Reference(bytes, start, close + 1) ? close + 1 : -1;
        }
        int at = start;
        while (at < end && bytes[at] != ':' && bytes[at] != ';' && bytes[at] != ',' && !Ascii.isSpace(bytes[at])) {
            at++;
        }
        return Ascii.isHost(bytes, start, at) ? at : -1;
    }

    public String transport() {
        return Ascii.text(bytes, transportStart, transportEnd);
    }

    /** Whether the transport is UDP. */
    public boolean isUdp() {
        return Ascii.equalsIgnoreCase(bytes, transportStart, transportEnd, "udp");
    }

    public int hostStart() {
        return hostStart;
    }

    public int hostEnd() {
        return hostEnd;
    }

    public String host() {
        return Ascii.text(bytes, hostStart, hostEnd);
    }

    /** The port of sent-by, 0 to 65535, or {@link #NO_PORT}. */
    public int port() {
        return port;
    }

    /** The position after host and port, before the parameters. */
    public int sentByEnd() {
        return sentByEnd;
    }

    /** The range of a parameter's value; {@link Parameters#ABSENT} without the parameter. Name in lower case. */
    public long parameter(String name) {
        return Parameters.find(bytes, parameters, end, name);
    }

    /** The range of the branch; {@link Parameters#ABSENT} if there is none. */
    long branch() {
        if (branch == UNREAD) {
            branch = parameter("branch");
        }
        return branch;
    }

    public String parameterText(String name) {
        long range = parameter(name);
        return range == Parameters.ABSENT ? null : Ascii.text(bytes, Parameters.start(range), Parameters.end(range));
    }

    /** The position of the first semicolon, or {@link #end()} if there are no parameters. */
    public int parameters() {
        return parameters;
    }

    /** The end of this value: the comma before the next value, or the end of the header field's value. */
    public int end() {
        return end;
    }

    byte[] bytes() {
        return bytes;
    }
}
