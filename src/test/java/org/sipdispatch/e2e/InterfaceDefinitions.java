package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.e2e.InterfaceViews.row;
import static org.sipdispatch.e2e.InterfaceViews.without;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.sipdispatch.app.ProgramRun;
import org.sipdispatch.database.SqlScripts;

/** Changes the definitions through each interface of each node, and checks that all nodes follow. */
final class InterfaceDefinitions {
    private static final String RELOAD = "/dispatcher/reload";
    private static final List<String> ALL = List.of("http", "cli", "mi");
    private static final List<String> OURS = List.of("http", "cli");
    private static final String FIGURE = "/dispatcher/figures/load";

    private final OperatorInterfaces interfaces;
    private final InterfaceViews views;
    private final String url;
    private final int nodes;

    /** For a table with the sets 1 and 2. */
    InterfaceDefinitions(OperatorInterfaces interfaces, InterfaceViews views, String url, int nodes) {
        this.interfaces = interfaces;
        this.views = views;
        this.url = url;
        this.nodes = nodes;
    }

    private static Consumer<List<JsonNode>> sets(Integer... sets) {
        return rows -> assertThat(rows.stream()
                        .map(row -> row.path("set").asInt())
                        .distinct()
                        .toList())
                .containsExactlyInAnyOrder(sets);
    }

    private static String insert(int set, int port) {
        return "INSERT INTO dispatcher (setid, destination) VALUES (" + set + ", 'sip:127.0.0.1:" + port + "');\n";
    }

    /** Reloads, and returns the response without the revision; empty if the interface only responds OK. */
    private Stream<JsonNode> reload(String interfaceName, int node, String body, String... options) {
        if (interfaceName.equals("mi")) {
            assertThat(interfaces.miResult(node, "ds_reload", Map.of()).asText())
                    .isEqualTo("OK");
            return Stream.empty();
        }
        JsonNode answer = interfaceName.equals("http")
                ? interfaces.post(node, RELOAD, body)
                : interfaces.cli(
                        node,
                        Stream.concat(Stream.of("reload"), Stream.of(options)).toArray(String[]::new));
        return Stream.of(without(answer, "revision"));
    }

    void reloads() {
        Set<JsonNode> come = new HashSet<>();
        Set<JsonNode> gone = new HashSet<>();
        for (InterfaceViews.Access way : views.ways(ALL)) {
            int node = way.node();
            String interfaceName = way.interfaceName();
            SqlScripts.run(url, insert(3, 5991));
            JsonNode dry = interfaces.post(node, RELOAD, "{'dryRun':true}");
            assertThat(dry.path("changes").toString()).isEqualTo("[\"+ default:3:sip:127.0.0.1:5991\"]");
            assertThat(interfaces.cli(node, "reload", "--dry-run")).isEqualTo(dry);
            views.atOnce(node, sets(1, 2));
            reload(interfaceName, node, "").forEach(come::add);
            views.atOnce(node, sets(1, 2, 3));
            views.afterChange(way, sets(1, 2, 3));
            SqlScripts.run(url, "DELETE FROM dispatcher WHERE setid = 3");
            reload(interfaceName, node, "{'partition':'default'}", "--partition", "default")
                    .forEach(gone::add);
            views.atOnce(node, sets(1, 2));
            views.afterChange(way, sets(1, 2));
        }
        assertThat(come).hasSize(1);
        assertThat(gone).hasSize(1);
    }

    /** Restores the expected state after a failed test. */
    void restore() {
        if (views.rows(0).stream().anyMatch(row -> row.path("set").asInt() > 2)) {
            SqlScripts.run(url, "DELETE FROM dispatcher WHERE setid > 2");
            interfaces.post(0, RELOAD, "{'dropTemporary':true}");
        }
    }

    void badRows() {
        try {
            badRowsAreThere();
        } finally {
            SqlScripts.run(url, "DELETE FROM dispatcher WHERE setid > 2");
        }
        interfaces.post(0, RELOAD, "");
        views.everywhere(sets(1, 2));
    }

