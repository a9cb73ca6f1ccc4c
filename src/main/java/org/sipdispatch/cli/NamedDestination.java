package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.sipdispatch.settings.BadSetting;

/** Finds destinations by id, or by a user, host or port that only their URI has. */
final class NamedDestination {
    private static final int PAGE = 1000;
    private static final int MOST_NAMED = 10;
    private static final int MOST_MEANT = 3;

    private NamedDestination() {}

    /** The id of the matching destination, printed if it differs from the name; the name itself if none matches. */
    static String id(NodeClient node, String name, PrintWriter err) {
        Set<String> shared = new HashSet<>();
        List<String> found = found(all(node, Map.of()).path("destinations"), name, shared);
        if (found.size() > 1) {
            throw ambiguous(name, found);
        }
        return found.isEmpty() ? name : told(name, found, err).get(0);
    }

    /**
     * The id of the one matching destination, which must exist.
     *
     * @throws Failure if the node does not know it; the message suggests similar names
     */
    static String knownOne(NodeClient node, String name, PrintWriter err) {
        List<String> known = known(node, name, err);
        if (known.size() > 1) {
            throw ambiguous(name, known);
        }
        return known.get(0);
    }

    /**
     * The ids of the destinations that an order applies to: all rows that share set, URI and socket, unless the name is
     * an id.
     *
     * @throws Failure if the node knows none; the message suggests similar names
     */
    static List<String> known(NodeClient node, String name, PrintWriter err) {
        JsonNode rows = all(node, Map.of()).path("destinations");
        Set<String> shared = new HashSet<>();
        List<String> found = found(rows, name, shared);
        if (shared.size() > 1) {
            throw ambiguous(name, found);
        }
        if (!found.isEmpty()) {
            return told(name, found, err);
        }
        try {
            node.get(NodeClient.path("destinations", name));
        } catch (Failure e) {
            throw e.status() == Failure.REFUSED ? new Failure(e.status(), e.getMessage() + hint(name, rows)) : e;
        }
        return List.of(name);
    }

    private static List<String> told(String name, List<String> found, PrintWriter err) {
        if (!found.equals(List.of(name))) {
            err.println(Shown.plain(name + " is " + String.join(" and ", found)));
            err.flush();
        }
        return found;
    }

    private static BadSetting ambiguous(String name, List<String> found) {
        String more = found.size() > MOST_NAMED ? " and " + (found.size() - MOST_NAMED) + " more" : "";
        return new BadSetting(
                "destination",
                name,
                "user, host or port of one URI only, these have it: "
                        + String.join(", ", found.subList(0, Math.min(MOST_NAMED, found.size()))) + more);
    }

    /** The ids that match; {@code shared} receives them without the ordinals. */
    private static List<String> found(JsonNode rows, String name, Set<String> shared) {
        String lower = name.strip().toLowerCase(Locale.ROOT);
        List<String> found = new ArrayList<>();
        for (JsonNode row : rows) {
            String id = row.path("id").asText();
            if (id.equals(name)) {
                return List.of(id);
            }
            if (new UriParts(row.path("uri").asText().toLowerCase(Locale.ROOT)).have(lower)) {
                found.add(id);
                int ordinal = row.path("ordinal").asInt(1);
                shared.add(ordinal == 1 ? id : id.substring(0, id.lastIndexOf(',')));
            }
        }
        return found;
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

    /** All pages of the node's list as one. */
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
