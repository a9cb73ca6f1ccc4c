package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * The destinations as the nodes of a cluster show them through their interfaces. The rows of HTTP are the reference:
 * each interface has to show exactly these, in its own format.
 */
final class InterfaceViews {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** An interface of a node, through which a change is made. */
    record Access(int node, String interfaceName) {
        boolean isBy(String name) {
            return interfaceName.equals(name);
        }
    }

    private final OperatorInterfaces interfaces;
    private final int nodes;
    private int turn;

    InterfaceViews(OperatorInterfaces interfaces, int nodes) {
        this.interfaces = interfaces;
        this.nodes = nodes;
    }

    /**
     * Each node once, and each of these interfaces at least once, in another combination at each call. Not all combinations:
     * an interface has the same code at each node, and calls the same operations of the node as the other interfaces.
     */
    List<Access> ways(List<String> interfaceNames) {
        assertThat(interfaceNames).hasSizeLessThanOrEqualTo(nodes);
        turn++;
        return IntStream.range(0, nodes)
                .mapToObj(node -> new Access(node, interfaceNames.get((node + turn) % interfaceNames.size())))
                .toList();
    }

    /** The destinations as one node knows them. */
    List<JsonNode> rows(int node) {
        List<JsonNode> rows = new ArrayList<>();
        interfaces.get(node, "/dispatcher/destinations").path("destinations").forEach(rows::add);
        return rows;
    }

