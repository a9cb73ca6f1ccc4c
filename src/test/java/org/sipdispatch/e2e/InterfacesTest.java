package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.e2e.InterfaceViews.eventually;
import static org.sipdispatch.e2e.InterfaceViews.row;
import static org.sipdispatch.e2e.InterfaceViews.without;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.app.ProgramRun;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.operations.ExplainRoute;
import org.sipdispatch.operations.Operations;

/**
 * Every interface of each of three real nodes gives the same answers. A change can be made at each node and through each
 * interface, and is visible through all interfaces: at its node immediately, at the others a moment later.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InterfacesTest {
    private static final int NODES = 3;
    private static final Set<String> RAN = new HashSet<>();

    @TempDir
    static Path directory;

    private static WatchedDestinations destinations;
    private static ClusterNodes cluster;
    private static OperatorInterfaces interfaces;
    private static InterfaceViews views;
    private static InterfaceOrders orders;
    private static InterfaceDefinitions definitions;
    private static InterfaceMaintenance maintenance;

    @BeforeAll
    static void start() {
        String url = EmbeddedPostgres.jdbcUrl("doors");
        destinations = new WatchedDestinations(List.of("127.0.0.1", "127.0.0.1", "127.0.0.1"));
        ClusterNodes.table(
                url,
                "setid, destination, weight, priority, attrs, description",
                List.of(
                        "1, '" + destinations.uri(0) + "', '5', 10, 'pstn=yes', 'the first'",
                        "1, '" + destinations.uri(1) + "', '1', 20, '', ''",
                        "2, '" + destinations.uri(2) + "', '1', 0, '', ''"));
        cluster = ClusterNodes.start(new ClusterNodes.Plan(NODES, url, """
                rules = [ { select { set = 1, alg = "0", flags = "F" } } ]
                maintenance.new-calls = redirect
                limits.sources = [ { name = acme, from = ["192.0.2.0/24"], max-calls = 100 } ]
                # All nodes stay, and all actors where they are: answers are compared.
                cluster.acceptable-heartbeat-pause = 10s
                cluster-system.akka.cluster.sharding.rebalance-interval = 10m
                management.tokens = [ { name = ann, token = token-of-the-tests, role = write },
                  { name = bob, token = token-of-a-reader, role = read } ]
                """));
        interfaces = new OperatorInterfaces(cluster, directory, "token-of-the-tests");
        views = new InterfaceViews(interfaces, NODES);
        orders = new InterfaceOrders(interfaces, views, NODES, destinations.uri(1));
        definitions = new InterfaceDefinitions(interfaces, views, url, NODES);
        maintenance = new InterfaceMaintenance(interfaces, cluster, NODES);
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.stop();
        }
        destinations.close();
    }

    @BeforeEach
    void ran(TestInfo test) {
        RAN.add(test.getTestMethod().orElseThrow().getName());
    }

    @AfterEach
    void restored() {
        definitions.restore();
    }

    @Test
    void eachInterfaceOffersWhatTheTableSaysAndNothingElse() {
        assertThat(Verb.ALL).allMatch(Verb::isWhole);
        Set<String> routes = new TreeSet<>();
        interfaces
                .get(0, "/dispatcher/openapi.json")
                .path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(method -> routes.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        assertThat(inTable("http")).isEqualTo(routes);
        Set<String> methods = new TreeSet<>();
        interfaces
                .miResult(0, "which", Map.of())
                .forEach(method -> methods.add(method.asText().replace("dispatcher:", "ds_")));
        assertThat(inTable("mi")).isEqualTo(methods);
        assertThat(inTable("cli")).isEqualTo(new TreeSet<>(ProgramRun.commands()));
        assertThat(inTable("operations")).isEqualTo(offered());
    }

    /** The operations, with the name of their group. */
    private static Set<String> offered() {
        Set<String> offered = new TreeSet<>();
        for (Method group : Operations.class.getDeclaredMethods()) {
            boolean isGroup = Modifier.isPublic(group.getModifiers()) && group.getReturnType() != void.class;
            if (isGroup && group.getReturnType() == ExplainRoute.class) {
                offered.add(group.getName());
            } else if (isGroup) {
                Stream.of(group.getReturnType().getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()))
                        .filter(method -> !Modifier.isStatic(method.getModifiers()))
                        .forEach(method -> offered.add(group.getName() + "." + method.getName()));
            }
        }
        return offered;
    }

    private static Set<String> inTable(String interfaceName) {
        return Verb.ALL.stream()
                .flatMap(verb -> verb.at(interfaceName).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Runs last, and only if all other tests ran before. */
    @Test
    @Order(Integer.MAX_VALUE)
    void whatSeveralInterfacesOfferWasAskedThroughEachOfThemAndAtEachNode() {
        Set<String> all = Stream.of(InterfacesTest.class.getDeclaredMethods())
                .filter(method ->
                        method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class))
                .map(Method::getName)
                .collect(Collectors.toSet());
        Assumptions.assumeTrue(RAN.equals(all));
        for (Verb verb : Verb.ALL) {
            assertThat(verb.compared())
                    .as("%s", verb)
                    .allMatch(ask -> IntStream.range(0, NODES).anyMatch(node -> interfaces.wasAsked(node, ask)));
            assertThat(IntStream.range(0, NODES))
                    .as("%s", verb)
                    .allMatch(node -> verb.compared().isEmpty()
                            || verb.compared().stream().anyMatch(ask -> interfaces.wasAsked(node, ask)));
        }
    }

    @Test
    void everyNodeShowsTheSameThroughEveryInterface() {
        views.everywhere(rows -> assertThat(rows).hasSize(3));
        views.counted();
        for (int node = 0; node < NODES; node++) {
            for (int set = 1; set <= 2; set++) {
                JsonNode shown = interfaces.get(node, "/dispatcher/sets/default/" + set);
                JsonNode listed = interfaces.get(node, "/dispatcher/destinations?set=" + set);
                assertThat(shown.path("destinations")).isNotEmpty().isEqualTo(listed.path("destinations"));
                assertThat(interfaces.cli(node, "list", "--set", "" + set)).isEqualTo(without(listed, "offset"));
            }
            assertThat(interfaces.cli(node, "list", "--state", "a", "--text", "FIRST"))
                    .isEqualTo(without(interfaces.get(node, "/dispatcher/destinations?state=a&text=FIRST"), "offset"));
            assertThat(interfaces.get(node, "/dispatcher/destinations?set=99").path("destinations"))
                    .isEmpty();
            ProgramRun unknown = interfaces.run(node, "list", "--set", "99");
            assertThat(unknown.status()).isEqualTo(1);
            assertThat(unknown.err()).startsWith("set: 99 (expected: one of default:1, default:2");
        }
    }

    @Test
    void oneIsShownTheSame() {
        eventually(() -> {
            Set<JsonNode> shown = new HashSet<>();
            for (int node = 0; node < NODES; node++) {
                JsonNode one = interfaces.get(node, OperatorInterfaces.path(destinations.id(0)));
                assertThat(interfaces.cli(node, "show", destinations.id(0))).isEqualTo(one);
                JsonNode row = row(views.rows(node), destinations.id(0));
                row.properties()
                        .forEach(field -> assertThat(one.path(field.getKey())).isEqualTo(field.getValue()));
                // Traffic differs between nodes.
                shown.add(without(one, "traffic"));
            }
            assertThat(shown).hasSize(1);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "state, inactive, Inactive, true",
        "state, probing, Probing, false",
        "state, active, Active, false",
        "hold, , Inactive, true",
        "drain, , Inactive, true",
        "release, , Active, false",
        "probe, , Active, false",
    })
    void anOrderIsAnsweredAlikeAndSeenOnAllNodes(String verb, String requested, String state, boolean hold) {
        orders.given(verb, requested, state, hold);
    }

    @Test
    void anOrderWithAKeyIsKnownAtEveryNodeAndExecutedOnce() {
        orders.repeated();
    }

    @Test
    void anOrderThatWasRefusedBecauseOfItsKeyStaysRefused() {
        orders.refusedBecauseOfItsKey();
    }

    @Test
    void aRefusedOrderHasTheSameHistoryEntryThroughEveryDoor() {
        orders.refused();
    }

    @Test
    void aReloadIsTriedAndAppliedAlike() {
        definitions.reloads();
    }

    @Test
    void badRowsAreRefusedAndSkippedAlike() {
        definitions.badRows();
    }

    @Test
    void temporaryDestinationsComeAndGoAlike() {
        definitions.temporaryOnes();
    }

    @Test
    void rowsAreWrittenAlike() {
        definitions.rows();
    }

    @Test
    void attributesOfTheScriptAreKnownThroughEveryInterface() {
        definitions.attributes(destinations.uri(2));
    }

    @Test
    void figuresAreKnownThroughEveryInterface() {
        definitions.figures(destinations.uri(2));
    }

    @Test
    void aNodeIsTakenIntoMaintenanceThroughEveryInterface() {
        maintenance.everyInterface(views);
    }

    @Test
    void aNodeInMaintenanceRedirectsNewRequestsToTheOtherNodes() {
        maintenance.redirects();
    }

    @Test
    void countsAndPicksAreTheSame() throws IOException {
        interfaces.post(0, OperatorInterfaces.path(destinations.id(1)) + "/hold", "");
        views.everywhere(
                rows -> assertThat(row(rows, destinations.id(1)).path("hold").asBoolean())
                        .isTrue());
        String invite = Requests.udp(cluster.sip(0)).of("INVITE", "a-call");
        String file = Files.writeString(directory.resolve("invite"), invite).toString();
        Set<JsonNode> picked = new HashSet<>();
        for (int node = 0; node < NODES; node++) {
            for (String letters : List.of("a", "i", "p", "1", "0", "2", "ai", "AIP")) {
                JsonNode count = interfaces.get(node, "/dispatcher/count?set=1&states=" + letters);
                assertThat(interfaces.cli(node, "count", "1", letters)).isEqualTo(count);
                assertThat(count.path("count").asInt())
                        .isEqualTo("p2".contains(letters) ? 0 : letters.length() == 1 ? 1 : 2);
            }
            picked.add(interfaces.post(node, "/dispatcher/pick?source=10.1.0.7:5060", invite));
            picked.add(interfaces.cli(node, "pick", file, "--source", "10.1.0.7:5060"));
        }
        assertThat(picked)
                .singleElement()
                .satisfies(one -> assertThat(one.path("candidates")).hasSize(1));
        interfaces.cli(1, "release", destinations.id(1));
        orders.prepared(false, 0);
    }

    @Test
    void theHistoryIsReportedAlikeAndAsItHappens() {
        long before = interfaces
                .get(0, "/dispatcher/history?limit=1")
                .at("/entries/0/id")
                .asLong();
        String id = destinations.id(0);
        interfaces.post(0, OperatorInterfaces.path(id) + "/hold", "{'why':'for the history'}");
        interfaces.cli(1, "release", id, "--why", "for the history");
        String released = row(views.rows(1), id).path("version").asText();
        // Changes nothing, so the history has the order and no status.
        Map<String, String> order = Map.of("state", "a", "group", "1", "address", destinations.uri(0));
        interfaces.miResult(2, "ds_set_state", order);
        String written = "/dispatcher/history?after=" + before;
        eventually(() -> assertThat(interfaces.get(0, written).toString())
                .contains("\"hold\"", "\"release\"", "Active: MI command; done", "\"state\":\"Inactive\"")
                .contains("\"" + released + "\"")
                .doesNotContain("\"" + row(views.rows(2), id).path("version").asText() + "\""));
        JsonNode entries = interfaces.get(0, written).path("entries");
        String newest = "/dispatcher/history?set=1&who=ann&limit=6&destination=" + id;
        for (int node = 0; node < NODES; node++) {
            assertThat(interfaces.get(node, newest)).isEqualTo(interfaces.get(0, newest));
            assertThat(interfaces.cli(
                            node, "history", "--set", "1", "--who", "ann", "--limit", "6", "--destination", id))
                    .isEqualTo(interfaces.get(0, newest));
            List<JsonNode> events = new CopyOnWriteArrayList<>();
            try (EventStream stream = interfaces.events(node, before, events::add)) {
                eventually(() -> assertThat(events).hasSizeGreaterThanOrEqualTo(entries.size()));
                assertThat(events.subList(0, entries.size())).containsExactlyElementsOf(entries);
                assertThat(stream.hasEnded()).isFalse();
            }
            ProgramRun run = interfaces.run(node, "events", "--since-id", "" + before, "--count", "" + entries.size());
            assertThat(run.out().lines().map(OperatorInterfaces::json).filter(one -> one.has("kind")))
                    .containsExactlyElementsOf(entries);
        }
    }

    @Test
    void eachNodeTellsOfItselfAndTheOthersAlike() {
        for (int i = 0; i < NODES; i++) {
            int node = i;
            eventually(() -> {
                JsonNode seen = interfaces.get(node, "/dispatcher/node");
                assertThat(interfaces.cli(node, "nodes")).isEqualTo(seen);
                assertThat(seen.path("address").asText()).isEqualTo(cluster.name(node));
                assertThat(seen.path("members"))
                        .extracting(member -> without(member, "self"))
                        .containsExactlyElementsOf(members());
                assertThat(interfaces.get(node, "/cluster/members").path("members"))
                        .extracting(member -> member.path("node").asText().replaceAll(".*@", ""))
                        .containsExactlyInAnyOrder(cluster.name(0), cluster.name(1), cluster.name(2));
                assertThat(interfaces.text(node, "/metrics"))
                        .contains("\nsip_dispatcher_cluster_member 1.0\n", "\nsip_dispatcher_ready 1.0\n");
                assertThat(interfaces.get(node, "/dispatcher/ready")).isEqualTo(interfaces.get(node, "/ready"));
            });
        }
    }

    private static List<JsonNode> members() {
        List<JsonNode> members = new ArrayList<>();
        interfaces.get(0, "/dispatcher/node").path("members").forEach(member -> members.add(without(member, "self")));
        return members;
    }

    @Test
    void aFirstHitIsCountedWhereItCame() {
        try (UdpPeer caller = new UdpPeer("127.0.0.1")) {
            caller.send(cluster.sip(1), Requests.udp(caller.address()).of("OPTIONS", Requests.newCall()));
            eventually(() -> assertThat(hits(1)).isEqualTo(1));
        }
        assertThat(List.of(hits(0), hits(2))).containsOnly(0);
        views.everywhere(rows -> assertThat(rows).hasSize(3));
        for (int i = 0; i < NODES; i++) {
            int node = i;
            eventually(() -> {
                JsonNode traffic = interfaces.get(node, "/dispatcher/traffic");
                assertThat(without(interfaces.cli(node, "top"), "atMs")).isEqualTo(without(traffic, "atMs"));
                for (JsonNode one : traffic.path("destinations")) {
                    assertThat(interfaces
                                    .cli(node, "show", one.path("id").asText())
                                    .path("traffic"))
                            .isEqualTo(one);
                    assertThat(interfaces.text(node, "/metrics"))
                            .containsPattern("\nsip_dispatcher_destination_first_hits_total\\{[^}]*uri=\""
                                    + one.path("id").asText().substring("default:1:".length()) + "\"} "
                                    + one.path("firstHits").asText() + "\\.0\n");
                }
            });
        }
    }

    @Test
    void aLimitIsShownAlikeOnAllNodes() {
        for (int i = 0; i < NODES; i++) {
            int node = i;
            eventually(() -> {
                JsonNode limits = interfaces.get(node, "/dispatcher/limits");
                assertThat(limits.path("limits"))
                        .singleElement()
                        .satisfies(one -> assertThat(one.path("name").asText()).isEqualTo("source:acme"))
                        .satisfies(
                                one -> assertThat(one.path("maxCalls").asInt()).isEqualTo(100));
                assertThat(interfaces.cli(node, "limits")).isEqualTo(limits);
                assertThat(interfaces.text(node, "/metrics"))
                        .contains("\nsip_dispatcher_source_limit_max_calls{source=\"acme\"} 100.0\n");
            });
        }
    }

    private static int hits(int node) {
        int hits = 0;
        for (JsonNode one : interfaces.get(node, "/dispatcher/traffic").path("destinations")) {
            hits += one.path("firstHits").asInt();
        }
        return hits;
    }

    static Stream<Refused> refusals() {
        return Refusals.of(destinations.uri(0)).stream();
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whatCannotBeIsRefusedInTheSameWords(Refused refused) {
        List<JsonNode> before = views.rows(0);
        refused.by(interfaces, NODES);
        assertThat(views.rows(0)).isEqualTo(before);
    }

    @Test
    void whoMayNotIsRefusedInTheSameWords() {
        OperatorInterfaces reader = new OperatorInterfaces(cluster, directory, "token-of-a-reader");
        Map<String, String> order = Map.of("state", "i", "group", "1", "address", destinations.uri(0));
        String role = "role: read (expected: write, since this changes something)";
        Refused.with(role)
                .http(403, "POST", OperatorInterfaces.path(destinations.id(0)) + "/hold", "")
                .http(403, "POST", "/dispatcher/reload", "")
                .cli(3, "hold", destinations.id(0))
                .cli(3, "reload")
                .mi(403, role, "ds_set_state", order)
                .mi(403, role, "ds_reload", Map.of())
                .by(reader, NODES);
        String unknown = "Authorization: unknown (expected: a token of this node)";
        OperatorInterfaces stranger = new OperatorInterfaces(cluster, directory, "token-of-nobody");
        Refused.with(unknown)
                .http(401, "GET", "/dispatcher/sets", "")
                .http(401, "POST", "/mi", "{}")
                .cli(3, "sets")
                .by(stranger, NODES);
        for (int node = 0; node < NODES; node++) {
            JsonNode dry = reader.post(node, "/dispatcher/reload", "{'dryRun':true}");
            assertThat(reader.cli(node, "reload", "--dry-run")).isEqualTo(dry);
            assertThat(reader.miResult(node, "ds_list", Map.of()))
                    .isEqualTo(interfaces.miResult(node, "ds_list", Map.of()));
        }
    }
}
