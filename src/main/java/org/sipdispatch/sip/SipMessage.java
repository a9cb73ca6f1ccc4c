package org.sipdispatch.sip;

import java.util.Arrays;

/**
 * A message as it arrived: its bytes and an index of its header fields. Nothing is copied, and each part is decoded
 * only on demand. The bytes are shared with the receiver and must not be modified.
 */
public abstract class SipMessage {
    private static final HeaderName[] NAMES = HeaderName.values();
    private static final int STRIDE = 5;
    private static final int COUNT_SHIFT = 16;
    private static final int UNREAD = -2;

    final byte[] bytes;
    final int start;
    int firstHeader;
    int headersEnd;
    int bodyStart;
    int end;
    /** Whether there is a lone CR or LF, or a NUL, before the body. */
    boolean hasStrayBytes;

    /**
     * First a slot for each name: the index of its first header field plus one in the lowest 16 bits, and the number of
     * its header fields above. Then five positions for each header field.
     */
    private int[] index = new int[NAMES.length + STRIDE * 14];

    private int headers;
    private Via topVia;
    private NameAddr from;
    private NameAddr to;
    private int cseqMethod = UNREAD;

    SipMessage(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
    }

    void addHeader(HeaderName name, int nameStart, int nameEnd, int valueStart, int valueEnd) {
        int at = at(headers);
        if (at + STRIDE > index.length) {
            index = Arrays.copyOf(index, at * 2);
        }
        int slot = name.ordinal();
        if (index[slot] == 0) {
            index[slot] = headers + 1;
        }
        index[slot] += 1 << COUNT_SHIFT;
        index[at] = slot;
        index[at + 1] = nameStart;
        index[at + 2] = nameEnd;
        index[at + 3] = valueStart;
        index[at + 4] = valueEnd;
        headers++;
    }

    private static int at(int header) {
        return NAMES.length + header * STRIDE;
    }

    /** The array that contains this message, from {@link #start()} to {@link #end()}. */
    public byte[] bytes() {
        return bytes;
    }

    public int start() {
        return start;
    }

    /** The position of the first header line, after the start line. */
    public int firstHeader() {
        return firstHeader;
    }

    /** The position of the body, after the empty line. */
    public int bodyStart() {
        return bodyStart;
    }

    /** The position after the last byte of the body. */
    public int end() {
        return end;
    }

    public int headers() {
        return headers;
    }

    public HeaderName name(int header) {
        return NAMES[index[at(header)]];
    }

    public int lineStart(int header) {
        return index[at(header) + 1];
    }

    /** The position after the line break of the header line, folded lines included. */
    public int lineEnd(int header) {
        return header + 1 < headers ? lineStart(header + 1) : headersEnd;
    }

    public int nameEnd(int header) {
        return index[at(header) + 2];
    }

    /** The position of the value, without the white space around it. */
    public int valueStart(int header) {
        return index[at(header) + 3];
    }

    public int valueEnd(int header) {
        return index[at(header) + 4];
    }

    /** The index of the first header field of this name, or -1. */
    public int first(HeaderName name) {
        return (index[name.ordinal()] & (1 << COUNT_SHIFT) - 1) - 1;
    }

    /** The index of the first header field of this name at or after index {@code from}, or -1. */
    public int next(HeaderName name, int from) {
        int wanted = name.ordinal();
        for (int i = from, at = at(from); i < headers; i++, at += STRIDE) {
            if (index[at] == wanted) {
                return i;
            }
        }
        return -1;
    }

    public int count(HeaderName name) {
        return index[name.ordinal()] >>> COUNT_SHIFT;
    }

    /** Compares a header field's name case-insensitively; for names that {@link HeaderName} does not define. */
    public boolean isNamed(int header, String name) {
        return Ascii.equalsIgnoreCase(bytes, lineStart(header), nameEnd(header), name);
    }

    /** The value of a header field, folded lines included. */
    public String valueText(int header) {
        return Ascii.text(bytes, valueStart(header), valueEnd(header));
    }

    /** The value of the first header field of this name, folded lines included; null if there is none. */
    public String text(HeaderName name) {
        int header = first(name);
        return header < 0 ? null : Ascii.text(bytes, valueStart(header), valueEnd(header));
    }

    /** The value of the first header field of this name, in any case; null if there is none. */
    public String text(String name) {
        byte[] wanted = Ascii.bytes(name);
        HeaderName known = HeaderName.of(wanted, 0, wanted.length);
        if (known != HeaderName.OTHER) {
            return text(known);
        }
        for (int i = first(known); i >= 0; i = next(known, i + 1)) {
            if (Ascii.equalsIgnoreCase(bytes, lineStart(i), nameEnd(i), wanted)) {
                return Ascii.text(bytes, valueStart(i), valueEnd(i));
            }
        }
        return null;
    }

    /** The topmost Via; null if it is absent or malformed. */
    public Via topVia() {
        if (topVia == null) {
            int header = first(HeaderName.VIA);
            topVia = header < 0 ? null : Via.parse(bytes, valueStart(header), valueEnd(header));
        }
        return topVia;
    }

    /** The From header field; null if it is absent or malformed. */
    public NameAddr from() {
        if (from == null) {
            from = nameAddr(HeaderName.FROM);
        }
        return from;
    }

    /** The To header field; null if it is absent or malformed. */
    public NameAddr to() {
        if (to == null) {
            to = nameAddr(HeaderName.TO);
        }
        return to;
    }

    private NameAddr nameAddr(HeaderName name) {
        int header = first(name);
        return header < 0 ? null : NameAddr.parse(bytes, valueStart(header), valueEnd(header));
    }

    /** The sequence number of CSeq, 0 to 2^31-1 (RFC 3261 section 8.1.1.5); -1 if it is malformed. */
    public long cseqNumber() {
        int header = first(HeaderName.CSEQ);
        if (header < 0) {
            return -1;
        }
        int digits = valueStart(header);
        int digitsEnd = digits;
        while (digitsEnd < valueEnd(header) && !Ascii.isSpace(bytes[digitsEnd])) {
            digitsEnd++;
        }
        return Ascii.parseNumber(bytes, digits, digitsEnd, Integer.MAX_VALUE);
    }

    /** The position of the method in CSeq, which extends to the end of the value; -1 if there is none. */
    int cseqMethod() {
        if (cseqMethod == UNREAD) {
            cseqMethod = findCseqMethod();
        }
        return cseqMethod;
    }

    private int findCseqMethod() {
        int header = first(HeaderName.CSEQ);
        int at = header < 0 ? -1 : valueStart(header);
        while (header >= 0 && at < valueEnd(header) && !Ascii.isSpace(bytes[at])) {
            at++;
        }
        int method = header < 0 ? -1 : Ascii.skipSpace(bytes, at, valueEnd(header));
        return header < 0 || method == valueEnd(header) ? -1 : method;
    }

    /** The method in CSeq; null if CSeq is malformed. */
    public String cseqMethodText() {
        int method = cseqMethod();
        return method < 0 ? null : Ascii.text(bytes, method, valueEnd(first(HeaderName.CSEQ)));
    }

    public boolean cseqMethodIs(String method) {
        int at = cseqMethod();
        return at >= 0 && Ascii.equals(bytes, at, valueEnd(first(HeaderName.CSEQ)), method);
    }

    @Override
    public String toString() {
        return Ascii.text(bytes, start, end);
    }
}
