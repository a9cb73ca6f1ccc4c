package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.app.ProgramRun;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.database.SqlScripts;

/**
 * Whichever door of whichever of three real nodes an operator comes through, the answer is the same, and all nodes show
 * what became of it, through all their doors.
 */
class DoorsTest {
    private static final int NODES = 3;
    private static final String COLUMNS = "setid, destination, weight, priority, attrs, description";

    @TempDir
    static Path directory;

    private static String url;
    private static WatchedDestinations destinations;
    private static ClusterNodes cluster;
    private static Doors doors;

    @BeforeAll
    static void start() {
        url = EmbeddedPostgres.jdbcUrl("doors");
        destinations = new WatchedDestinations(List.of("127.0.0.1", "127.0.0.1", "127.0.0.1"));
        ClusterNodes.table(
                url,
                COLUMNS,
                List.of(
                        "1, '" + destinations.uri(0) + "', '5', 20, 'pstn=yes', 'the first'",
                        "1, '" + destinations.uri(1) + "', '1', 10, '', ''",
                        "2, '" + destinations.uri(2) + "', '1', 0, '', ''"));
        String more = "rules = [ { select { set = 1, alg = \"0\", flags = \"F\" } } ]";
        cluster = ClusterNodes.start(new ClusterNodes.Plan(NODES, url, more));
        doors = new Doors(cluster, directory);
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
        destinations.close();
    }

    private static String row(int set, int port) {
        return "INSERT INTO dispatcher (setid, destination) VALUES (" + set + ", 'sip:127.0.0.1:" + port + "')";
    }

    private static String body(String json) {
        return json.replace('\'', '"');
    }

