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
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.settings.SpellingSuggestions;

/** Finds destinations by id, or by a user, host or port that only their URI has. */
final class DestinationLookup {
    private static final int PAGE = 1000;
    private static final int MAX_LISTED = 10;
    private static final int MAX_SUGGESTED = 3;

    private DestinationLookup() {}

    /** The id of the matching destination, printed if it differs from the name; the name itself if none matches. */
    static String resolve(NodeClient node, String name, PrintWriter err) {
        Set<String> shared = new HashSet<>();
        List<String> found = matches(listAll(node, Map.of()).path("destinations"), name, shared);
        if (found.size() > 1) {
            throw ambiguous(name, found);
        }
        return found.isEmpty() ? name : printResolved(name, found, err).get(0);
    }

    /**
     * The id of the one matching destination, which must exist.
     *
     * @throws CommandException if the node does not know it; the message suggests similar names
     */
    static String requireOne(NodeClient node, String name, PrintWriter err) {
        List<String> known = requireAny(node, name, err);
        if (known.size() > 1) {
            throw ambiguous(name, known);
        }
        return known.get(0);
    }

    /**
     * The ids of the destinations that an order applies to: all rows that share set, URI and socket, unless the name is
     * an id.
     *
     * @throws CommandException if the node knows none; the message suggests similar names
     */
    static List<String> requireAny(NodeClient node, String name, PrintWriter err) {
        JsonNode rows = listAll(node, Map.of()).path("destinations");
        Set<String> shared = new HashSet<>();
        List<String> found = matches(rows, name, shared);
        if (shared.size() > 1) {
            throw ambiguous(name, found);
        }
        if (!found.isEmpty()) {
            return printResolved(name, found, err);
        }
        try {
            node.get(NodeClient.path("destinations", name));
        } catch (CommandException e) {
            throw e.status() == CommandException.REFUSED
                    ? new CommandException(e.status(), e.getMessage() + hint(name, rows))
                    : e;
        }
        return List.of(name);
    }

    private static List<String> printResolved(String name, List<String> found, PrintWriter err) {
        if (!found.equals(List.of(name))) {
            err.println(TerminalFormat.withoutControls(name + " is " + String.join(" and ", found)));
            err.flush();
        }
        return found;
    }

    private static SettingException ambiguous(String name, List<String> found) {
        String more = found.size() > MAX_LISTED ? " and " + (found.size() - MAX_LISTED) + " more" : "";
        return new SettingException(
                "destination",
                name,
                "user, host or port of one URI only, these have it: "
                        + String.join(", ", found.subList(0, Math.min(MAX_LISTED, found.size()))) + more);
    }

    /** The ids that match; {@code shared} receives them without the ordinals. */
    private static List<String> matches(JsonNode rows, String name, Set<String> shared) {
        String lower = name.strip().toLowerCase(Locale.ROOT);
        List<String> found = new ArrayList<>();
        for (JsonNode row : rows) {
            String id = row.path("id").asText();
            if (id.equals(name)) {
                return List.of(id);
            }
            if (new UriParts(row.path("uri").asText().toLowerCase(Locale.ROOT)).contains(lower)) {
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
            for (String known : List.of(id, uri, uri.replaceFirst("^\\w+:", ""), UriParts.host(uri))) {
                ids.computeIfAbsent(known, unused -> new LinkedHashSet<>()).add(id);
            }
        }
        String meant = SpellingSuggestions.similar(name, ids.keySet()).stream()
                .flatMap(known -> ids.get(known).stream())
                .distinct()
                .limit(MAX_SUGGESTED)
                .collect(Collectors.joining(" or "));
        return meant.isEmpty() ? "; sip-dispatcher list shows the names" : "; did you mean " + meant + "?";
    }

    /** All pages of the node's list as one. */
    static ObjectNode listAll(NodeClient node, Map<String, ?> filter) {
        ArrayNode rows = Json.object().putArray("destinations");
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
                    ? Json.object().put("revision", page.path("revision").asLong())
                    : whole;
            if (rows.size() == before || rows.size() >= page.path("total").asInt(0)) {
                whole.put("total", rows.size()).set("destinations", rows);
                return whole;
            }
        }
    }
}
