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
    private static final int LETTERS = 32;
    /** The one name of each length and last letter. */
    private static final HeaderName[] BY_LENGTH_AND_LAST = byLengthAndLast();

    private final String lowerCase;
    private final byte[] lowerCaseBytes;
    private final char compact;

    HeaderName(String lowerCase, char compact) {
        this.lowerCase = lowerCase;
        this.lowerCaseBytes = Ascii.bytes(lowerCase);
        this.compact = compact;
    }

    private static HeaderName[] byLengthAndLast() {
        int longest = 0;
        for (HeaderName name : BY_ORDINAL) {
            longest = Math.max(longest, name.lowerCaseBytes.length);
        }
        HeaderName[] names = new HeaderName[(longest + 1) * LETTERS];
        for (HeaderName name : BY_ORDINAL) {
            int length = name.lowerCaseBytes.length;
            int at = length == 0 ? 0 : slot(length, name.lowerCaseBytes[length - 1]);
            if (names[at] != null) {
                throw new IllegalStateException(name + " and " + names[at] + " have the same length and last letter");
            }
            names[at] = name;
        }
        return names;
    }

    private static int slot(int length, byte last) {
        return length * LETTERS + (last & LETTERS - 1);
    }

    /** The name in lower case. */
    public String text() {
        return lowerCase;
    }

    static HeaderName of(byte[] bytes, int start, int end) {
        if (end - start == 1) {
            return compact(Ascii.lower(bytes[start]));
        }
        int slot = end > start ? slot(end - start, bytes[end - 1]) : 0;
        HeaderName name = slot < BY_LENGTH_AND_LAST.length ? BY_LENGTH_AND_LAST[slot] : null;
        return name != null && name.isWrittenAt(bytes, start) ? name : OTHER;
    }

    private boolean isWrittenAt(byte[] bytes, int start) {
        byte[] wanted = lowerCaseBytes;
        for (int i = 0; i < wanted.length; i++) {
            if (Ascii.lower(bytes[start + i]) != wanted[i]) {
                return false;
            }
        }
        return true;
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
