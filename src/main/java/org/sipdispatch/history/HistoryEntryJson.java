package org.sipdispatch.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.List;

/** History entries as JSON, for the management API, event streams and webhooks. */
public final class HistoryEntryJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private HistoryEntryJson() {}

    /**
     * An entry as an object. The state of a superseded entry is empty, so that a client that does not know the field
     * {@code superseded} does not take it for the current state.
     */
    public static ObjectNode of(HistoryEntry entry) {
        boolean superseded = entry.superseded();
        return MAPPER.createObjectNode()
                .put("id", entry.id())
                .put("atMs", entry.atMs())
                .put("kind", entry.type().name())
                .put("destination", entry.destination())
                .put("state", superseded ? "" : entry.state())
                .put("busy", entry.busy() && !superseded)
                .put("what", superseded ? HistoryEntry.SUPERSEDED : entry.what())
                .put("who", entry.who())
                .put("why", entry.why())
                .put("version", entry.version())
                .put("node", entry.node())
                .put("superseded", superseded)
                .put("supersededState", superseded ? supersededState(entry) : "");
    }

    private static String supersededState(HistoryEntry entry) {
        return entry.what().equals("removed") ? entry.what() : entry.state();
    }

    /** The text of a JSON array of all entries. */
    static String text(List<HistoryEntry> entries) {
        ArrayNode array = MAPPER.createArrayNode();
        entries.forEach(entry -> array.add(of(entry)));
        return text(array);
    }

    static String text(com.fasterxml.jackson.databind.JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
