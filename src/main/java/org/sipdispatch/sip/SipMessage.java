package org.sipdispatch.sip;

import java.util.Arrays;

/**
 * A message as it came: its bytes and an index of its header fields. Nothing is copied and nothing is decoded before
 * it is asked for. Immutable as long as nobody writes into the bytes; the bytes are shared with the receiver.
 */
public abstract class SipMessage {
    private static final HeaderName[] NAMES = HeaderName.values();
    private static final int STRIDE = 5;

    final byte[] bytes;
    final int start;
    int firstHeader;
    int headersEnd;
    int bodyStart;
    int end;
    /** Whether a CR or LF stands alone before the body, or a NUL stands there. */
    boolean stray;

    private int[] index = new int[STRIDE * 14];
    private int headers;
    private Via topVia;
    private NameAddr from;
    private NameAddr to;

    SipMessage(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
    }

    void addHeader(HeaderName name, int nameStart, int nameEnd, int valueStart, int valueEnd) {
        int at = headers * STRIDE;
        if (at == index.length) {
            index = Arrays.copyOf(index, at * 2);
        }
        index[at] = name.ordinal();
        index[at + 1] = nameStart;
        index[at + 2] = nameEnd;
        index[at + 3] = valueStart;
        index[at + 4] = valueEnd;
        headers++;
    }

    /** The bytes that hold this message, from {@link #start()} to {@link #end()}. */
    public byte[] bytes() {
        return bytes;
    }

    public int start() {
        return start;
    }

    /** Where the first header line begins, behind the start line. */
    public int firstHeader() {
        return firstHeader;
    }

    /** Where the body begins, behind the empty line. */
    public int bodyStart() {
        return bodyStart;
    }

    /** Behind the last byte of the body. */
    public int end() {
        return end;
    }

    public int headers() {
        return headers;
    }

    public HeaderName name(int header) {
        return NAMES[index[header * STRIDE]];
    }

    /** Where the header line begins. */
    public int lineStart(int header) {
        return index[header * STRIDE + 1];
    }

    /** Where the line behind the header begins. */
    public int lineEnd(int header) {
        return header + 1 < headers ? lineStart(header + 1) : headersEnd;
    }

    public int nameEnd(int header) {
        return index[header * STRIDE + 2];
    }

    /** Where the value begins, surrounding white space left out. */
    public int valueStart(int header) {
        return index[header * STRIDE + 3];
    }

    public int valueEnd(int header) {
        return index[header * STRIDE + 4];
    }

    /** The first header field of that name, or -1. */
    public int first(HeaderName name) {
        return next(name, 0);
    }

    /** The first header field of that name at or behind {@code from}, or -1. */
    public int next(HeaderName name, int from) {
        int wanted = name.ordinal();
        for (int i = from, at = from * STRIDE; i < headers; i++, at += STRIDE) {
            if (index[at] == wanted) {
                return i;
            }
        }
        return -1;
    }

    public int count(HeaderName name) {
        int count = 0;
        for (int i = first(name); i >= 0; i = next(name, i + 1)) {
            count++;
        }
        return count;
    }

    /** Whether a header field has that name, in lower case; for those that {@link HeaderName} does not know. */
    public boolean isNamed(int header, String name) {
        return Ascii.equalsIgnoreCase(bytes, lineStart(header), nameEnd(header), name);
    }

    /** The value of a header field as text, folded lines and all; null if there is none. */
    public String text(HeaderName name) {
        int header = first(name);
        return header < 0 ? null : Ascii.text(bytes, valueStart(header), valueEnd(header));
    }

    /** The value of the first header field with that name, known or not, in any case; null if there is none. */
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

    /** The From header; null if it is absent or malformed. */
    public NameAddr from() {
        if (from == null) {
            from = nameAddr(HeaderName.FROM);
        }
        return from;
    }

    /** The To header; null if it is absent or malformed. */
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
        return Ascii.number(bytes, digits, digitsEnd, Integer.MAX_VALUE);
    }

    /** Where the method in CSeq begins; it ends where the value ends. -1 if there is none. */
    int cseqMethod() {
        int header = first(HeaderName.CSEQ);
        int at = header < 0 ? -1 : valueStart(header);
        while (header >= 0 && at < valueEnd(header) && !Ascii.isSpace(bytes[at])) {
            at++;
        }
        int method = header < 0 ? -1 : Ascii.skipSpace(bytes, at, valueEnd(header));
        return header < 0 || method == valueEnd(header) ? -1 : method;
    }

    /** The method that CSeq names, as text; null if CSeq is malformed. */
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
