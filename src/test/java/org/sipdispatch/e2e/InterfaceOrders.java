package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.e2e.InterfaceViews.eventually;
import static org.sipdispatch.e2e.InterfaceViews.row;
import static org.sipdispatch.e2e.InterfaceViews.without;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Gives orders to one destination through each interface of each node, and checks that all nodes follow. */
final class InterfaceOrders {
    private final OperatorInterfaces interfaces;
    private final InterfaceViews views;
    private final int nodes;
    private final String uri;
    private final String id;

    /** {@code uri}: a destination of set 1 that answers pings. */
    InterfaceOrders(OperatorInterfaces interfaces, InterfaceViews views, int nodes, String uri) {
        this.interfaces = interfaces;
        this.views = views;
        this.nodes = nodes;
        this.uri = uri;
        id = "default:1:" + uri;
    }

    /** {@code requested}: the state to set; null for the other operations, which MI does not have. */
    void given(String verb, String requested, String state, boolean hold) {
        boolean out = state.equals("Active") && !verb.equals("probe");
        Consumer<List<JsonNode>> so = rows -> {
            assertThat(row(rows, id).path("state").asText()).isEqualTo(state);
            assertThat(row(rows, id).path("hold").asBoolean()).isEqualTo(hold);
        };
        Set<JsonNode> answers = new HashSet<>();
        Set<JsonNode> after = new HashSet<>();
        List<String> all = requested == null ? List.of("http", "cli") : List.of("http", "cli", "mi");
        for (InterfaceViews.Access way : views.ways(all)) {
            int node = way.node();
            String interfaceName = way.interfaceName();
            prepared(out, (node + 1) % nodes);
            JsonNode answer = order(interfaceName, node, verb, requested);
            views.atOnce(node, so);
            views.afterChange(way, so);
            if (!interfaceName.equals("mi")) {
                answers.add(alike(answer));
            }
            // MI has no reason.
            after.add(without(row(views.rows(node), id), "version", "sinceMs", "why"));
            for (int other = 0; verb.equals("drain") && other < nodes; other++) {
                assertThat(interfaces.get(other, OperatorInterfaces.path(id) + "/drain"))
                        .isEqualTo(answer);
            }
        }
        assertThat(answers).hasSize(1);
        assertThat(after).hasSize(1);
        prepared(false, 0);
    }

    /** Repeats the order with the same key through all interfaces of all nodes, after another order has reverted it. */
    void repeated() {
        prepared(false, 0);
        String key = "of-the-doors";
        interfaces.cli(0, "state", id, "inactive", "--order-key", key);
        prepared(false, 1);
        Map<String, String> order = Map.of("state", "i", "group", "1", "address", uri, "key", key);
        String asked = "/dispatcher/orders/key:" + key + "?destination="
                + OperatorInterfaces.path(id).replaceAll(".*/", "");
        Set<JsonNode> outcomes = new HashSet<>();
        for (int node = 0; node < nodes; node++) {
            interfaces.cli(node, "state", id, "inactive", "--order-key", key);
            assertThat(interfaces.miResult(node, "ds_set_state", order).asText())
                    .isEqualTo("OK");
            JsonNode outcome = interfaces.get(node, asked);
            assertThat(interfaces.cli(node, "order", "key:" + key, "--destination", id))
                    .isEqualTo(outcome);
            outcomes.add(outcome);
        }
        assertThat(outcomes)
                .singleElement()
                .satisfies(one -> assertThat(one.path("outcome").asText()).isEqualTo("done"));
        views.everywhere(
                rows -> assertThat(row(rows, id).path("state").asText()).isEqualTo("Active"));
    }

    /** Gives an order with the key of another order: refused at each node, however often it is given. */
    void refusedBecauseOfItsKey() {
        prepared(false, 0);
        String key = "of-another-order";
        String path = OperatorInterfaces.path(id);
        assertThat(interfaces
                        .http(0, "POST", path + "/hold", "", "Idempotency-Key", key)
                        .json()
                        .path("hold")
                        .asBoolean())
                .isTrue();
        for (int node = 1; node < nodes; node++) {
            for (int time = 0; time < 2; time++) {
                assertThat(interfaces
                                .http(node, "POST", path + "/release", "", "Idempotency-Key", key)
                                .error())
                        .startsWith("order: key:" + key + " (expected: another key");
                JsonNode outcome = interfaces.get(
                        node, "/dispatcher/orders/key:" + key + "?destination=" + path.replaceAll(".*/", ""));
                assertThat(outcome.path("what").asText()).isEqualTo("release");
                assertThat(outcome.path("outcome").asText()).isEqualTo("refused");
            }
        }
        interfaces.cli(0, "release", id);
        prepared(false, 0);
    }