    static JsonNode row(List<JsonNode> rows, String id) {
        return rows.stream()
                .filter(row -> row.path("id").asText().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + id + " in " + rows));
    }

    static JsonNode without(JsonNode answer, String... fields) {
        ObjectNode rest = answer.deepCopy();
        rest.remove(List.of(fields));
        return rest;
    }

    /** Retries the check, because the other nodes learn of a change a moment later. */
    static void eventually(Runnable so) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(so::run);
    }

    /** Waits until the check passes on all nodes and all interfaces agree. */
    void everywhere(Consumer<List<JsonNode>> what) {
        eventually(() -> {
            List<JsonNode> first = agreed(what);
            for (int node = 0; node < nodes; node++) {
                shows(node, first);
            }
        });
    }

    /**
     * Waits until the check passes on all nodes after a change in one of the {@link #ways}. All interfaces are compared
     * after one of them: what they show does not depend on the way in which the change came.
     */
    void afterChange(Access way, Consumer<List<JsonNode>> what) {
        if (way.node() == turn % nodes) {
            everywhere(what);
            counted();
        } else {
            eventually(() -> agreed(what));
        }
    }

    private List<JsonNode> agreed(Consumer<List<JsonNode>> what) {
        List<JsonNode> first = rows(0);
        what.accept(first);
        for (int node = 1; node < nodes; node++) {
            assertThat(rows(node)).isEqualTo(first);
        }
        return first;
    }

    /** Checks the node that executed the order, without waiting. */
    void atOnce(int node, Consumer<List<JsonNode>> what) {
        what.accept(rows(node));
    }

    /** Checks that the command line counts each set as HTTP does, which {@link #everywhere} has verified. */
    void counted() {
        for (int node = 0; node < nodes; node++) {
            assertThat(interfaces.cli(node, "sets")).isEqualTo(interfaces.get(node, "/dispatcher/sets"));
        }
    }

    private void shows(int node, List<JsonNode> rows) {
        assertThat(interfaces.cli(node, "list").path("destinations")).containsExactlyElementsOf(rows);
        JsonNode sets = interfaces.get(node, "/dispatcher/sets");
        assertThat(sets.path("sets")).containsExactlyInAnyOrderElementsOf(sets(rows));
        JsonNode list = ofMi(rows, interfaces.get(node, "/dispatcher/traffic"));
        assertThat(interfaces.miResult(node, "ds_list", Map.of("full", 1)).at("/PARTITIONS/0/SETS"))
                .isEqualTo(list);
        assertThat(interfaces.http(node, "POST", "/mi", ":ds_list:\nfull\n").text())
                .isEqualTo(lines(list));
        String metrics = interfaces.text(node, "/metrics");
        rows.forEach(row -> assertThat(metrics).contains(ofMetrics(row)));
    }

    private static List<JsonNode> sets(List<JsonNode> rows) {
        Map<Integer, ObjectNode> sets = new TreeMap<>();
        for (JsonNode row : rows) {
            ObjectNode set = sets.computeIfAbsent(
                    row.path("set").asInt(),
                    number -> JSON.createObjectNode()
                            .put("partition", "default")
                            .put("set", number)
                            .put("destinations", 0)
                            .put("active", 0)
                            .put("probing", 0)
                            .put("inactive", 0)
                            .put("takingTraffic", 0)
                            .put("temporary", 0));
            add(set, "destinations", true);
            add(set, row.path("state").asText().toLowerCase(Locale.ROOT), true);
            add(set, "takingTraffic", row.path("takesTraffic").asBoolean());
            add(set, "temporary", row.path("temporary").asBoolean());
        }
        return List.copyOf(sets.values());
    }

    private static void add(ObjectNode set, String field, boolean one) {
        set.put(field, set.path(field).asInt() + (one ? 1 : 0));
    }

    /** The sets as in {@code ds_list}: the destinations in the order of selection. */
    private static JsonNode ofMi(List<JsonNode> rows, JsonNode traffic) {
        Map<String, Integer> hits = new TreeMap<>();
        traffic.path("destinations")
                .forEach(one ->
                        hits.put(one.path("id").asText(), one.path("firstHits").asInt()));
        Map<Integer, List<JsonNode>> sets = rows.stream()
                .sorted(Comparator.comparingInt(row -> -row.path("priority").asInt()))
                .collect(Collectors.groupingBy(row -> row.path("set").asInt(), TreeMap::new, Collectors.toList()));
        ArrayNode list = JSON.createArrayNode();
        sets.forEach((number, members) -> {
            ArrayNode all = list.addObject().put("id", number).putArray("Destinations");
            members.forEach(row ->
                    all.add(ofMi(row, hits.getOrDefault(row.path("id").asText(), 0))));
        });
        return list;
    }

    private static ObjectNode ofMi(JsonNode row, int hits) {
        ObjectNode one = JSON.createObjectNode()
                .put("URI", row.path("uri").asText())
                .put("state", row.path("state").asText())
                .put("first_hit_counter", hits);
        Map.of("socket", "socket", "attr", "attrs", "script_attr", "scriptAttrs", "description", "description")
                .forEach((name, field) -> {
                    if (!row.path(field).asText("").isEmpty()) {
                        one.set(name, row.path(field));
                    }
                });
        one.set("weight", row.path("weight"));
        one.set("priority", row.path("priority"));
        one.putArray("resolved_addresses").add(row.path("uri").asText().substring("sip:".length()));
        return one;
    }

    /** The same in the line format of 2.4. */
    private static String lines(JsonNode list) {
        StringBuilder lines = new StringBuilder("200 OK\nPARTITION:: default\n");
        for (JsonNode set : list) {
            lines.append("\tSET:: ").append(set.path("id").asInt()).append('\n');
            for (JsonNode one : set.path("Destinations")) {
                lines.append("\t\tURI:: ").append(one.path("URI").asText());
                lines.append(" state=").append(one.path("state").asText());
                lines.append(" first_hit_counter=")
                        .append(one.path("first_hit_counter").asInt());
                lines.append('\n');
                for (String name : List.of("socket", "attr", "script_attr", "weight", "priority", "description")) {
                    if (one.has(name)) {
                        lines.append("\t\t\t" + name + ":: " + one.path(name).asText() + "\n");
                    }
                }
            }
        }
        return lines.toString();
    }

    /** The metric of the destination's state. */
    private static String ofMetrics(JsonNode row) {
        return "\nsip_dispatcher_destination_state{partition=\"default\",set=\""
                + row.path("set").asText() + "\",state=\""
                + row.path("state").asText().toLowerCase(Locale.ROOT) + "\",uri=\""
                + row.path("uri").asText() + "\"} 1.0\n";
    }
}
