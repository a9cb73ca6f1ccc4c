package org.sipdispatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.sipdispatch.pauses.RecordedOrder;

/** Checks whether all sources show the same destinations: each node's view, the table, the history and the events. */
final class ViewComparison {
    private static final Map<String, Integer> COLUMN = Map.of("Active", 0, "Inactive", 1, "Probing", 2);

    private ViewComparison() {}

    /** The differences from the first node's view, one line each. */
    static List<String> differences(PauseScene scene, List<JsonNode> events, List<RecordedOrder> orders) {
        ClusterNodes cluster = scene.cluster();
        List<String> differences = new ArrayList<>();
        Map<String, ViewRecord.Look> first = view(cluster, 0);
        if (first.size() < scene.destinations().size()) {
            return List.of("views: node 1 knows " + first.size() + " destinations");
        }
        for (int node = 1; node < scene.nodes(); node++) {
            int one = node;
            Map<String, ViewRecord.Look> other = view(cluster, node);
            first.forEach((id, look) -> {
                if (!text(look).equals(text(other.get(id)))) {
                    differences.add("views: " + id + " is " + text(look) + ", at node " + (one + 1) + " "
                            + text(other.get(id)));
                }
            });
        }
        Map<String, Integer> column = ReportedHistory.column(cluster.jdbcUrl());
        first.forEach((id, look) -> {
            if (!COLUMN.get(look.state()).equals(column.get(id))) {
                differences.add("column: " + id + " is " + text(look) + ", in the table " + column.get(id));
            }
        });
        differences.addAll(compare("history", first, ReportedHistory.changes(cluster, 0), orders));
        differences.addAll(compare("events", first, events, orders));
        return differences;
    }

    private static Map<String, ViewRecord.Look> view(ClusterNodes cluster, int node) {
        return ViewRecord.look(cluster, node).stream()
                .collect(Collectors.toMap(ViewRecord.Look::destination, Function.identity()));
    }

    private static String text(ViewRecord.Look look) {
        return look == null ? "not known" : look.state() + " " + look.version() + " by '" + look.order() + "'";
    }

    /**
     * A destination that never changed has no entry, but each executed order makes one. A new actor increments the
     * version, without an entry.
     */
    static List<String> compare(
            String who, Map<String, ViewRecord.Look> views, List<JsonNode> changes, List<RecordedOrder> orders) {
        List<String> differences = new ArrayList<>();
        Map<String, JsonNode> last = ReportedHistory.last(changes);
        views.forEach((id, look) -> {
            JsonNode entry = last.get(id);
            if (entry == null) {
                orders.stream()
                        .filter(order -> order.destination().equals(id))
                        .filter(order -> order.outcome() == RecordedOrder.Outcome.OK)
                        .findFirst()
                        .ifPresent(order -> differences.add(
                                "%s: %s has no entry, and %s was answered OK".formatted(who, id, order.id())));
            } else if (!entry.path("state").asText().equals(look.state())
                    || !entry.path("why").asText().equals(look.order())) {
                differences.add("%s: %s is %s, the last entry %s says %s %s by '%s'"
                        .formatted(
                                who,
                                id,
                                text(look),
                                entry.path("id").asText(),
                                entry.path("state").asText(),
                                entry.path("version").asText(),
                                entry.path("why").asText()));
            }
        });
        last.keySet().stream()
                .filter(id -> !views.containsKey(id))
                .forEach(id -> differences.add(who + ": " + id + " has an entry, and no node knows it"));
        return differences;
    }
}
