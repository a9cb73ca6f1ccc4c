package org.sipdispatch.manage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManageRoutesTest {
    private static RunningNode node;

    @BeforeAll
    static void start() {
        node = new RunningNode();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void idsWithAllThatAUriMayHoldAreFound() {
        for (String id : List.of(node.withSocket(), RunningNode.withSlash(), RunningNode.withPercent())) {
            assertThat(node.get(RunningNode.path(id)).json().path("id").asText())
                    .isEqualTo(id);
        }
    }

    @Test
    void anIdNeedsNoMoreEscapesThanAPathDoes() {
        String path = "/dispatcher/destinations/" + RunningNode.withSlash().replace("/", "%2F");

        assertThat(node.get(path).status()).isEqualTo(200);
    }

    @Test
    void aHoldIsShownWithWhoAndWhyAndEndsWithARelease() {
        String path = RunningNode.path(RunningNode.withPercent());

        RunningNode.Answer held = node.post(path + "/hold", "{\"why\":\"repair\",\"who\":\"ann\"}");
        RunningNode.Answer released = node.post(path + "/release", "");

        assertThat(held.json().path("hold").asBoolean()).isTrue();
        assertThat(held.json().path("shown").asBoolean()).isTrue();
        assertThat(held.json().path("who").asText()).startsWith("ann");
        assertThat(held.json().path("why").asText()).isEqualTo("repair");
        assertThat(released.json().path("state").asText()).isEqualTo("Active");
    }

    @Test
    void aPageOfTheListIsThatPage() {
        RunningNode.Answer page = node.get("/dispatcher/destinations?set=1&offset=1&limit=1");

        assertThat(page.json().path("total").asInt()).isEqualTo(3);
        assertThat(page.json().path("offset").asInt()).isEqualTo(1);
        assertThat(page.json().path("destinations")).hasSize(1);
    }

    @Test
    void destinationsAreFoundByStateAndText() {
        assertThat(node.get("/dispatcher/destinations?state=a&text=GW%40127")
                        .json()
                        .path("total")
                        .asInt())
                .isEqualTo(1);
        assertThat(node.get("/dispatcher/destinations?set=2&state=probing")
                        .json()
                        .path("total")
                        .asInt())
                .isZero();
    }

    @Test
    void aSetIsShownWithItsDestinationsOnly() {
        RunningNode.Answer set = node.get("/dispatcher/sets/default/2");

        assertThat(set.json().path("set").asInt()).isEqualTo(2);
        assertThat(set.json().path("destinations")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/dispatcher/destinations?limit=abc     | 400 | limit: abc (expected: a number from 0 to 2147483647)",
                "/dispatcher/destinations?limit=-1      | 400 | limit: -1 (expected: a number",
                "/dispatcher/destinations?state=zz      | 400 | state: zz (expected: active, inactive or probing)",
                "/dispatcher/destinations?staet=a       | 400 | staet: a (expected: one of partition, set, state",
                "/dispatcher/destinations?set=1&set=2   | 400 | set: 2 (expected: once)",
                "/dispatcher/destinations/no:1:such     | 404 | destination: no:1:such (expected: one that is defined)",
                "/dispatcher/destinations/no:1:such/drain | 404 | destination: no:1:such (expected:",
                "/dispatcher/orders/x?destination=no:1:such | 404 | destination: no:1:such (expected: one that is",
                "/dispatcher/sets/default/99            | 404 | set: default:99 (expected: one with destinations)",
                "/dispatcher/sets/default/x             | 400 | set: x (expected: a number",
                "/dispatcher/count                      | 400 | set: nothing (expected: a set's number)",
                "/dispatcher/count?set=1&states=x       | 400 | states: x (expected: letters",
                "/dispatcher/count?set=77               | 404 | set: default:77",
                "/dispatcher/history?from=gibberish     | 400 | from: gibberish (expected: a time such as",
                "/dispatcher/history?to=2026-13-40T0:0  | 400 | to: 2026-13-40T0:0 (expected: a time such as",
                "/dispatcher/history?limit=1001         | 400 | limit: 1001 (expected: a number from 1 to 1000)",
                "/dispatcher/history?limit=0            | 400 | limit: 0 (expected: a number from 1 to 1000)",
                "/dispatcher/events?lastEventId=x       | 400 | lastEventId: x (expected: a number from 0)",
                "/dispatcher/events?traffic=yes         | 400 | traffic: yes (expected: on or off)",
                "/dispatcher/node?x=1                   | 400 | x: 1 (expected: no parameters here)",
                "/dispatcher/nothing                    | 404 | path: /dispatcher/nothing (expected:",
                "/dispatcher                            | 404 | path: /dispatcher (expected:",
                "/dispatcher/reload                     | 405 | method: GET (expected: POST)",
            })
    void aQuestionThatMakesNoSenseIsRefused(String path, int status, String error) {
        RunningNode.Answer answer = node.get(path);

        assertThat(answer.error()).startsWith(error);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.http().headers().firstValue("Content-Type")).hasValue("application/json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/dispatcher/reload      | {\"dryRun\":tru}             | body: line 1 (expected: JSON: ",
                "/dispatcher/reload      | {\"dryRun\":true}x           | body: line 1 (expected: JSON: ",
                "/dispatcher/reload      | {\"dryRun\":true,\"dryRun\":1} | body: line 1 (expected: JSON: Dupl",
                "/dispatcher/reload      | [1]                          | body: ARRAY (expected: a JSON object)",
                "/dispatcher/reload      | 7                            | body: NUMBER (expected: a JSON object)",
                "/dispatcher/reload      | {\"dryRun\":\"yes\"}         | dryRun: \"yes\" (expected: true or false)",
                "/dispatcher/reload      | {\"dry\":true}               | dry: true (expected: one of partition, ",
                "/dispatcher/destinations | {}                          | set: nothing (expected: a number from 0",
                "/dispatcher/destinations | {\"set\":\"1\"}             | set: \"1\" (expected: a number from 0",
                "/dispatcher/destinations | {\"set\":1}                 | uri: nothing (expected: a text)",
                "/dispatcher/destinations | {\"set\":1,\"uri\":\"tel:1\"} | uri: tel:1 (expected: a sip URI)",
                "/dispatcher/destinations | {\"set\":1,\"uri\":\"sip:a\",\"weight\":\"x\"} | weight: \"x\" (expected: a",
                "/dispatcher/destinations | {\"set\":1,\"uri\":\"sip:a\",\"weight\":65536} | weight: 65536 (expected: a",
                "/dispatcher/destinations | {\"set\":1,\"uri\":\"sip:a\",\"state\":\"z\"} | state: z (expected: active",
                "/dispatcher/attrs       | {\"set\":1,\"ip\":5}         | ip: 5 (expected: a text)",
                "/dispatcher/attrs       | {\"set\":1.5}                | set: 1.5 (expected: a number",
            })
    void aBodyThatMakesNoSenseIsRefused(String path, String body, String error) {
        RunningNode.Answer answer = node.post(path, body);

        assertThat(answer.error()).startsWith(error);
        assertThat(answer.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "load  | {}                                | values: nothing (expected: an object of whole numbers)",
                "load  | {\"values\":[1]}                    | values: [1] (expected: an object of whole numbers)",
                "load  | {\"values\":{\"sip:a\":1.5}}          | values.sip:a: 1.5 (expected: a whole number)",
                "load  | {\"values\":{\"sip:a\":2147483648}}   | values: sip:a = 2147483648 (expected: whole numbers",
                "load  | {\"values\":{\"gw1\":1}}              | values: gw1 (expected: the URI of a destination",
                "load  | {\"values\":{},\"expires\":0}         | expires: 0 (expected: seconds from 1 to 86400)",
                "a%20b | {\"values\":{}}                     | name: a b (expected: 1 to 64 letters, digits",
            })
    void aFigureThatMakesNoSenseIsRefused(String name, String body, String error) {
        RunningNode.Answer answer = node.send("PUT", "/dispatcher/figures/" + name, body);

        assertThat(answer.error()).startsWith(error);
        assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    void aStateThatDoesNotExistIsRefused() {
        RunningNode.Answer answer = node.post(RunningNode.path(node.withSocket()) + "/state", "{\"state\":\"up\"}");

        assertThat(answer.error()).isEqualTo("state: up (expected: active, inactive or probing)");
        assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    void aLineOfABodyIsNamed() {
        assertThat(node.post("/dispatcher/reload", "{\n\"dryRun\":\n!}").error())
                .startsWith("body: line 3 ");
    }

    @Test
    void whatAPathTakesIsSaidWhereItTakesSomethingElse() {
        RunningNode.Answer answer = node.send("PUT", "/dispatcher/destinations", "{}");

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.http().headers().firstValue("Allow")).hasValue("GET, HEAD, POST");
        assertThat(answer.error()).isEqualTo("method: PUT (expected: GET or HEAD or POST)");
    }

    @Test
    void headIsAnsweredAsGet() {
        RunningNode.Answer answer = node.send("HEAD", "/dispatcher/ready", "");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.http().body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/ready, ready", "/dispatcher/ready, ready", "/alive, alive"})
    void itIsReadyAndAlive(String path, String field) {
        RunningNode.Answer answer = node.get(path);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path(field).asBoolean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "http://evil.example, 403",
        "http://127.0.0.1:1, 403",
        "null, 403",
        "http://127.0.0.1:$port, 200",
    })
    void ordersOfPagesAreTakenFromPagesOfThisNodeOnly(String origin, int status) {
        RunningNode.Answer answer = node.post(
                "/dispatcher/reload",
                "{\"dryRun\":true}",
                "Origin",
                origin.replace("$port", String.valueOf(node.port())));

        assertThat(answer.status()).isEqualTo(status);
    }

    @Test
    void aPageOfAnotherHostMayNotEvenLook() {
        assertThat(node.get("/dispatcher/sets", "Origin", "http://evil.example").status())
                .isEqualTo(403);
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        RunningNode.Answer answer = node.post("/dispatcher/pick", "x".repeat(9 << 20));

        assertThat(answer.status()).as(answer.http().body()).isEqualTo(413);
        assertThat(answer.error()).startsWith("body: ");
        assertThat(node.post("/dispatcher/pick", "x".repeat(65_537)).status()).isEqualTo(413);
    }

    @Test
    void whoamiShowsTheCaller() {
        RunningNode.Answer answer = node.get("/dispatcher/whoami");

        assertThat(answer.json().path("role").asText()).isEqualTo("write");
        assertThat(answer.json().path("open").asBoolean()).isTrue();
    }

    @Test
    void anOrderStandsInTheHistory() {
        node.post(RunningNode.path(RunningNode.ofSetTwo()) + "/hold", "{\"who\":\"bob\",\"why\":\"tried\"}");
        node.post(RunningNode.path(RunningNode.ofSetTwo()) + "/release", "{\"who\":\"bob\"}");

        Awaitility.await()
                .untilAsserted(() -> assertThat(
                                node.get("/dispatcher/history?set=2&who=bob&from=2020-01-01T00:00:00%2B01:00")
                                        .json()
                                        .path("entries"))
                        .anySatisfy(entry -> {
                            assertThat(entry.path("what").asText()).isEqualTo("hold");
                            assertThat(entry.path("why").asText()).contains("tried");
                        }));
        assertThat(node.get("/dispatcher/history?set=1&who=bob").json().path("entries"))
                .isEmpty();
    }

    private static RunningNode.Answer order(String verb, String body, String key) {
        return node.post(RunningNode.path(RunningNode.ofSetTwo()) + "/" + verb, body, "Idempotency-Key", key);
    }

    @Test
    void anOrderWithAKeyIsExecutedOnceAndAnsweredAlike() {
        RunningNode.Answer first = order("hold", "{\"who\":\"dora\"}", "a/key?");
        node.post(RunningNode.path(RunningNode.ofSetTwo()) + "/release", "");

        RunningNode.Answer again = order("hold", "{\"who\":\"dora\"}", "a/key?");

        assertThat(first.json().path("hold").asBoolean()).isTrue();
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(node.get(RunningNode.path(RunningNode.ofSetTwo()))
                        .json()
                        .path("hold")
                        .asBoolean())
                .isFalse();
        for (String query : List.of("", "?destination=" + RunningNode.encoded(RunningNode.ofSetTwo()))) {
            RunningNode.Answer outcome = node.get("/dispatcher/orders/key:a%2Fkey%3F" + query);
            assertThat(outcome.json().path("outcome").asText()).isEqualTo("done");
            assertThat(outcome.json().path("what").asText()).isEqualTo("hold");
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(node.get("/dispatcher/history?who=dora")
                                .json()
                                .path("entries")
                                .findValuesAsText("why"))
                        .contains("done; order key:a/key?"));
    }

    @Test
    void aKeyIsOfOneOrder() {
        order("state", "{\"state\":\"active\"}", "another");

        RunningNode.Answer answer = order("state", "{\"state\":\"probing\"}", "another");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.error())
                .isEqualTo("order: key:another (expected: another name; this one was used for: set_state Active "
                        + RunningNode.ofSetTwo() + ")");
    }

    @Test
    void aRefusedOrderHasTheSameEntryThroughHttpAndMi() {
        String id = "default:2:sip:127.0.0.1:5999";
        node.post(
                RunningNode.path(id) + "/state",
                "{\"state\":\"active\",\"why\":\"MI command\"}",
                "Idempotency-Key",
                "over-http");
        node.post("/mi", """
                {"jsonrpc":"2.0","id":1,"method":"ds_set_state","params":
                 {"state":"active","group":"2","address":"sip:127.0.0.1:5999","key":"over-mi"}}""");

        String refused =
                "Active: MI command; refused: destination: " + id + " (expected: one that is defined); order key:";
        Awaitility.await().untilAsserted(() -> {
            JsonNode entries = node.get("/dispatcher/history?destination=" + RunningNode.encoded(id))
                    .json()
                    .path("entries");
            assertThat(entries.findValuesAsText("why"))
                    .containsExactlyInAnyOrder(refused + "over-http", refused + "over-mi");
            assertThat(entries.findValuesAsText("what")).containsOnly("set_state");
            assertThat(entries.findValuesAsText("who")).hasSize(2).allMatch(who -> who.endsWith("@127.0.0.1"));
        });
    }

    @Test
    void attributesForNoDestinationAreInTheHistoryToo() {
        node.post("/dispatcher/attrs", "{\"partition\":\"default\",\"set\":2,\"ip\":\"10.9.9.9\",\"attrs\":\"a=1\"}");
        node.post(
                "/dispatcher/attrs",
                "{\"partition\":\"default\",\"set\":9,\"ip\":\"10.9.9.9\",\"port\":5060,\"attrs\":\"a=1\"}");

        Awaitility.await()
                .untilAsserted(() -> assertThat(node.get("/dispatcher/history?limit=1000")
                                .json()
                                .path("entries")
                                .findValuesAsText("why"))
                        .contains(
                                "default:2 10.9.9.9 a=1; refused: destination: 10.9.9.9 (expected: one of set default:2)",
                                "default:9 10.9.9.9:5060 a=1; refused: set: default:9 (expected: one with"
                                        + " destinations)"));
    }

    @Test
    void aNodeInMaintenanceIsNotReadyAndTheHistoryHasTheOrders() {
        RunningNode.Answer begun = node.post("/dispatcher/maintenance/on", "{\"why\":\"kernel\",\"keep\":true}");
        assertThat(begun.status()).isEqualTo(200);
        assertThat(begun.json().path("warning").asText()).startsWith("no node takes new calls");
        assertThat(node.get("/ready").status()).isEqualTo(503);
        assertThat(node.get("/ready").json().path("reasons").get(0).asText())
                .startsWith("maintenance: ordered by ")
                .contains("(kernel)");

        node.post("/dispatcher/maintenance/off", "");

        assertThat(node.get("/ready").status()).isEqualTo(200);
        List<String> entries = new ArrayList<>();
        node.get("/dispatcher/history?limit=1000").json().path("entries").forEach(entry -> {
            if (entry.path("what").asText().startsWith("maintenance")) {
                entries.add(
                        entry.path("what").asText() + ": " + entry.path("why").asText());
            }
        });
        assertThat(entries).contains("maintenance_off: done", "maintenance_on: also after a restart: kernel; done");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hold", "release", "drain", "state"})
    void aKeyThatMakesNoSenseIsRefusedByItsName(String verb) {
        RunningNode.Answer answer = order(verb, verb.equals("state") ? "{\"state\":\"active\"}" : "", "a b");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error())
                .isEqualTo("Idempotency-Key: a b (expected: 1 to 64 printable ASCII characters, no blanks)");
    }

    @Test
    void ofAnOrderThatWasNotGivenHereNothingIsKnown() {
        RunningNode.Answer answer = node.get("/dispatcher/orders/no-such-one");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("outcome").asText()).isEqualTo("unknown");
        assertThat(answer.json().path("message").asText()).startsWith("order: unknown outcome at this node");
    }

    @Test
    void whoGoesOnFromTheBeginningReadsTheOldestFirst() {
        for (String verb : new String[] {"hold", "release"}) {
            node.post(RunningNode.path(RunningNode.ofSetTwo()) + "/" + verb, "{\"who\":\"carol\"}");
        }

        Awaitility.await()
                .untilAsserted(() -> assertThat(whats("/dispatcher/history?after=0&who=carol&set=2"))
                        .containsSubsequence("hold", "release"));
        assertThat(whats("/dispatcher/history?who=carol&set=2")).containsSubsequence("release", "hold");
    }

    private static List<String> whats(String path) {
        return node.get(path).json().path("entries").findValuesAsText("what");
    }
}
