package org.sipdispatch.sip;

/**
 * A SIP or SIPS URI (RFC 3261 section 19.1), or a partly parsed URI with another scheme. Text keeps its case and its
 * escapes, because hashing and forwarding need it unchanged.
 */
public final class SipUri {
    /** The result of {@link #port()} if the URI has no port. */
    public static final int NO_PORT = -1;

    /** The schemes that the proxy distinguishes. */
    public enum Scheme {
        SIP,
        SIPS,
        TEL,
        OTHER
    }

    private final byte[] bytes;
    private final int start;
    private final int end;
    private final Scheme scheme;
    private int userStart;
    private int userEnd;
    private int userInfoEnd;
    private int hostStart;
    private int hostEnd;
    private int port = NO_PORT;
    private int parameters;
    private int headers;

    private SipUri(byte[] bytes, int start, int end, Scheme scheme) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
        this.scheme = scheme;
    }

    public static SipUri parse(String text) {
        byte[] bytes = Ascii.bytes(text);
        return parse(bytes, 0, bytes.length);
    }

    /** Parses the URI in a range; null if it is malformed. */
    public static SipUri parse(byte[] bytes, int start, int end) {
        int colon = start;
        while (colon < end && isSchemeCharacter(bytes[colon])) {
            colon++;
        }
        if (colon == start || colon >= end || bytes[colon] != ':') {
            return null;
        }
        SipUri uri = new SipUri(bytes, start, end, scheme(bytes, start, colon));
        return uri.split(colon + 1) ? uri : null;
    }

    private static boolean isSchemeCharacter(byte b) {
        return Ascii.isToken(b) && b != '%' && b != '*' && b != '_' && b != '`' && b != '\'' && b != '~' && b != '!';
    }

    private static Scheme scheme(byte[] bytes, int start, int end) {
        if (Ascii.equalsIgnoreCase(bytes, start, end, "sip")) {
            return Scheme.SIP;
        }
        if (Ascii.equalsIgnoreCase(bytes, start, end, "sips")) {
            return Scheme.SIPS;
        }
        return Ascii.equalsIgnoreCase(bytes, start, end, "tel") ? Scheme.TEL : Scheme.OTHER;
    }

    private boolean split(int rest) {
        for (int i = rest; i < end; i++) {
            byte b = bytes[i];
            if (b >= 0 && b <= ' ' || b == '<' || b == '>' || b == '"') {
                return false;
            }
        }
        hostStart = hostEnd = userStart = userEnd = userInfoEnd = rest;
        parameters = headers = end;
        if (scheme == Scheme.TEL) {
            userEnd = parameters = Ascii.indexOf(bytes, rest, end, ';');
            hostStart = hostEnd = userInfoEnd = userEnd;
            return userEnd > rest;
        }
        return scheme == Scheme.OTHER ? rest < end : splitSip(rest);
    }

    private boolean splitSip(int rest) {
        int at = Ascii.indexOf(bytes, rest, end, '@');
        hostStart = rest;
        if (at < end) {
            userEnd = Ascii.indexOf(bytes, rest, at, ':');
            userInfoEnd = at;
            hostStart = at + 1;
            if (userEnd == rest) {
                return false;
            }
        }
        if (hostStart < end && bytes[hostStart] == '[') {
            hostEnd = Ascii.indexOf(bytes, hostStart, end, ']') + 1;
            if (hostEnd > end || !Ascii.isIpv6Reference(bytes, hostStart, hostEnd)) {
                return false;
            }
        } else {
            hostEnd = hostStart;
            while (hostEnd < end && bytes[hostEnd] != ':' && bytes[hostEnd] != ';' && bytes[hostEnd] != '?') {
                hostEnd++;
            }
            if (!Ascii.isHost(bytes, hostStart, hostEnd)) {
                return false;
            }
        }
        return splitTail();
    }

    private boolean splitTail() {
        int at = hostEnd;
        if (at < end && bytes[at] == ':') {
            int digitsEnd = at + 1;
            while (digitsEnd < end && bytes[digitsEnd] != ';' && bytes[digitsEnd] != '?') {
                digitsEnd++;
            }
            port = (int) Ascii.parseNumber(bytes, at + 1, digitsEnd, 65535);
            if (port < 0) {
                return false;
            }
            at = digitsEnd;
        }
        headers = Ascii.indexOf(bytes, at, end, '?');
        parameters = Math.min(Ascii.indexOf(bytes, at, end, ';'), headers);
        return at == end || bytes[at] == ';' || bytes[at] == '?';
    }

    public byte[] bytes() {
        return bytes;
    }

    public int start() {
        return start;
    }

    public int end() {
        return end;
    }

    public Scheme scheme() {
        return scheme;
    }

    public boolean isSip() {
        return scheme == Scheme.SIP || scheme == Scheme.SIPS;
    }

    /** The user part as written, without the password; the number of a tel URI. May be empty. */
    public String user() {
        return Ascii.text(bytes, userStart, userEnd);
    }

    public int userStart() {
        return userStart;
    }

    public int userEnd() {
        return userEnd;
    }

    public boolean hasPassword() {
        return userInfoEnd > userEnd;
    }

    /** The host as written, an IPv6 address with its brackets. Empty for schemes other than sip and sips. */
    public String host() {
        return Ascii.text(bytes, hostStart, hostEnd);
    }

    public int hostStart() {
        return hostStart;
    }

    public int hostEnd() {
        return hostEnd;
    }

    /** The port, 0 to 65535, or {@link #NO_PORT}. */
    public int port() {
        return port;
    }

    /** The position after host and port, before parameters and headers. */
    public int hostPortEnd() {
        return Math.min(parameters, headers);
    }

    /** The {@code ;name=value} part with its leading semicolon; empty if there is none. */
    public String parametersText() {
        return Ascii.text(bytes, parameters, headers);
    }

    public int parametersEnd() {
        return headers;
    }

    public boolean hasHeaders() {
        return headers < end;
    }

    /** The range of a URI parameter's value; {@link Parameters#ABSENT} without the parameter. Name in lower case. */
    public long parameter(String name) {
        return Parameters.find(bytes, parameters, headers, name);
    }

    public String parameterText(String name) {
        long range = parameter(name);
        return range == Parameters.ABSENT ? null : Ascii.text(bytes, Parameters.start(range), Parameters.end(range));
    }

    /**
     * The transport of traffic to this URI, in lower case: the transport parameter, else udp. For sips it is tls, also
     * with {@code transport=tcp} (RFC 3261 section 26.2.2), or wss.
     */
    public String transport() {
        long range = parameter("transport");
        if (scheme == Scheme.SIPS) {
            return range != Parameters.ABSENT
                            && Parameters.end(range) > Parameters.start(range)
                            && (bytes[Parameters.start(range)] | 0x20) == 'w'
                    ? "wss"
                    : "tls";
        }
        if (range == Parameters.ABSENT) {
            return "udp";
        }
        if (Ascii.equalsIgnoreCase(bytes, Parameters.start(range), Parameters.end(range), "tcp")) {
            return "tcp";
        }
        return Ascii.text(bytes, Parameters.start(range), Parameters.end(range)).toLowerCase(java.util.Locale.ROOT);
    }

    /** The port to use if the URI has none: 5060, for TLS 5061, for WebSocket 80 and 443. */
    public int defaultPort() {
        return switch (transport()) {
            case "tls" -> 5061;
            case "ws" -> 80;
            case "wss" -> 443;
            default -> 5060;
        };
    }

    @Override
    public String toString() {
        return Ascii.text(bytes, start, end);
    }
}