    /** Gives an order that is refused, with a key, through all interfaces of all nodes; the entries differ by it only. */
    void refused() {
        prepared(false, 0);
        interfaces.cli(0, "hold", id);
        views.everywhere(
                rows -> assertThat(row(rows, id).path("hold").asBoolean()).isTrue());
        Set<JsonNode> entries = new HashSet<>();
        for (InterfaceViews.Access way : views.ways(List.of("http", "cli", "mi"))) {
            int node = way.node();
            String interfaceName = way.interfaceName();
            String key = "refused-" + interfaceName + node;
            refused(interfaceName, node, key);
            entries.add(entryOf(key));
        }
        assertThat(entries)
                .singleElement()
                .satisfies(entry -> assertThat(entry.path("why").asText())
                        .startsWith("Probing: MI command; refused: held by ann@")
                        .endsWith(": release it first, or set it active; order key:KEY"));
        interfaces.cli(0, "release", id);
        prepared(false, 0);
    }

    private void refused(String interfaceName, int node, String key) {
        if (interfaceName.equals("http")) {
            String path = OperatorInterfaces.path(id) + "/state";
            String body = "{\"state\":\"probing\",\"why\":\"MI command\"}";
            assertThat(interfaces
                            .http(node, "POST", path, body, "Idempotency-Key", key)
                            .status())
                    .isEqualTo(409);
        } else if (interfaceName.equals("cli")) {
            assertThat(interfaces
                            .run(node, "state", id, "probing", "--why", "MI command", "--order-key", key)
                            .status())
                    .isEqualTo(1);
        } else {
            Map<String, String> order = Map.of("state", "p", "group", "1", "address", uri, "key", key);
            assertThat(interfaces
                            .mi(node, "ds_set_state", order)
                            .at("/error/code")
                            .asInt())
                    .isEqualTo(409);
        }
    }

    /** The history entry of the order with this key, the same at all nodes, without what differs between orders. */
    private JsonNode entryOf(String key) {
        String path = "/dispatcher/history?limit=100&destination="
                + OperatorInterfaces.path(id).replaceAll(".*/", "");
        Set<JsonNode> found = new HashSet<>();
        for (int each = 0; each < nodes; each++) {
            int node = each;
            eventually(() -> assertThat(interfaces.get(node, path).toString()).contains("order key:" + key + "\""));
            interfaces.get(node, path).path("entries").forEach(entry -> {
                String why = entry.path("why").asText();
                if (why.endsWith("; order key:" + key)) {
                    found.add(((ObjectNode) without(entry, "id", "atMs", "node")).put("why", why.replace(key, "KEY")));
                }
            });
        }
        assertThat(found).hasSize(1);
        return found.iterator().next();
    }

    private JsonNode order(String interfaceName, int node, String verb, String state) {
        String why = verb.equals("probe") ? "" : "works";
        if (interfaceName.equals("mi")) {
            Map<String, String> order = Map.of("state", state, "group", "1", "address", uri);
            assertThat(interfaces.miResult(node, "ds_set_state", order).asText())
                    .isEqualTo("OK");
            return null;
        } else if (interfaceName.equals("http")) {
            String body = (state == null ? "" : ",'state':'" + state + "'") + (why.isEmpty() ? "" : ",'why':'works'");
            return interfaces.post(
                    node, OperatorInterfaces.path(id) + "/" + verb, "{" + body.replaceFirst("^,", "") + "}");
        }
        List<String> command = new ArrayList<>(List.of(verb, id));
        command.addAll(state == null ? List.of() : List.of(state));
        command.addAll(why.isEmpty() ? List.of() : List.of("--why", why));
        return interfaces.cli(node, command.toArray(String[]::new));
    }

    /** Sets the initial state for each order: active for orders that take out of rotation, inactive for others. */
    void prepared(boolean out, int node) {
        interfaces.post(
                node, OperatorInterfaces.path(id) + "/state", "{'state':'" + (out ? "inactive" : "active") + "'}");
        for (int each = 0; each < nodes; each++) {
            int seen = each;
            eventually(() -> assertThat(row(views.rows(seen), id).path("state").asText())
                    .isEqualTo(out ? "Inactive" : "Active"));
        }
    }

    /** Removes the fields that differ between responses. */
    private static JsonNode alike(JsonNode answer) {
        JsonNode status = answer.has("status") ? answer.path("status") : answer;
        return ((ObjectNode) without(status, "version", "sinceMs")).set("openCalls", answer.path("openCalls"));
    }
}
