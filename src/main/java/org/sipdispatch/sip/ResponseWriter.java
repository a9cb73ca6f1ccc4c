package org.sipdispatch.sip;

/** Writes the responses that the proxy generates itself (RFC 3261 section 8.2.6). Reused; not thread-safe. */
public final class ResponseWriter {
    private final ByteWriter out = new ByteWriter(2048);

    /**
     * The source address of a request, which completes its topmost Via (RFC 3261 section 18.2.1, RFC 3581).
     *
     * @param v6 the 16 bytes of an IPv6 address, because its text has many spellings; null for IPv4
     */
    public record RequestSource(String host, byte[] v6, int port) {}

    /**
     * Writes a response. The result is valid until the next call.
     *
     * @param toTag written as the To tag if the request has none and the code is above 100
     * @param extraHeaders complete header lines, each with its line break; may be empty
     */
    public ByteWriter write(
            SipRequest request, int code, String reason, RequestSource source, long toTag, String extraHeaders) {
        return write(request, code, reason, source, toTag, extraHeaders, "");
    }

    /**
     * The same with overload control.
     *
     * @param overload replaces the parameters of overload control of the topmost Via if that asks for it
     */
    public ByteWriter write(
            SipRequest request,
            int code,
            String reason,
            RequestSource source,
            long toTag,
            String extraHeaders,
            String overload) {
        out.clear()
                .put("SIP/2.0 ")
                .putNumber(code)
                .put(' ')
                .put(Ascii.bytes(reason))
                .put("\r\n");
        boolean top = true;
        for (int i = 0; i < request.headers(); i++) {
            switch (request.name(i)) {
                case VIA -> {
                    via(request, i, top, source, overload);
                    top = false;
                }
                case FROM, CALL_ID, CSEQ, TO -> copyOnce(request, i, code, toTag);
                default -> {}
            }
        }
        return out.put(Ascii.bytes(extraHeaders)).put("Content-Length: 0\r\n\r\n");
    }

    /** Copies the first header field of each name: a response has one, even if it rejects a request that had two. */
    private void copyOnce(SipRequest request, int header, int code, long toTag) {
        HeaderName name = request.name(header);
        if (request.first(name) != header) {
            return;
        }
        if (name == HeaderName.TO) {
            to(request, header, code, toTag);
        } else {
            line(request.bytes, request.lineStart(header), request.valueEnd(header));
        }
    }

    private void line(byte[] bytes, int start, int end) {
        out.put(bytes, start, end).put("\r\n");
    }

    private void via(SipRequest request, int header, boolean top, RequestSource source, String overload) {
        Via via = top ? request.topVia() : null;
        if (via == null) {
            line(request.bytes, request.lineStart(header), request.valueEnd(header));
            return;
        }
        out.put(request.bytes, request.lineStart(header), via.parameters());
        writeReceived(out, request, via, source, asksForOverload(via) ? overload : "");
        line(request.bytes, via.end(), request.valueEnd(header));
    }

    private void to(SipRequest request, int header, int code, long toTag) {
        out.put(request.bytes, request.lineStart(header), request.valueEnd(header));
        if (code > 100 && request.to() != null && !request.hasToTag()) {
            out.put(";tag=").putBase64(toTag, 11);
        }
        out.put("\r\n");
    }

    /**
     * Adds received and rport to the topmost Via of a forwarded request, unless both would add nothing to it.
     */
    public static void completeVia(MessageEditor rewriter, SipRequest request, RequestSource source) {
        Via via = request.topVia();
        boolean complete = via.parameter("rport") == Parameters.ABSENT
                && via.parameter("received") == Parameters.ABSENT
                && isSentBy(via, source);
        if (!complete) {
            writeReceived(rewriter.replace(via.parameters(), via.end()), request, via, source, "");
        }
    }

    /**
     * Writes a Via's parameters with received and rport as RFC 3261 section 18.2.1 and RFC 3581 section 4 require. A
     * received parameter from the sender is not trusted and is removed.
     */
    static void writeReceived(ByteWriter out, SipMessage message, Via via, RequestSource source, String overload) {
        byte[] bytes = message.bytes;
        boolean rport = false;
        int at = via.parameters();
        while (at < via.end() && bytes[at] == ';') {
            int next = Math.min(Parameters.nextTopLevel(bytes, at + 1, via.end()), via.end());
            if (isParameter(bytes, at, next, "rport")) {
                if (!rport) {
                    out.put(";rport=").putNumber(source.port());
                }
                rport = true;
            } else if (!isParameter(bytes, at, next, "received")
                    && (overload.isEmpty() || !isOverload(bytes, at, next))) {
                out.put(bytes, at, next);
            }
            at = next;
        }
        if (rport || !isSentBy(via, source)) {
            // The grammar of received has no brackets (RFC 5118 section 4.5).
            out.put(";received=").put(source.host());
        }
        out.put(overload);
        out.put(bytes, at, via.end());
    }

    /**
     * Whether the sender of a Via supports overload control and has not got an answer in it: RFC 7339 sections 4.1 and
     * 4.2.
     */
    private static boolean asksForOverload(Via via) {
        long oc = via.parameter("oc");
        return hasOverload(via) && Parameters.start(oc) == Parameters.end(oc);
    }

    /** Whether a Via has the parameters of a sender that supports overload control, with or without an answer. */
    public static boolean hasOverload(Via via) {
        return via.parameter("oc") != Parameters.ABSENT && via.parameter("oc-algo") != Parameters.ABSENT;
    }

    /**
     * Puts {@code overload} in place of all parameters of overload control of a Via of a forwarded response: an answer
     * in it is from further downstream and must not reach the sender (RFC 7339 section 5.4).
     */
    public static void putOverload(MessageEditor editor, Via via, String overload) {
        byte[] bytes = via.bytes();
        ByteWriter out = editor.replace(via.parameters(), via.end());
        int at = via.parameters();
        while (at < via.end() && bytes[at] == ';') {
            int next = Math.min(Parameters.nextTopLevel(bytes, at + 1, via.end()), via.end());
            if (!isOverload(bytes, at, next)) {
                out.put(bytes, at, next);
            }
            at = next;
        }
        out.put(overload).put(bytes, at, via.end());
    }

    private static boolean isOverload(byte[] bytes, int start, int end) {
        return isParameter(bytes, start, end, "oc")
                || isParameter(bytes, start, end, "oc-algo")
                || isParameter(bytes, start, end, "oc-validity")
                || isParameter(bytes, start, end, "oc-seq");
    }

    private static boolean isSentBy(Via via, RequestSource source) {
        byte[] bytes = via.bytes();
        return source.v6() == null
                ? Ascii.equals(bytes, via.hostStart(), via.hostEnd(), source.host())
                : bytes[via.hostStart()] == '['
                        && IpLiteral.isV6(bytes, via.hostStart() + 1, via.hostEnd() - 1, source.v6());
    }

    private static boolean isParameter(byte[] bytes, int start, int end, String name) {
        int nameStart = Ascii.skipSpace(bytes, start + 1, end);
        int nameEnd = nameStart;
        while (nameEnd < end && Ascii.isToken(bytes[nameEnd])) {
            nameEnd++;
        }
        return Ascii.equalsIgnoreCase(bytes, nameStart, nameEnd, name);
    }
}
