package org.sipdispatch.freeswitch;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One message of an event socket.
 *
 * @param headers the header fields, names in lower case
 * @param body empty for none
 */
record EventSocketMessage(Map<String, String> headers, byte[] body) {
    /** Reads {@code Name: value} from each line. Lines without a colon are ignored. */
    static Map<String, String> headers(String lines) {
        Map<String, String> headers = new HashMap<>();
        lines.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
                headers.put(name, line.substring(colon + 1).strip());
            }
        });
        return headers;
    }

    String contentType() {
        return headers.getOrDefault("content-type", "");
    }

    /** Whether it is a reply that accepts the last command. */
    boolean isAccepted() {
        return headers.getOrDefault("reply-text", "").startsWith("+OK");
    }

    /** The heartbeat in the body of an event; null if it is none. */
    HeartbeatEvent heartbeat() {
        return HeartbeatEvent.of(headers(new String(body, StandardCharsets.UTF_8)));
    }
}
