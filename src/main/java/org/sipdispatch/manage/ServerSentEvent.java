package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.JsonNode;

/** Renders server-sent events. */
final class ServerSentEvent {
    private ServerSentEvent() {}

    static String of(String name, JsonNode data) {
        return "event: " + name + "\ndata: " + Json.line(data) + "\n\n";
    }

    static String of(String name, long id, JsonNode data) {
        return "event: " + name + "\nid: " + id + "\ndata: " + Json.line(data) + "\n\n";
    }

    /** Only an id, from which the client continues after a disconnect. */
    static String position(long id) {
        return "id: " + id + "\n\n";
    }

    static String comment(String text) {
        return ":" + text + "\n\n";
    }
}
