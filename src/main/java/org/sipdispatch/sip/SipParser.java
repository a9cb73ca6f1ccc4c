package org.sipdispatch.sip;

/**
 * Parses bytes into a request, a response or a failure. The parser indexes all header lines but checks only what a
 * proxy uses (RFC 3261 section 16.3): start line, Via, From, To, Call-ID, CSeq, Max-Forwards and Content-Length.
 */
public final class SipParser {
    /** A message with more header lines is treated as an attack. */
    static final int MOST_HEADERS = 1_000;

    private static final int MOST_ADDED = 16;

    private static final String STRAY = "Stray CR, LF Or NUL";

    private static final HeaderName[] MANDATORY = {
        HeaderName.FROM, HeaderName.TO, HeaderName.CALL_ID, HeaderName.CSEQ,
    };

    private SipParser() {}

    /**
     * Parses a request that this proxy has written itself. It may have {@value #MOST_ADDED} header lines more than one
     * that arrives, because the proxy adds header lines.
     */
    public static SipRequest parseOwnRequest(byte[] bytes) {
        return (SipRequest) parseOwn(bytes);
    }

    /** Parses a request or response that this proxy has written itself; see {@link #parseOwnRequest}. */
    public static ParseResult parseOwn(byte[] bytes) {
        return parse(bytes, 0, bytes.length, MOST_HEADERS + MOST_ADDED);
    }

    /** Parses one message of at most {@code length} bytes; bytes after Content-Length are ignored. */
    public static ParseResult parse(byte[] bytes, int offset, int length) {
        return parse(bytes, offset, length, MOST_HEADERS);
    }