    private void badRowsAreThere() {
        SqlScripts.run(
                url,
                insert(4, 5992)
                        + "INSERT INTO dispatcher (setid, destination, weight) VALUES"
                        + " (4, 'sip:127.0.0.1:5993', '5x')");
        String error = interfaces.http(0, "POST", RELOAD, "").error();
        assertThat(error).contains("weight: 5x");
        Refused.with(error).http(409, "POST", RELOAD, "").cli(1, "reload").by(interfaces, nodes);
        Set<JsonNode> skipped = new HashSet<>();
        for (int node = 0; node < nodes; node++) {
            JsonNode dry = interfaces.post(node, RELOAD, "{'dryRun':true}");
            assertThat(dry.path("error").asText()).isEqualTo(error);
            ProgramRun tried = interfaces.run(node, "reload", "--dry-run");
            assertThat(OperatorInterfaces.json(tried.out())).isEqualTo(dry);
            assertThat(List.of(tried.err(), tried.status())).isEqualTo(List.of(error + "\n", 1));
        }
        for (InterfaceViews.Access way : views.ways(ALL)) {
            int node = way.node();
            SqlScripts.run(url, "UPDATE dispatcher SET setid = 4 WHERE setid = 5 AND weight = '1'");
            reload(way.interfaceName(), node, "{'skipBadRows':true}", "--skip-bad-rows");
            views.atOnce(node, sets(1, 2, 4));
            SqlScripts.run(url, "UPDATE dispatcher SET setid = 5 WHERE setid = 4 AND weight = '1'");
            reload(way.interfaceName(), node, "{'skipBadRows':true}", "--skip-bad-rows")
                    .forEach(skipped::add);
            views.atOnce(node, sets(1, 2, 5));
            views.afterChange(way, sets(1, 2, 5));
        }
        assertThat(skipped).hasSize(1);
    }

    void temporaryOnes() {
        String temporary = "sip:127.0.0.1:5995";
        Set<JsonNode> come = new HashSet<>();
        Set<JsonNode> gone = new HashSet<>();
        for (InterfaceViews.Access way : views.ways(OURS)) {
            int node = way.node();
            String interfaceName = way.interfaceName();
            JsonNode added = interfaceName.equals("http")
                    ? interfaces.post(
                            node,
                            "/dispatcher/destinations",
                            "{'set':7,'uri':'" + temporary + "','state':'inactive','priority':3}")
                    : interfaces.cli(node, "add", "7", temporary, "--state", "i", "--priority", "3");
            come.add(without(added, "revision"));
            views.atOnce(node, sets(1, 2, 7));
            reload("mi", node, "");
            views.afterChange(way, rows -> {
                JsonNode row = row(rows, "default:7:" + temporary);
                assertThat(row.path("temporary").asBoolean()).isTrue();
                assertThat(row.path("state").asText()).isEqualTo("Inactive");
            });
            if (node == nodes - 1) {
                reload(interfaceName, node, "{'dropTemporary':true}", "--drop-temporary")
                        .forEach(gone::add);
            } else if (interfaceName.equals("cli")) {
                gone.add(without(interfaces.cli(node, "remove", "default:7:" + temporary), "revision"));
            } else {
                OperatorInterfaces.Answer removed =
                        interfaces.http(node, "DELETE", OperatorInterfaces.path("default:7:" + temporary), "");
                assertThat(removed.status()).isEqualTo(200);
                gone.add(without(removed.json(), "revision"));
            }
            views.atOnce(node, sets(1, 2));
            views.afterChange(way, sets(1, 2));
        }
        assertThat(come).hasSize(1);
        assertThat(gone).hasSize(1);
    }

