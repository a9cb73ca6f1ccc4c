package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.sipdispatch.settings.BadSetting;

/** Finds destinations: by id, or by user, host or port of their URI that no other one has. */
final class NamedDestination {
    private static final int PAGE = 1000;
    private static final int MOST_NAMED = 10;
    private static final int MOST_MEANT = 3;

    private NamedDestination() {}

    /** The id of the one that is meant, which is told where it was not said; what nobody has is left for the node to judge. */
    static String id(NodeClient node, String name, PrintWriter err) {
        String id = among(all(node, Map.of()).path("destinations"), name, err);
        return id == null ? name : id;
    }

    /**
     * The same of one that must be there.
     *
     * @throws Failure if the node does not know it; those with a name alike are told
     */
    static String known(NodeClient node, String name, PrintWriter err) {
        JsonNode rows = all(node, Map.of()).path("destinations");
        String id = among(rows, name, err);
        if (id == null) {
            try {
                node.get(NodeClient.path("destinations", name));
            } catch (Failure e) {
                throw e.status() == Failure.REFUSED ? new Failure(e.status(), e.getMessage() + hint(name, rows)) : e;
            }
        }
        return id == null ? name : id;
    }

    /** Null if none has it. */
    private static String among(JsonNode rows, String name, PrintWriter err) {
        String lower = name.strip().toLowerCase(Locale.ROOT);
        List<String> found = new ArrayList<>();
        for (JsonNode row : rows) {
            String id = row.path("id").asText();
            if (id.equals(name)) {
                return id;
            }
            if (new UriParts(row.path("uri").asText().toLowerCase(Locale.ROOT)).have(lower)) {
                found.add(id);
            }
        }
        if (found.size() > 1) {
            String more = found.size() > MOST_NAMED ? " and " + (found.size() - MOST_NAMED) + " more" : "";
            throw new BadSetting(
                    "destination",
                    name,
                    "user, host or port of one URI only, these have it: "
                            + String.join(", ", found.subList(0, Math.min(MOST_NAMED, found.size()))) + more);
        }
        if (found.isEmpty()) {
            return null;
        }
        err.println(Shown.plain(name + " is " + found.get(0)));
        err.flush();
        return found.get(0);
    }

    private static String hint(String name, JsonNode rows) {
        Map<String, Set<String>> ids = new LinkedHashMap<>();
        for (JsonNode row : rows) {
            String id = row.path("id").asText();
            String uri = row.path("uri").asText();
            for (String word : List.of(id, uri, uri.replaceFirst("^\\w+:", ""), UriParts.host(uri))) {
                ids.computeIfAbsent(word, unused -> new LinkedHashSet<>()).add(id);
            }
        }
        String meant = Alike.of(name, ids.keySet()).stream()
                .flatMap(word -> ids.get(word).stream())
                .distinct()
                .limit(MOST_MEANT)
                .collect(Collectors.joining(" or "));
        return meant.isEmpty() ? "; sip-dispatcher list shows the names" : "; did you mean " + meant + "?";
    }

    /** The node's list, all of its pages as one. */
    static ObjectNode all(NodeClient node, Map<String, ?> filter) {
        ArrayNode rows = NodeClient.object().putArray("destinations");
        ObjectNode whole = null;
        while (true) {
            Map<String, Object> parameters = new LinkedHashMap<>(filter);
            parameters.put("offset", rows.size());
            parameters.put("limit", PAGE);
            JsonNode page = node.get(NodeClient.query(NodeClient.path("destinations"), parameters))
                    .json();
            int before = rows.size();
            page.path("destinations").forEach(rows::add);
            whole = whole == null
                    ? NodeClient.object().put("revision", page.path("revision").asLong())
                    : whole;
            if (rows.size() == before || rows.size() >= page.path("total").asInt(0)) {
                whole.put("total", rows.size()).set("destinations", rows);
                return whole;
            }
        }
    }
}
