package org.sipdispatch.bench;

import java.nio.charset.StandardCharsets;

/** The header fields that callers and callees read or copy. Only the long names are known. */
enum Field {
    VIA("via:", true),
    FROM("from:", true),
    TO("to:", true),
    CALL_ID("call-id:", true),
    CSEQ("cseq:", true),
    RECORD_ROUTE("record-route:", true),
    CONTACT("contact:", false),
    CONTENT_LENGTH("content-length:", false);

    private static final Field[] ALL = values();

    private final byte[] start;
    private final boolean copied;

    Field(String start, boolean copied) {
        this.start = start.getBytes(StandardCharsets.US_ASCII);
        this.copied = copied;
    }

    /** Whether a response has the field of its request. */
    boolean isCopied() {
        return copied;
    }

    /** The number of bytes before the value, without blanks. */
    int length() {
        return start.length;
    }

    /** The field whose line begins here; null for any other. */
    static Field at(byte[] bytes, int line, int end) {
        for (Field field : ALL) {
            if (field.isAt(bytes, line, end)) {
                return field;
            }
        }
        return null;
    }

    boolean isAt(byte[] bytes, int line, int end) {
        if (end - line < start.length) {
            return false;
        }
        for (int i = 0; i < start.length; i++) {
            byte b = bytes[line + i];
            if ((b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b) != start[i]) {
                return false;
            }
        }
        return true;
    }
}