    void rows() {
        String uri = "sip:127.0.0.1:5996";
        Set<JsonNode> put = new HashSet<>();
        Set<JsonNode> removed = new HashSet<>();
        for (int node = 0; node < nodes; node++) {
            assertThat(interfaces.cli(node, "sources")).isEqualTo(interfaces.get(node, "/dispatcher/sources"));
        }
        for (InterfaceViews.Access way : views.ways(OURS)) {
            int node = way.node();
            boolean http = way.isBy("http");
            put.add(without(
                    http
                            ? changedRow(node, "PUT", "{'set':8,'uri':'" + uri + "','weight':3}")
                            : interfaces.cli(node, "put-row", "8", uri, "--weight", "3"),
                    "revision"));
            views.atOnce(node, sets(1, 2, 8));
            views.afterChange(way, sets(1, 2, 8));
            removed.add(without(
                    http
                            ? changedRow(node, "DELETE", "{'set':8,'uri':'" + uri + "'}")
                            : interfaces.cli(node, "remove-row", "8", uri),
                    "revision"));
            views.atOnce(node, sets(1, 2));
            views.afterChange(way, sets(1, 2));
        }
        assertThat(put).hasSize(1);
        assertThat(removed).hasSize(1);
    }

    private JsonNode changedRow(int node, String method, String body) {
        return changed(node, method, "/dispatcher/rows", body);
    }

    private JsonNode changed(int node, String method, String path, String body) {
        OperatorInterfaces.Answer answer = interfaces.http(node, method, path, body.replace('\'', '"'));
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        return answer.json();
    }

    /** {@code uri}: the only destination of set 2. */
    void attributes(String uri) {
        String place = uri.substring("sip:".length());
        String ip = place.substring(0, place.indexOf(':'));
        int port = Integer.parseInt(place.substring(ip.length() + 1));
        Set<JsonNode> answers = new HashSet<>();
        for (InterfaceViews.Access way : views.ways(ALL)) {
            int node = way.node();
            String interfaceName = way.interfaceName();
            String attrs = interfaceName + "=" + node;
            if (interfaceName.equals("http")) {
                String body = "{'set':2,'ip':'" + ip + "','port':" + port + ",'attrs':'" + attrs + "'}";
                answers.add(interfaces.post(node, "/dispatcher/attrs", body));
            } else if (interfaceName.equals("cli")) {
                answers.add(interfaces.cli(node, "attrs", "2", place, attrs));
            } else {
                Map<String, ?> order = Map.of("attrs", attrs, "ip", ip, "port", port, "set", 2);
                assertThat(interfaces
                                .miResult(node, "ds_push_script_attrs", order)
                                .asText())
                        .isEqualTo("OK");
            }
            Consumer<List<JsonNode>> so = rows -> assertThat(
                            row(rows, "default:2:" + uri).path("scriptAttrs").asText())
                    .isEqualTo(attrs);
            views.atOnce(node, so);
            views.afterChange(way, so);
        }
        assertThat(answers).hasSize(1);
    }

    /** {@code uri}: that of any destination. */
    void figures(String uri) {
        Set<JsonNode> pushed = new HashSet<>();
        Set<JsonNode> removed = new HashSet<>();
        for (InterfaceViews.Access way : views.ways(OURS)) {
            int node = way.node();
            boolean http = way.isBy("http");
            pushed.add(
                    http
                            ? changed(node, "PUT", FIGURE, "{'values':{'" + uri + "':" + node + "},'expires':300}")
                            : interfaces.cli(node, "figure", "load", uri + "=" + node, "--expires", "300"));
            long value = node;
            everyFigureIs(figures -> assertThat(figures)
                    .singleElement()
                    .satisfies(one -> assertThat(one.path("values")
                                    .path(uri.toLowerCase(Locale.ROOT))
                                    .asLong(-1))
                            .isEqualTo(value)));
            assertThat(interfaces.cli(node, "figure")).isEqualTo(interfaces.get(node, "/dispatcher/figures"));
            removed.add(
                    http ? changed(node, "DELETE", FIGURE, "") : interfaces.cli(node, "figure", "load", "--remove"));
            everyFigureIs(figures -> assertThat(figures).isEmpty());
        }
        assertThat(pushed).hasSize(1);
        assertThat(removed).hasSize(1);
    }

    private void everyFigureIs(Consumer<JsonNode> so) {
        InterfaceViews.eventually(() -> {
            for (int node = 0; node < nodes; node++) {
                so.accept(interfaces.get(node, "/dispatcher/figures").path("figures"));
            }
        });
    }
}