    private static ParseResult parse(byte[] bytes, int offset, int length, int mostHeaders) {
        int end = offset + length;
        int start = offset;
        while (start < end && (bytes[start] == '\r' || bytes[start] == '\n')) {
            start++;
        }
        int feed = lineFeed(bytes, start, end);
        int lineEnd = feed < 0 ? ~feed : feed;
        if (lineEnd == end) {
            return ParseFailure.dropped("no start line");
        }
        int textEnd = lineEnd > start && bytes[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        if (isStatusLine(bytes, start, textEnd)) {
            return feed < 0
                    ? ParseFailure.dropped(STRAY)
                    : response(bytes, start, end, textEnd, lineEnd + 1, mostHeaders);
        }
        return request(bytes, start, end, textEnd, feed, mostHeaders);
    }

    /**
     * The position of the line feed that ends a line, {@code end} if there is none. The result is the complement of the
     * position if the line contains a lone CR or LF, or a NUL. RFC 3261 section 25.1 forbids these outside of bodies,
     * except NUL in a quoted pair, see {@link StrayBytes}; a receiver that interprets them differently would see other
     * header fields.
     */
    private static int lineFeed(byte[] bytes, int start, int end) {
        boolean stray = false;
        for (int at = Ascii.skipAbove(bytes, start, end, '\r'); at < end; at++) {
            byte b = bytes[at];
            // Almost no byte of a line is this small, so all others cost one comparison.
            if (b <= '\r') {
                if (b == '\n') {
                    return stray || at == start || bytes[at - 1] != '\r' ? ~at : at;
                }
                stray |= b == 0 || b == '\r' && (at + 1 == end || bytes[at + 1] != '\n');
            }
        }
        return stray ? ~end : end;
    }

    private static boolean isStatusLine(byte[] bytes, int start, int end) {
        return end - start >= 4 && Ascii.equalsIgnoreCase(bytes, start, start + 4, "sip/");
    }

    private static ParseResult response(byte[] bytes, int start, int end, int lineEnd, int headers, int mostHeaders) {
        int code = start + 8;
        if (lineEnd - start < 11
                || !Ascii.equalsIgnoreCase(bytes, start, code, "sip/2.0 ")
                || lineEnd > code + 3 && bytes[code + 3] != ' ') {
            return ParseFailure.dropped("malformed status line");
        }
        int status = (int) Ascii.parseNumber(bytes, code, code + 3, 699);
        if (status < 100) {
            return ParseFailure.dropped("malformed status code");
        }
        SipResponse response = new SipResponse(bytes, start, end, status);
        String flaw = index(response, headers, mostHeaders);
        if (flaw == null) {
            flaw = sharedFieldsError(response);
        }
        return flaw == null ? response : ParseFailure.dropped(flaw);
    }

    /** {@code feed} is the result of {@link #lineFeed} for the start line. */
    private static ParseResult request(byte[] bytes, int start, int end, int lineEnd, int feed, int mostHeaders) {
        int methodEnd = Ascii.indexOf(bytes, start, lineEnd, ' ');
        int uriStart = Math.min(methodEnd + 1, lineEnd);
        int uriEnd = lineEnd;
        while (uriEnd > uriStart && bytes[uriEnd - 1] != ' ') {
            uriEnd--;
        }
        int version = uriEnd;
        uriEnd = Math.max(uriStart, uriEnd - 1);
        SipRequest request = new SipRequest(bytes, start, end, methodEnd, uriStart, uriEnd);
        request.hasStrayBytes = feed < 0;
        String flaw = index(request, (feed < 0 ? ~feed : feed) + 1, mostHeaders);
        if (flaw != null) {
            return failure(request, 400, flaw);
        }
        if (!Ascii.isToken(bytes, start, methodEnd)) {
            return failure(request, 400, "Malformed Method");
        }
        if (!Ascii.equalsIgnoreCase(bytes, version, lineEnd, "sip/2.0")) {
            boolean otherVersion = isStatusLine(bytes, version, lineEnd);
            return failure(
                    request, otherVersion ? 505 : 400, otherVersion ? "Version Not Supported" : "Bad Start Line");
        }
        return checked(request);
    }

    private static ParseResult checked(SipRequest request) {
        String flaw = sharedFieldsError(request);
        if (flaw != null) {
            return failure(request, 400, flaw);
        }
        int cseqMethod = request.cseqMethod();
        byte[] bytes = request.bytes;
        int length = request.methodEnd() - request.start;
        int cseqEnd = request.valueEnd(request.first(HeaderName.CSEQ));
        if (cseqEnd - cseqMethod != length
                || !java.util.Arrays.equals(bytes, cseqMethod, cseqEnd, bytes, request.start, request.methodEnd())) {
            return failure(request, 400, "CSeq Method Mismatch");
        }
        if (request.first(HeaderName.MAX_FORWARDS) >= 0 && request.maxForwards() < 0) {
            return failure(request, 400, "Bad Max-Forwards");
        }
        SipUri uri = request.requestUri();
        if (uri == null || uri.hasHeaders()) {
            return failure(request, 400, "Bad Request-URI");
        }
        return request;
    }

    /**
     * An ACK gets no response. Neither does a request whose response could not be routed or matched to a transaction,
     * which takes a Via and a CSeq (RFC 3261 section 17.1.3), or would repeat the stray bytes.
     */
    private static ParseFailure failure(SipRequest request, int code, String reason) {
        boolean answerable =
                !request.isMethod("ACK") && request.topVia() != null && request.first(HeaderName.CSEQ) >= 0;
        for (HeaderName name : MANDATORY) {
            answerable = answerable && isClean(request, name);
        }
        answerable = answerable && isClean(request, HeaderName.VIA);
        return answerable ? new ParseFailure(code, reason, request) : ParseFailure.dropped(reason);
    }

    private static boolean isClean(SipRequest request, HeaderName name) {
        for (int i = request.first(name); request.hasStrayBytes && i >= 0; i = request.next(name, i + 1)) {
            if (StrayBytes.in(request.bytes, request.lineStart(i), request.valueEnd(i))) {
                return false;
            }
        }
        return true;
    }

    /** What is wrong with the header fields that requests and responses share; null if nothing is. */
    private static String sharedFieldsError(SipMessage message) {
        if (message.topVia() == null) {
            return message.first(HeaderName.VIA) < 0 ? "Missing Via" : "Bad Via";
        }
        for (HeaderName name : MANDATORY) {
            int first = message.first(name);
            if (first < 0 || message.valueStart(first) == message.valueEnd(first)) {
                return "Missing " + shown(name);
            }
            if (message.count(name) > 1) {
                return "More Than One " + shown(name);
            }
        }
        if (!isSingleAddress(message, HeaderName.FROM, message.from())) {
            return "Bad From";
        }
        if (!isSingleAddress(message, HeaderName.TO, message.to())) {
            return "Bad To";
        }
        if (message.cseqNumber() < 0 || message.cseqMethod() < 0) {
            return "Bad CSeq";
        }
        if (message.count(HeaderName.MAX_FORWARDS) > 1) {
            return "More Than One Max-Forwards";
        }
        return body(message);
    }

    private static String shown(HeaderName mandatory) {
        return switch (mandatory) {
            case FROM -> "From";
            case TO -> "To";
            case CALL_ID -> "Call-ID";
            default -> "CSeq";
        };
    }

    /** From and To hold one address. In a list, or a bare URI with a comma, it is not clear which tag is meant. */
    private static boolean isSingleAddress(SipMessage message, HeaderName name, NameAddr address) {
        return address != null && address.end() == message.valueEnd(message.first(name));
    }

    /** RFC 3261 section 18.3: a body shorter than Content-Length is an error, the bytes after it are discarded. */
    private static String body(SipMessage message) {
        int header = message.first(HeaderName.CONTENT_LENGTH);
        if (header < 0) {
            return null;
        }
        if (message.count(HeaderName.CONTENT_LENGTH) > 1) {
            return "More Than One Content-Length";
        }
        int length = message.end - message.bodyStart;
        long declared = Ascii.parseNumber(
                message.bytes, message.valueStart(header), message.valueEnd(header), Integer.MAX_VALUE);
        if (declared < 0) {
            return "Bad Content-Length";
        }
        if (declared > length) {
            return "Body Shorter Than Content-Length";
        }
        message.end = message.bodyStart + (int) declared;
        return null;
    }

    /** Indexes the header lines; returns what is wrong, or null. */
    private static String index(SipMessage message, int firstHeader, int mostHeaders) {
        byte[] bytes = message.bytes;
        int end = message.end;
        int at = firstHeader;
        message.firstHeader = firstHeader;
        message.headersEnd = firstHeader;
        message.bodyStart = end;
        while (at < end) {
            byte b = bytes[at];
            if (b == '\n' || b == '\r' && at + 1 < end && bytes[at + 1] == '\n') {
                message.bodyStart = b == '\n' ? at + 1 : at + 2;
                return message.hasStrayBytes || b == '\n' ? STRAY : null;
            }
            int next = header(message, at, end);
            if (next < 0) {
                return "Malformed Header Line";
            }
            if (message.headers() > mostHeaders) {
                return "Too Many Header Fields";
            }
            at = next;
            message.headersEnd = at;
        }
        return "No Empty Line After The Header Fields";
    }

    /** Indexes one header line; returns the position after it, or -1. */
    private static int header(SipMessage message, int start, int end) {
        byte[] bytes = message.bytes;
        int at = start;
        while (at < end && Ascii.isToken(bytes[at])) {
            at++;
        }
        int nameEnd = at;
        while (at < end && Ascii.isBlank(bytes[at])) {
            at++;
        }
        if (nameEnd == start || at >= end || bytes[at] != ':') {
            return -1;
        }
        int valueStart = ++at;
        boolean suspicious = false;
        do {
            int feed = lineFeed(bytes, at, end);
            if (feed < 0) {
                suspicious = true;
                feed = ~feed;
            }
            if (feed == end) {
                return -1;
            }
            at = feed + 1;
        } while (at < end && Ascii.isBlank(bytes[at]));
        message.hasStrayBytes |= suspicious && StrayBytes.in(bytes, start, at);
        valueStart = Ascii.skipSpace(bytes, valueStart, at);
        int valueEnd = Ascii.trimEnd(bytes, valueStart, at);
        message.addHeader(HeaderName.of(bytes, start, nameEnd), start, nameEnd, valueStart, valueEnd);
        return at;
    }
}
