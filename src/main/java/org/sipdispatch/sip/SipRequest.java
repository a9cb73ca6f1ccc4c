package org.sipdispatch.sip;

/** A request that passed the checks of {@link SipParser}. */
public final class SipRequest extends SipMessage implements ParseResult {
    private final int methodEnd;
    private final int uriStart;
    private final int uriEnd;
    private SipUri requestUri;

    SipRequest(byte[] bytes, int start, int end, int methodEnd, int uriStart, int uriEnd) {
        super(bytes, start, end);
        this.methodEnd = methodEnd;
        this.uriStart = uriStart;
        this.uriEnd = uriEnd;
    }

    public String method() {
        return Ascii.text(bytes, start, methodEnd);
    }

    /** Methods are case-sensitive (RFC 3261 section 7.1). */
    public boolean isMethod(String method) {
        return Ascii.equals(bytes, start, methodEnd, method);
    }

    int methodEnd() {
        return methodEnd;
    }

    public int uriStart() {
        return uriStart;
    }

    public int uriEnd() {
        return uriEnd;
    }

    /** The Request-URI as written. */
    public String uriText() {
        return Ascii.text(bytes, uriStart, uriEnd);
    }

    /** The Request-URI; null if it is malformed. A URI that is neither sip nor sips is only partly parsed. */
    public SipUri requestUri() {
        if (requestUri == null) {
            requestUri = SipUri.parse(bytes, uriStart, uriEnd);
        }
        return requestUri;
    }

    /** Max-Forwards, 0 to 255; -1 if it is absent or malformed. */
    public int maxForwards() {
        int header = first(HeaderName.MAX_FORWARDS);
        return header < 0 ? -1 : (int) Ascii.parseNumber(bytes, valueStart(header), valueEnd(header), 255);
    }

    /** Whether the To header field has a tag, which means that the request belongs to a dialog. */
    public boolean hasToTag() {
        return to() != null && to().hasTag();
    }
}