    /** Asks until what is said is right: what one node has done the others know a moment later. */
    private static void eventually(Runnable said) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(said::run);
    }

    private static JsonNode without(JsonNode answer, String... fields) {
        ObjectNode rest = answer.deepCopy();
        rest.remove(List.of(fields));
        return rest;
    }

    /** What every node says of a destination, through every door. */
    private static void everywhere(String id, String state, boolean hold) {
        eventually(() -> {
            for (int node = 0; node < NODES; node++) {
                JsonNode row = cluster.destination(node, id);
                assertThat(row.path("state").asText()).isEqualTo(state);
                assertThat(row.path("hold").asBoolean()).isEqualTo(hold);
                JsonNode listed =
                        doors.cli(node, "list", "--text", row.path("uri").asText());
                assertThat(listed.path("destinations")).singleElement().isEqualTo(row);
                assertThat(ofMi(node, row).path("state").asText()).isEqualTo(state);
            }
        });
    }

    /** The row as {@code ds_list} has it. */
    private static JsonNode ofMi(int node, JsonNode row) {
        JsonNode sets = doors.mi(node, "ds_list", Map.of("full", 1))
                .path("result")
                .path("PARTITIONS")
                .path(0)
                .path("SETS");
        for (JsonNode set : sets) {
            for (JsonNode one : set.path("Destinations")) {
                if (set.path("id").equals(row.path("set")) && one.path("URI").equals(row.path("uri"))) {
                    return one;
                }
            }
        }
        throw new AssertionError("no " + row + " in " + sets);
    }

    /** Which sets every node knows, through every door. */
    private static void setsEverywhere(Integer... sets) {
        eventually(() -> {
            for (int node = 0; node < NODES; node++) {
                JsonNode known = doors.get(node, "/dispatcher/sets");
                assertThat(known.path("sets"))
                        .extracting(set -> set.path("set").asInt())
                        .containsExactly(sets);
                assertThat(doors.cli(node, "sets")).isEqualTo(known);
                assertThat(doors.mi(node, "ds_list", Map.of()).at("/result/PARTITIONS/0/SETS"))
                        .extracting(set -> set.path("id").asInt())
                        .containsExactly(sets);
            }
        });
    }

    @Test
    void everyNodeListsTheSameThroughEveryDoor() {
        eventually(() -> {
            JsonNode sets = doors.get(0, "/dispatcher/sets");
            assertThat(sets.path("sets")).hasSize(2);
            assertThat(doors.cli(1, "sets")).isEqualTo(sets);
            assertThat(doors.get(2, "/dispatcher/sets")).isEqualTo(sets);

            JsonNode rows = doors.get(1, "/dispatcher/destinations").path("destinations");
            assertThat(rows).hasSize(3);
            assertThat(doors.cli(2, "list").path("destinations")).isEqualTo(rows);
            assertThat(doors.get(0, "/dispatcher/destinations").path("destinations"))
                    .isEqualTo(rows);
            for (JsonNode row : rows) {
                JsonNode listed = ofMi(0, row);
                assertThat(listed.path("state")).isEqualTo(row.path("state"));
                assertThat(listed.path("weight")).isEqualTo(row.path("weight"));
                assertThat(listed.path("priority")).isEqualTo(row.path("priority"));
                assertThat(listed.path("attr").asText())
                        .isEqualTo(row.path("attrs").asText());
                assertThat(listed.path("description").asText())
                        .isEqualTo(row.path("description").asText());
                assertThat(listed.path("resolved_addresses").path(0).asText())
                        .isEqualTo(row.path("uri").asText().substring("sip:".length()));
            }
        });
    }

    @Test
    void oneIsShownTheSameAndWhatIsNotThereIsRefusedAlike() {
        String id = destinations.id(0);
        String[] ofTheNodeAsked = {"here", "differs", "traffic", "openCalls"};
        eventually(() -> {
            JsonNode shown = without(doors.get(0, Doors.path(id)), ofTheNodeAsked);
            assertThat(without(doors.cli(1, "show", id), ofTheNodeAsked)).isEqualTo(shown);
            assertThat(shown.path("description").asText()).isEqualTo("the first");
        });

        Doors.Answer refused = doors.http(0, "GET", Doors.path("default:1:sip:nowhere"), "");
        assertThat(refused.status()).isEqualTo(404);
        assertThat(doors.run(1, "show", "default:1:sip:nowhere"))
                .isEqualTo(new ProgramRun(1, "", refused.error() + "\n"));
        assertThat(doors.mi(2, "ds_set_state", Map.of("state", "a", "group", "1", "address", "sip:nowhere"))
                        .at("/error/code")
                        .asInt())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "state, {'state':'inactive', inactive, i, Inactive, true",
        "state, {'state':'probing', probing, p, Probing, false",
        "state, {'state':'active', active, a, Active, false",
        "hold, {'why':'', , , Inactive, true",
        "drain, {'why':'', , , Inactive, true",
        "release, {'why':'', , , Active, false",
        "probe, {'who':'', , , Active, false",
    })
    void anOrderIsAnsweredAlikeAndSeenOnAllNodes(
            String verb, String begin, String word, String letter, String state, boolean hold) {
        String id = destinations.id(1);
        String why = verb.equals("probe") ? "}" : ",'why':'works'}";
        String json =
                body(begin.startsWith("{'state'") ? begin + why : verb.equals("probe") ? "{}" : "{'why':'works'}");

        prepared(id, verb);
        JsonNode byHttp = doors.post(0, Doors.path(id) + "/" + verb, json);
        everywhere(id, state, hold);

        prepared(id, verb);
        List<String> command = new ArrayList<>(List.of(verb, id));
        if (word != null) {
            command.add(word);
        }
        if (!verb.equals("probe")) {
            command.addAll(List.of("--why", "works"));
        }
        JsonNode byCommand = doors.cli(1, command.toArray(String[]::new));
        everywhere(id, state, hold);
        assertThat(outcome(byCommand)).isEqualTo(outcome(byHttp));

        if (letter != null) {
            prepared(id, verb);
            Map<String, String> order = Map.of("state", letter, "group", "1", "address", destinations.uri(1));
            assertThat(doors.mi(2, "ds_set_state", order).path("result").asText())
                    .isEqualTo("OK");
            everywhere(id, state, hold);
        }
        doors.post(0, Doors.path(id) + "/state", body("{'state':'active'}"));
        everywhere(id, "Active", false);
    }

    /** So that each door finds the same: active for what takes it out, out for what takes it back. */
    private static void prepared(String id, String verb) {
        boolean out = verb.equals("release");
        doors.post(2, Doors.path(id) + "/state", body("{'state':'" + (out ? "inactive" : "active") + "'}"));
        everywhere(id, out ? "Inactive" : "Active", out);
    }

    /** Without what is another one each time. */
    private static JsonNode outcome(JsonNode answer) {
        JsonNode status = answer.has("status") ? answer.path("status") : answer;
        ObjectNode rest = (ObjectNode) without(status, "version", "sinceMs");
        return rest.set("openCalls", answer.path("openCalls"));
    }

    @Test
    void aReloadIsTriedRefusedAndAppliedAlike() {
        SqlScripts.run(url, row(3, 5991));
        JsonNode dry = doors.post(0, "/dispatcher/reload", body("{'dryRun':true}"));
        assertThat(dry.path("changes")).hasSize(1);
        assertThat(doors.cli(1, "reload", "--dry-run")).isEqualTo(dry);
        setsEverywhere(1, 2);

        assertThat(doors.mi(2, "ds_reload", Map.of()).path("result").asText()).isEqualTo("OK");
        setsEverywhere(1, 2, 3);

        SqlScripts.run(url, "DELETE FROM dispatcher WHERE setid = 3");
        JsonNode gone = doors.cli(0, "reload");
        setsEverywhere(1, 2);
        SqlScripts.run(url, row(3, 5991));
        JsonNode come = doors.post(1, "/dispatcher/reload", "");
        setsEverywhere(1, 2, 3);
        SqlScripts.run(url, "DELETE FROM dispatcher WHERE setid = 3");
        assertThat(without(doors.post(2, "/dispatcher/reload", ""), "revision")).isEqualTo(without(gone, "revision"));
        setsEverywhere(1, 2);
        assertThat(come.path("changes").toString()).isEqualTo("[\"+ default:3:sip:127.0.0.1:5991\"]");
    }

    @Test
    void badRowsAreRefusedAndSkippedAlike() {
        SqlScripts.run(
                url,
                row(4, 5992) + ";\nINSERT INTO dispatcher (setid, destination, weight) VALUES"
                        + " (4, 'sip:127.0.0.1:5993', '5x')");
        try {
            Doors.Answer refused = doors.http(0, "POST", "/dispatcher/reload", "");
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.error()).contains("weight: 5x");
            assertThat(doors.run(1, "reload")).isEqualTo(new ProgramRun(1, "", refused.error() + "\n"));
            JsonNode error = doors.mi(2, "ds_reload", Map.of()).path("error");
            assertThat(error.path("code").asInt()).isEqualTo(500);
            assertThat(error.path("message").asText()).isEqualTo("ERROR Reloading data");
            assertThat(error.path("data").asText()).isEqualTo(refused.error());
            JsonNode dry = doors.post(2, "/dispatcher/reload", body("{'dryRun':true}"));
            ProgramRun tried = doors.run(0, "reload", "--dry-run");
            assertThat(dry.path("error").asText()).isEqualTo(refused.error());
            assertThat(Doors.json(tried.out())).isEqualTo(dry);
            assertThat(tried.err()).isEqualTo(refused.error() + "\n");
            assertThat(tried.status()).isEqualTo(1);
            setsEverywhere(1, 2);

            JsonNode skipped = doors.cli(2, "reload", "--skip-bad-rows");
            setsEverywhere(1, 2, 4);
            SqlScripts.run(url, "UPDATE dispatcher SET setid = 5 WHERE setid = 4 AND weight = '1'");
            JsonNode again = doors.post(1, "/dispatcher/reload", body("{'skipBadRows':true}"));
            setsEverywhere(1, 2, 5);
            assertThat(again.path("warnings")).isEqualTo(skipped.path("warnings"));
        } finally {
            SqlScripts.run(url, "DELETE FROM dispatcher WHERE setid > 3");
            doors.post(0, "/dispatcher/reload", "");
        }
        setsEverywhere(1, 2);
    }

    @Test
    void temporaryDestinationsComeAndGoAlike() {
        JsonNode byHttp = doors.post(0, "/dispatcher/destinations", body("{'set':6,'uri':'sip:127.0.0.1:5994'}"));
        JsonNode byCommand = doors.cli(1, "add", "7", "sip:127.0.0.1:5995", "--state", "inactive");
        assertThat(byHttp.path("changes").toString()).isEqualTo("[\"+ default:6:sip:127.0.0.1:5994\"]");
        assertThat(byCommand.path("changes").toString()).isEqualTo("[\"+ default:7:sip:127.0.0.1:5995\"]");
        setsEverywhere(1, 2, 6, 7);
        everywhere("default:7:sip:127.0.0.1:5995", "Inactive", true);
        assertThat(doors.mi(2, "ds_reload", Map.of()).path("result").asText()).isEqualTo("OK");
        setsEverywhere(1, 2, 6, 7);

        doors.cli(2, "remove", "default:6:sip:127.0.0.1:5994");
        assertThat(doors.http(0, "DELETE", Doors.path("default:7:sip:127.0.0.1:5995"), "")
                        .status())
                .isEqualTo(200);
        setsEverywhere(1, 2);

        Doors.Answer refused = doors.http(1, "DELETE", Doors.path(destinations.id(0)), "");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(doors.run(2, "remove", destinations.id(0))).isEqualTo(new ProgramRun(1, "", refused.error() + "\n"));
    }

    @Test
    void attributesOfTheScriptAreKnownThroughEveryDoor() {
        String[] place = destinations.uri(2).substring("sip:".length()).split(":");
        String json = body("{'set':2,'ip':'" + place[0] + "','port':" + place[1] + ",'attrs':'a=1'}");
        JsonNode byHttp = doors.post(0, "/dispatcher/attrs", json);
        scriptAttrsEverywhere("a=1");
        assertThat(doors.cli(1, "attrs", "2", place[0] + ":" + place[1], "a=2")).isEqualTo(byHttp);
        scriptAttrsEverywhere("a=2");
        Map<String, Object> order = Map.of("attrs", "a=3", "ip", place[0], "port", Integer.valueOf(place[1]), "set", 2);
        assertThat(doors.mi(2, "ds_push_script_attrs", order).path("result").asText())
                .isEqualTo("OK");
        scriptAttrsEverywhere("a=3");

        Doors.Answer refused = doors.http(0, "POST", "/dispatcher/attrs", json.replace(place[1], "1"));
        assertThat(refused.status()).isEqualTo(404);
        assertThat(doors.run(1, "attrs", "2", place[0] + ":1", "a=1"))
                .isEqualTo(new ProgramRun(1, "", refused.error() + "\n"));
    }

    private static void scriptAttrsEverywhere(String attrs) {
        eventually(() -> {
            for (int node = 0; node < NODES; node++) {
                JsonNode row = cluster.destination(node, "default:2:" + destinations.uri(2));
                assertThat(row.path("scriptAttrs").asText()).isEqualTo(attrs);
                assertThat(doors.cli(node, "list", "--set", "2").at("/destinations/0"))
                        .isEqualTo(row);
                assertThat(ofMi(node, row).path("script_attr").asText()).isEqualTo(attrs);
            }
        });
    }

    @Test
    void countsPicksAndNodesAreTheSame() throws IOException {
        doors.post(0, Doors.path(destinations.id(1)) + "/hold", "");
        everywhere(destinations.id(1), "Inactive", true);
        for (String letters : List.of("a", "i", "p", "ai")) {
            JsonNode count = doors.get(0, "/dispatcher/count?set=1&states=" + letters);
            assertThat(doors.cli(1, "count", "1", letters)).isEqualTo(count);
            assertThat(doors.get(2, "/dispatcher/count?set=1&states=" + letters))
                    .isEqualTo(count);
        }
        assertThat(doors.cli(2, "count", "1", "i").path("count").asInt()).isEqualTo(1);

        String invite = Requests.udp(cluster.sip(0)).of("INVITE", "a-call");
        Path file = Files.writeString(directory.resolve("invite"), invite);
        JsonNode picked = doors.post(0, "/dispatcher/pick?source=10.1.0.7:5060", invite);
        assertThat(picked.path("candidates")).hasSize(1);
        assertThat(doors.cli(1, "pick", file.toString(), "--source", "10.1.0.7:5060"))
                .isEqualTo(picked);
        assertThat(doors.cli(2, "pick", file.toString(), "--source", "10.1.0.7:5060"))
                .isEqualTo(picked);

        for (int node = 0; node < NODES; node++) {
            JsonNode seen = doors.get(node, "/dispatcher/node");
            assertThat(doors.cli(node, "nodes")).isEqualTo(seen);
            assertThat(seen.path("address").asText()).isEqualTo(cluster.name(node));
            assertThat(seen.path("members")).hasSize(NODES);
        }
        doors.cli(1, "release", destinations.id(1));
        everywhere(destinations.id(1), "Active", false);
    }

    @Test
    void theHistoryTellsTheSameOnAllNodes() {
        String id = "default:2:" + destinations.uri(2);
        doors.post(0, Doors.path(id) + "/hold", body("{'why':'for the history'}"));
        doors.cli(1, "release", id, "--why", "for the history, too");
        String path = "/dispatcher/history?limit=20&destination=" + id;
        eventually(() -> {
            JsonNode told = doors.get(0, path);
            assertThat(told.path("entries").toString())
                    .contains("\"what\":\"hold\"", "\"what\":\"release\"", "for the history, too");
            assertThat(told.path("entries")).hasSizeGreaterThanOrEqualTo(4);
            assertThat(doors.cli(1, "history", "--destination", id, "--limit", "20"))
                    .isEqualTo(told);
            assertThat(doors.get(2, path)).isEqualTo(told);
        });
    }

    @Test
    void aFirstHitIsCountedWhereItCame() {
        try (UdpPeer caller = new UdpPeer("127.0.0.1")) {
            caller.send(cluster.sip(1), Requests.udp(caller.address()).of("OPTIONS", Requests.newCall()));
            eventually(() -> assertThat(hits(1)).isEqualTo(1));
        }
        assertThat(hits(0)).isZero();
        assertThat(hits(2)).isZero();
        for (int i = 0; i < 2; i++) {
            String id = destinations.id(i);
            JsonNode traffic = doors.get(1, Doors.path(id)).path("traffic");
            assertThat(doors.cli(1, "show", id).path("traffic")).isEqualTo(traffic);
            assertThat(ofMi(1, cluster.destination(1, id)).path("first_hit_counter"))
                    .isEqualTo(traffic.path("firstHits"));
        }
    }

    private static long hits(int node) {
        return cluster.destinations(node).stream()
                .mapToLong(row -> ofMi(node, row).path("first_hit_counter").asLong())
                .sum();
    }
}
