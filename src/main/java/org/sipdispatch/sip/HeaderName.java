package org.sipdispatch.sip;

/** The header fields that a proxy reads, with their compact forms (RFC 3261 section 20). All others remain bytes. */
public enum HeaderName {
    VIA("via", 'v'),
    FROM("from", 'f'),
    TO("to", 't'),
    CALL_ID("call-id", 'i'),
    CSEQ("cseq", '\0'),
    MAX_FORWARDS("max-forwards", '\0'),
    CONTENT_LENGTH("content-length", 'l'),
    CONTACT("contact", 'm'),
    ROUTE("route", '\0'),
    RECORD_ROUTE("record-route", '\0'),
    REQUIRE("require", '\0'),
    PROXY_REQUIRE("proxy-require", '\0'),
    AUTHORIZATION("authorization", '\0'),
    PROXY_AUTHORIZATION("proxy-authorization", '\0'),
    USER_AGENT("user-agent", '\0'),
    OTHER("", '\0');

    private static final HeaderName[] BY_ORDINAL = values();

    private final String lowerCase;
    private final char compact;

    HeaderName(String lowerCase, char compact) {
        this.lowerCase = lowerCase;
        this.compact = compact;
    }

    /** The name in lower case. */
    public String text() {
        return lowerCase;
    }

    static HeaderName of(byte[] bytes, int start, int end) {
        if (end - start == 1) {
            return compact(Ascii.lower(bytes[start]));
        }
        int first = end > start ? Ascii.lower(bytes[start]) : 0;
        for (HeaderName name : BY_ORDINAL) {
            if (name != OTHER
                    && name.lowerCase.charAt(0) == first
                    && Ascii.equalsIgnoreCase(bytes, start, end, name.lowerCase)) {
                return name;
            }
        }
        return OTHER;
    }

    private static HeaderName compact(int letter) {
        for (HeaderName name : BY_ORDINAL) {
            if (name.compact == letter && letter != 0) {
                return name;
            }
        }
        return OTHER;
    }
}
