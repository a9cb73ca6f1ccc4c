package org.sipdispatch.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.List;

/** Entries as JSON, wherever they are told. */
public final class EntryJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private EntryJson() {}

    /** One of them, as an object. */
    public static ObjectNode of(HistoryEntry entry) {
        return MAPPER.createObjectNode()
                .put("id", entry.id())
                .put("atMs", entry.atMs())
                .put("kind", entry.kind().name())
                .put("destination", entry.destination())
                .put("state", entry.state())
                .put("busy", entry.busy())
                .put("what", entry.what())
                .put("who", entry.who())
                .put("why", entry.why())
                .put("version", entry.version())
                .put("node", entry.node());
    }

    /** All of them, as the text of an array. */
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
