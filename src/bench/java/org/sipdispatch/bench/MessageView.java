package org.sipdispatch.bench;

import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.ByteWriter;

/**
 * A received message. It is read in place with code of the load's own, which creates no objects: the load must neither
 * share the parser that it measures nor pause for the memory of its messages. Header fields are expected as callees,
 * callers and proxies write them: in one line each, which ends in CRLF. Reused for each message.
 */
final class MessageView {
    private byte[] bytes;
    private int start;
    private int end;

    MessageView set(byte[] message, int from, int to) {
        bytes = message;
        start = from;
        end = to;
        return this;
    }

    /**
     * The end of the message that begins here, by its Content-Length; -1 if it is not complete.
     *
     * @param to the end of what was received
     */
    static int end(byte[] bytes, int from, int to) {
        int body = 0;
        for (int line = next(bytes, from, to); line > 0 && line < to; line = next(bytes, line, to)) {
            if (Field.CONTENT_LENGTH.isAt(bytes, line, to)) {
                body = number(bytes, line + Field.CONTENT_LENGTH.length(), to);
            } else if (bytes[line] == '\r') {
                int whole = line + 2 + body;
                return whole <= to ? whole : -1;
            }
        }
        return -1;
    }

    /** The start of the next line; -1 if this one has no end. */
    private static int next(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private static int number(byte[] bytes, int from, int to) {
        int number = 0;
        for (int i = from; i < to && bytes[i] != '\r'; i++) {
            if (bytes[i] != ' ') {
                number = number * 10 + bytes[i] - '0';
            }
        }
        return number;
    }

    boolean isResponse() {
        return startsWith("SIP/2.0 ");
    }

    boolean startsWith(String text) {
        return end - start >= text.length() && Ascii.equals(bytes, start, start + text.length(), text);
    }

    /** The status of a response. */
    int status() {
        return number(bytes, start + 8, start + 11);
    }

    /** The position of the first header line. */
    int firstLine() {
        return next(bytes, start, end);
    }

    /** Whether a header line begins here, and not the empty line after the last one. */
    boolean isHeader(int line) {
        return line > 0 && line < end && bytes[line] != '\r';
    }

    int nextLine(int line) {
        return next(bytes, line, end);
    }

    /** The field in this line; null if it is none of those that the load reads. */
    Field field(int line) {
        return Field.at(bytes, line, end);
    }

    /** The line of the first such field from this line on; -1 if there is none. */
    int find(Field field, int from) {
        for (int line = from; isHeader(line); line = nextLine(line)) {
            if (field.isAt(bytes, line, end)) {
                return line;
            }
        }
        return -1;
    }

    /** The position of the character after this one in the line; -1 if the line does not contain it. */
    int after(char wanted, int line) {
        for (int i = line; i < end && bytes[i] != '\n'; i++) {
            if (bytes[i] == wanted) {
                return i + 1;
            }
        }
        return -1;
    }

    /** Whether the line of this field ends in the text. */
    boolean endsWith(Field field, String text) {
        int line = find(field, firstLine());
        int lineEnd = line < 0 ? -1 : nextLine(line) - 2;
        return lineEnd - text.length() > line && Ascii.equals(bytes, lineEnd - text.length(), lineEnd, text);
    }

    /** The number of the exchange, which is in the Call-ID; -1 if there is none. */
    long exchange() {
        int line = find(Field.CALL_ID, firstLine());
        return line < 0 ? -1 : RequestTemplate.number(bytes, line + Field.CALL_ID.length(), end);
    }

    /** Appends a part of the message. */
    void copy(ByteWriter out, int from, int to) {
        out.put(bytes, from, to);
    }
}
