package org.sipdispatch.freeswitch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Divides the bytes of an event socket into messages: lines up to an empty one, then a body of Content-Length bytes.
 * Holds the bytes of one incomplete message at most. Not thread-safe.
 */
final class EventSocketReader {
    static final int MOST_HEADER_BYTES = 16 * 1024;
    static final int MOST_BODY_BYTES = 64 * 1024;

    private byte[] bytes = {};
    private String problem = "";

    /** Why the bytes are not messages of an event socket; empty if they are. After that, nothing more is read. */
    String problem() {
        return problem;
    }

    /** Adds received bytes and returns the messages that are complete now. */
    List<EventSocketMessage> read(byte[] received) {
        if (!problem.isEmpty()) {
            return List.of();
        }
        int held = bytes.length;
        bytes = Arrays.copyOf(bytes, held + received.length);
        System.arraycopy(received, 0, bytes, held, received.length);
        List<EventSocketMessage> messages = new ArrayList<>();
        int from = 0;
        while (problem.isEmpty()) {
            from = afterEmptyLines(from);
            int end = next(from, messages);
            if (end == from) {
                break;
            }
            from = end;
        }
        bytes = problem.isEmpty() ? Arrays.copyOfRange(bytes, from, bytes.length) : new byte[0];
        return messages;
    }

    private int afterEmptyLines(int from) {
        int at = from;
        while (at < bytes.length && (bytes[at] == '\n' || bytes[at] == '\r')) {
            at++;
        }
        return at;
    }

    /** Adds the message that begins at {@code from} and returns its end; {@code from} if it is incomplete. */
    private int next(int from, List<EventSocketMessage> messages) {
        int body = body(from);
        if (body < 0) {
            if (bytes.length - from > MOST_HEADER_BYTES) {
                problem = "no empty line within " + MOST_HEADER_BYTES + " bytes";
            }
            return from;
        }
        Map<String, String> headers =
                EventSocketMessage.headers(new String(bytes, from, body - from, StandardCharsets.UTF_8));
        String length = headers.getOrDefault("content-length", "0");
        if (!length.matches("\\d{1,9}") || Integer.parseInt(length) > MOST_BODY_BYTES || headers.isEmpty()) {
            problem = headers.isEmpty() ? "lines without a colon" : "a Content-Length beyond " + MOST_BODY_BYTES;
            return from;
        }
        int end = body + Integer.parseInt(length);
        if (end > bytes.length) {
            return from;
        }
        messages.add(new EventSocketMessage(headers, Arrays.copyOfRange(bytes, body, end)));
        return end;
    }

    /** The position after the first empty line; -1 if there is none. */
    private int body(int from) {
        for (int i = from; i < Math.min(bytes.length, from + MOST_HEADER_BYTES); i++) {
            if (bytes[i] == '\n') {
                int next = i + 1 < bytes.length && bytes[i + 1] == '\r' ? i + 2 : i + 1;
                if (next < bytes.length && bytes[next] == '\n') {
                    return next + 1;
                }
            }
        }
        return -1;
    }
}
