package org.sipdispatch.transport;

import java.util.Arrays;

/**
 * Cuts a TCP byte stream into SIP messages by Content-Length (RFC 3261 section 18.3), skipping the line breaks that
 * keep connections alive (RFC 5626). Confined to its connection.
 */
final class StreamFramer {
    /** What the bytes so far amount to. */
    enum Frame {
        /** Not a whole message yet. */
        MORE,
        /** A whole message: from {@link #start()} to {@link #end()}. */
        MESSAGE,
        /** A double line break, to be answered by one (RFC 5626 section 3.5.1). */
        PING,
        /** A message whose end cannot be found; nothing behind it can be understood either. */
        BROKEN,
        /** A message above the limit. */
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
    /** How long the message is whose headers are there but whose body is not; 0 if that is not known. */
    private int awaited;

    StreamFramer(int maxMessageSize) {
        this.maxMessageSize = maxMessageSize;
    }

    /** Takes more of the stream; the array is the framer's from now on. */
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

    /** Whether part of a message has come that waits for its rest; keep-alives do not count. */
    boolean isInside() {
        return filled > start && bytes[start] != '\r' && bytes[start] != '\n';
    }

    /** The last frame: the message, or of one that is broken or too large the part up to its body. */
    byte[] message() {
        return Arrays.copyOfRange(bytes, start, end);
    }

    /** Takes what the last frame was out of the stream; where nothing is behind it no room is held. */
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

    /** How many bytes it holds. */
    int capacity() {
        return bytes.length;
    }

    /** The next frame; call {@link #consume()} before asking again, unless it is MORE. */
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

    /** Skips line breaks before a message; above 0 where a whole double one, a ping, stands there. */
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
            // The rest of a ping may still be on its way.
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

    /** Where the empty line behind the headers ends; -1 if it has not come. Each byte is looked at once. */
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

    /** The declared length; 0 if none is declared, -1 if it makes no sense. */
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

    /** Where the next header field begins: behind the line and those that continue it. */
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
