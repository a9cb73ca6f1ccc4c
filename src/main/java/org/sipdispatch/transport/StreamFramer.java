package org.sipdispatch.transport;

import java.util.Arrays;

/**
 * Splits a TCP byte stream into SIP messages by Content-Length (RFC 3261 section 18.3) and skips the line breaks of
 * keep-alives (RFC 5626). Confined to its connection.
 */
final class StreamFramer {
    /** The result of {@link #next()}. */
    enum Frame {
        /** The message is not complete yet. */
        MORE,
        /** A complete message, see {@link StreamFramer#message}. */
        MESSAGE,
        /** A double line break, to be answered with a single one (RFC 5626 section 3.5.1). */
        PING,
        /** A message whose end cannot be determined; the bytes after it cannot be framed either. */
        BROKEN,
        /** A message larger than the limit. */
        TOO_LARGE
    }

    private static final int LEAST_GROWN = 512;
    private static final byte[] NOTHING = {};

    private final int maxMessageSize;
    private byte[] bytes = NOTHING;
    private int start;
    private int filled;
    private int scanned;
    private int end;
    /** The length of a message whose headers are complete; 0 if it is not known. */
    private int awaited;

    StreamFramer(int maxMessageSize) {
        this.maxMessageSize = maxMessageSize;
    }

    /** Appends bytes of the stream; the framer owns the array from now on. */
    void add(byte[] more) {
        if (start == filled) {
            bytes = more;
            filled = more.length;
            start = 0;
            scanned = 0;
            return;
        }
        if (start > 0) {
            System.arraycopy(bytes, start, bytes, 0, filled - start);
            filled -= start;
            scanned = Math.max(0, scanned - start);
            start = 0;
        }
        if (filled + more.length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(filled + more.length, Math.max(LEAST_GROWN, bytes.length * 2)));
        }
        System.arraycopy(more, 0, bytes, filled, more.length);
        filled += more.length;
    }

    /** Whether part of a message has arrived; keep-alives do not count. */
    boolean isMidMessage() {
        return filled > start && bytes[start] != '\r' && bytes[start] != '\n';
    }

    /** The bytes of the last frame; if it is broken or too large, only the part before the body. */
    byte[] message() {
        return Arrays.copyOfRange(bytes, start, end);
    }

    /** Removes the last frame from the stream; releases the buffer if nothing follows. */
    void consume() {
        start = end;
        scanned = end;
        awaited = 0;
        if (start == filled) {
            bytes = NOTHING;
            start = 0;
            filled = 0;
            scanned = 0;
        }
    }

    /** The size of the buffer, in bytes. */
    int capacity() {
        return bytes.length;
    }

    /** The next frame; unless it is MORE, call {@link #consume()} before the next call. */
    Frame next() {
        if (awaited > 0) {
            return whole();
        }
        int lineBreaks = lineBreaks();
        if (lineBreaks > 0) {
            return Frame.PING;
        }
        int body = bodyStart();
        if (body < 0) {
            end = filled;
            return filled - start > maxMessageSize ? Frame.TOO_LARGE : Frame.MORE;
        }
        long length = contentLength(start, body);
        if (length < 0) {
            end = body;
            return Frame.BROKEN;
        }
        if (body - start + length > maxMessageSize) {
            end = body;
            return Frame.TOO_LARGE;
        }
        awaited = body - start + (int) length;
        return whole();
    }

    private Frame whole() {
        end = start + awaited;
        return end > filled ? Frame.MORE : Frame.MESSAGE;
    }

    /** Skips line breaks before a message; above 0 if they include a complete keep-alive ping. */
    private int lineBreaks() {
        while (start < filled && (bytes[start] == '\r' || bytes[start] == '\n')) {
            boolean ping = filled - start >= 4
                    && bytes[start] == '\r'
                    && bytes[start + 1] == '\n'
                    && bytes[start + 2] == '\r'
                    && bytes[start + 3] == '\n';
            if (ping) {
                end = start + 4;
                return 2;
            }
            // The rest of a ping may not have arrived yet.
            if (filled - start < 4 && isPingStart()) {
                return 0;
            }
            start++;
            scanned = Math.max(scanned, start);
        }
        return 0;
    }

    private boolean isPingStart() {
        for (int i = start; i < filled; i++) {
            if (bytes[i] != ((i - start) % 2 == 0 ? '\r' : '\n')) {
                return false;
            }
        }
        return true;
    }

    /** The position after the empty line that ends the headers; -1 if it has not arrived. Scans each byte once. */
    private int bodyStart() {
        int at = Math.max(start, scanned - 3);
        for (; at < filled; at++) {
            if (bytes[at] == '\n'
                    && (at + 1 < filled && bytes[at + 1] == '\n'
                            || at + 2 < filled && bytes[at + 1] == '\r' && bytes[at + 2] == '\n')) {
                scanned = at;
                return bytes[at + 1] == '\n' ? at + 2 : at + 3;
            }
        }
        scanned = filled;
        return -1;
    }

    /** The value of Content-Length; 0 if there is none, -1 if it is malformed or contradictory. */
    private long contentLength(int from, int to) {
        long length = -2;
        int line = from;
        while (line < to) {
            int next = fieldEnd(line, to);
            int value = valueOfContentLength(line, next);
            if (value >= 0) {
                long declared = number(value, next);
                if (declared < 0 || length >= 0 && length != declared) {
                    return -1;
                }
                length = declared;
            }
            line = next;
        }
        return length == -2 ? 0 : length;
    }

    /** The position after the header field at {@code line}, folded lines included. */
    private int fieldEnd(int line, int to) {
        int at = line;
        do {
            while (at < to && bytes[at] != '\n') {
                at++;
            }
            at++;
        } while (at < to && (bytes[at] == ' ' || bytes[at] == '\t'));
        return Math.min(at, to);
    }

    private int valueOfContentLength(int line, int end) {
        int colon = line;
        while (colon < end && bytes[colon] != ':') {
            colon++;
        }
        int nameEnd = colon;
        while (nameEnd > line && (bytes[nameEnd - 1] == ' ' || bytes[nameEnd - 1] == '\t')) {
            nameEnd--;
        }
        boolean named = nameEnd - line == 1 && (bytes[line] | 0x20) == 'l'
                || org.sipdispatch.sip.Ascii.equalsIgnoreCase(bytes, line, nameEnd, "content-length");
        return colon < end && named ? colon + 1 : -1;
    }

    private long number(int from, int to) {
        String text = new String(bytes, from, to - from, java.nio.charset.StandardCharsets.ISO_8859_1).strip();
        return text.matches("0*[0-9]{1,10}") ? Long.parseLong(text) : -1;
    }
}
