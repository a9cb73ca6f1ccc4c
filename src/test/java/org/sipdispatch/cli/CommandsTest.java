package org.sipdispatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands against the responses of a node. */
class CommandsTest {
    private static final String ID = "default:1:sip:10.0.0.1:5060";
    private static final String ENCODED = "default%3A1%3Asip%3A10.0.0.1%3A5060";
    private static final String STATUS = """
            {"state":"Inactive","takesTraffic":false,"hold":true,"busy":false,"failures":0,"successes":0,
             "version":"2.1","sinceMs":1,"who":"alice@127.0.0.1","why":"maintenance"}""";

    @TempDir
    Path directory;

    private final FakeNode node = new FakeNode();

    @BeforeEach
    void hasDestinations() {
        node.plays(
                "GET /dispatcher/destinations",
                200,
                "{\"revision\":7,\"total\":3,\"offset\":0,\"destinations\":[" + row("default", 1, "10.0.0.1", "Active")
                        + "," + row("default", 1, "10.0.0.2", "Probing") + ","
                        + row("trunks", 2, "10.0.0.2", "Inactive") + "]}");
    }

    @AfterEach
    void close() {
        node.close();
    }

    private static String row(String partition, int set, String host, String state) {
        String uri = "sip:" + host + ":5060";
        return """
                {"id":"%1$s:%2$d:%3$s","partition":"%1$s","set":%2$d,"uri":"%3$s","socket":null,"weight":50,
                 "priority":0,"attrs":"","description":"","scriptAttrs":"","temporary":%5$b,"state":"%4$s",
                 "takesTraffic":true,"hold":false,"busy":false,"failures":2,"successes":0,"version":"1.1",
                 "sinceMs":1,"who":"probe","why":"408","owner":"10.0.0.7:2552"}""".formatted(partition, set, uri, state, set == 2);
    }

    private CommandRun run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--node", node.url()));
        return CommandRun.of(all.toArray(String[]::new));
    }

    @Test
    void setsAreATableWithNumbersToTheRight() {
        node.plays("GET /dispatcher/sets", 200, """
                {"revision":3,"sets":[{"partition":"default","set":1,"destinations":12,"active":11,"probing":1,
                 "inactive":0,"takingTraffic":11,"temporary":0}]}""");

        CommandRun run = run("sets");

        assertThat(run).isEqualTo(new CommandRun(0, """
                        SET        DESTINATIONS  ACTIVE  PROBING  INACTIVE  TAKING TRAFFIC  TEMPORARY
                        default:1            12      11        1         0              11          0
                        """, ""));
    }

    @Test
    void theListHasALineForEachDestination() {
        CommandRun run = run("list", "--set", "trunks:2", "--state", "Probing", "--text", "a b");

        assertThat(run.status()).isZero();
        assertThat(run.out().lines()).hasSize(4);
        assertThat(run.out())
                .containsPattern("default:1:sip:10.0.0.2:5060  Probing +\\d+d\\d\\dh  - +50 +0 +2  probe  408");
        assertThat(run.out()).contains("temporary");
        assertThat(node.asked.get(0).path())
                .isEqualTo("/dispatcher/destinations?partition=trunks&set=2&state=probing&text=a%20b"
                        + "&offset=0&limit=1000");
    }

    @ParameterizedTest
    @CsvSource({"9, ''", "media:1, ''", "trunks:3, ''", "2, 0", "'trunks:', 0"})
    void anEmptyListOfASetThatDoesNotExistNamesTheSets(String set, String status) {
        FakeNode empty = new FakeNode();
        empty.plays("GET /dispatcher/destinations", 200, "{\"revision\":7,\"total\":0,\"destinations\":[]}");
        empty.plays("GET /dispatcher/sets", 200, """
                {"revision":7,"sets":[{"partition":"default","set":1},{"partition":"trunks","set":2}]}""");

        CommandRun run = CommandRun.of("list", "--state", "probing", "--set", set, "--node", empty.url());
        empty.close();

        if (status.isEmpty()) {
            assertThat(run)
                    .isEqualTo(new CommandRun(1, "", "set: " + set + " (expected: one of default:1, trunks:2)\n"));
        } else {
            assertThat(run.status()).isZero();
            assertThat(run.err()).isEmpty();
        }
    }

    @Test
    void jsonIsTheNodesAnswerAsItIs() {
        String answer = "{\"revision\":3,   \"sets\":[]}";
        node.plays("GET /dispatcher/sets", 200, answer);

        assertThat(run("sets", "--json").out()).isEqualTo(answer + "\n");
    }

    @Test
    void aLongListIsReadPageByPage() {
        FakeNode other = new FakeNode();
        for (int i = 0; i < 3; i++) {
            other.plays(
                    "GET /dispatcher/destinations",
                    200,
                    "{\"revision\":1,\"total\":3,\"destinations\":[" + row("default", i, "10.0.0.1", "Active") + "]}");
        }

        CommandRun run = CommandRun.of("list", "--node", other.url());

        assertThat(run.out().lines()).hasSize(4);
        assertThat(other.asked)
                .extracting(FakeNode.Asked::path)
                .last()
                .asString()
                .contains("offset=2");
        other.close();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.11, 'default:1:sip:10.0.0.1:5060 or default:1:sip:10.0.0.2:5060 or trunks:2:sip:10.0.0.2:5060?'",
        "default:1:sip:10.0.0.3:5060, 'default:1:sip:10.0.0.1:5060 or default:1:sip:10.0.0.2:5060?'"
    })
    void aNameThatNobodyHasIsReportedWithThoseThatAreAlike(String name, String meant) {
        CommandRun run = run("hold", name);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).endsWith("; did you mean " + meant + "\n").hasLineCount(1);
    }

    @Test
    void whoNamesNothingAlikeIsSentToTheList() {
        assertThat(run("hold", "nosuch").err())
                .endsWith("; sip-dispatcher list shows the names\n")
                .hasLineCount(1);
    }

    @Test
    void whatTheNodeKnowsThoughItListsItNotIsTaken() {
        node.plays("GET /dispatcher/destinations/gone", 200, "{}");
        node.plays("POST /dispatcher/destinations/gone/hold", 200, STATUS);

        assertThat(run("hold", "gone").status()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hold", "release", "probe"})
    void anOrderGoesToTheDestinationThatAPartOfItsUriNames(String verb) {
        node.plays("POST /dispatcher/destinations/" + ENCODED + "/" + verb, 200, STATUS);

        CommandRun run = run(verb, "10.0.0.1", "--why", "maintenance");

        assertThat(run.status()).isZero();
        assertThat(run.out())
                .startsWith(ID + " is Inactive (hold) for ")
                .endsWith(", by alice@127.0.0.1: maintenance\n");
        assertThat(lastBody())
                .isEqualTo("{\"who\":\"" + System.getProperty("user.name") + "\",\"why\":\"maintenance\"}");
    }

    @Test
    void aPingSaysWhyItsTlsHandshakeFailed() {
        node.plays("POST /dispatcher/destinations/" + ENCODED + "/probe", 200, STATUS);
        node.plays("GET /dispatcher/destinations/" + ENCODED, 200, """
                {"lastPing":{"result":"unreachable","code":0,"roundTripMicros":0,"detail":"TLS expired: yesterday"}}""");

        assertThat(run("probe", "10.0.0.1").out()).endsWith("\nping: unreachable, TLS expired: yesterday\n");
    }

    private static String outcome(String end, String message) {
        return """
                {"order":"key:it's","destination":"%s","what":"hold","outcome":"%s","message":"%s","look":"","history":""}""".formatted(ID, end, message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hold", "release", "state", "drain"})
    void anOrderOfUnknownOutcomeHasAStatusOfItsOwn(String verb) {
        node.plays(
                "POST /dispatcher/destinations/" + ENCODED + "/" + verb,
                202,
                outcome("unknown", "order: unknown outcome (expected: an answer within 15s)"));
        List<String> command = new ArrayList<>(List.of(verb, ID));
        command.addAll(verb.equals("state") ? List.of("a") : List.of());
        command.addAll(List.of("--order-key", "it's"));

        CommandRun run = run(command.toArray(String[]::new));

        assertThat(run)
                .isEqualTo(new CommandRun(
                        4,
                        "",
                        "order: unknown outcome (expected: an answer within 15s);"
                                + " query it with: sip-dispatcher order 'key:it'\\''s' --destination " + ID + "\n"));
        assertThat(node.asked.get(node.asked.size() - 1).headers()).containsEntry("Idempotency-key", "it's");
        command.add("--json");
        assertThat(run(command.toArray(String[]::new)).out()).contains("\"outcome\":\"unknown\"");
    }

    @Test
    void aKeyOfSeveralWordsIsNotSent() {
        CommandRun run = run("hold", ID, "--order-key", "a b");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("--order-key: a b (expected: 1 to 64 printable ASCII characters, no blanks)\n");
    }

    @ParameterizedTest
    @CsvSource({
        "done, 0, done",
        "refused, 1, refused; why",
        "not executed, 1, not executed; why",
        "unknown, 4, unknown; why",
        "waiting, 4, waiting; why"
    })
    void whatBecameOfAnOrderIsAStatusToo(String end, int status, String message) {
        node.plays("GET /dispatcher/orders/key%3Ait%27s", 200, outcome(end, "why"));

        CommandRun run = run("order", "key:it's", "--destination", "10.0.0.1");

        assertThat(run.out()).isEqualTo("order key:it's, hold " + ID + ": " + message + "\n");
        assertThat(run.status()).isEqualTo(status);
        assertThat(node.asked.get(node.asked.size() - 1).path()).endsWith("?destination=" + ENCODED);
    }

    @Test
    void aStateMayBeALetter() {
        node.plays("POST /dispatcher/destinations/" + ENCODED + "/state", 200, STATUS);

        assertThat(run("state", ID, "i").status()).isZero();
        assertThat(lastBody()).contains("\"state\":\"inactive\"");
    }

    @Test
    void whatTheNodeRefusesIsOneLineAndStatusOne() {
        node.plays(
                "GET /dispatcher/destinations/nowhere", 404, "{\"error\":\"destination: nowhere (expected: an id)\"}");

        assertThat(run("show", "nowhere"))
                .isEqualTo(new CommandRun(
                        1, "", "destination: nowhere (expected: an id); sip-dispatcher list shows the names\n"));
    }

    @ParameterizedTest
    @CsvSource({"401", "403"})
    void whoIsNotAuthorisedGetsStatusThree(int status) {
        node.plays("GET /dispatcher/sets", status, "{\"error\":\"token: none\"}");

        CommandRun run = run("sets");

        assertThat(run.status()).isEqualTo(3);
        assertThat(run.err()).startsWith("token: none (expected: an authorised token");
    }

    @Test
    void aNodeThatIsNotThereIsOneLineAndStatusThree() {
        CommandRun run = CommandRun.of("sets", "--node", "http://127.0.0.1:1");

        assertThat(run.status()).isEqualTo(3);
        assertThat(run.err()).startsWith("http://127.0.0.1:1: ").endsWith(" names it)\n");
        assertThat(run.err().lines()).hasSize(1);
    }

    @Test
    void theSecondNodeIsAskedWhereTheFirstIsAway() {
        node.plays("GET /dispatcher/count", 200, "{\"count\":4}");

        CommandRun run =
                CommandRun.of("count", "trunks:2", "ap", "--node", "http://127.0.0.1:1", "--node", node.url() + "/");

        assertThat(run).isEqualTo(new CommandRun(0, "4\n", ""));
        assertThat(node.asked.get(0).path()).isEqualTo("/dispatcher/count?partition=trunks&set=2&states=ap");
    }

    @Test
    void theTokenComesFromItsFile() throws IOException {
        Path token = Files.writeString(directory.resolve("token"), "geheim\n");
        node.plays("GET /dispatcher/sets", 200, "{\"sets\":[]}");

        run("sets", "--token-file", token.toString());

        assertThat(node.asked.get(0).headers()).containsEntry("Authorization", "Bearer geheim");
    }

    @Test
    void aDrainIsWatchedUntilNoCallIsLeftForCertain() {
        String path = "/dispatcher/destinations/" + ENCODED + "/drain";
        node.plays("POST " + path, 200, progress(2, 1, "\"b:1\"", false));
        node.plays("GET " + path, 200, progress(1, 0, "\"b:1\"", false));
        node.plays("GET " + path, 200, progress(0, 1, "", false));
        node.plays("GET " + path, 200, progress(0, 0, "\"b:1\"", false));
        node.plays("GET " + path, 200, progress(0, 0, "", true));

        CommandRun run = run("drain", "10.0.0.1", "--watch", "--interval", "0.01");

        assertThat(run.out().replace(ID + ": ", "")).isEqualTo("""
                2 calls left (a:1 2), 1 ringing; no answer from b:1
                1 call left (a:1 1); no answer from b:1
                0 calls left (a:1 0), 1 ringing
                0 calls left (a:1 0); no answer from b:1
                0 calls left (a:1 0)
                """);
    }

    @Test
    void aDrainThatSomebodyEndsIsNotWaitedFor() {
        String path = "/dispatcher/destinations/" + ENCODED + "/drain";
        node.plays("POST " + path, 200, progress(2, 0, "", false));
        node.plays(
                "GET " + path,
                200,
                progress(2, 0, "", false).replace("\"takesTraffic\":false", "\"takesTraffic\":true"));

        CommandRun run = run("drain", "10.0.0.1", "--watch", "--interval", "0.01");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains(ID + ": takes traffic again (expected: none while it drains)");
    }

    @Test
    void maintenanceIsWatchedUntilNothingIsUnderWay() {
        node.plays("POST /dispatcher/maintenance/on", 200, maintenance(true, 2, 1, 3, ""));
        node.plays("GET /dispatcher/maintenance", 200, maintenance(true, 1, 0, 0, ""));
        node.plays("GET /dispatcher/maintenance", 200, maintenance(true, 0, 0, 0, ""));

        CommandRun run = run("maintenance", "on", "--why", "kernel", "--keep", "--watch", "--interval", "0.01");

        assertThat(run.status()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out().replaceAll("since \\S+ \\S+ ", "")).isEqualTo("""
                a:1: in maintenance by ann (kernel), also after a restart, 2 calls, 1 ringing, 3 transactions pending
                a:1: in maintenance by ann (kernel), also after a restart, 1 call, 0 ringing, 0 transactions pending
                a:1: in maintenance by ann (kernel), also after a restart, 0 calls, 0 ringing, 0 transactions pending
                """);
        assertThat(node.asked.get(0).body()).contains("\"why\":\"kernel\"", "\"keep\":true");
    }

    @Test
    void ifNoNodeIsLeftItWarns() {
        node.plays("POST /dispatcher/maintenance/on", 200, maintenance(true, 0, 0, 0, "no node takes new calls"));

        assertThat(run("maintenance", "on").err()).isEqualTo("warning: no node takes new calls\n");
    }

    @Test
    void maintenanceThatSomebodyEndsIsNotWaitedFor() {
        node.plays("GET /dispatcher/maintenance", 200, maintenance(true, 2, 0, 0, ""));
        node.plays("GET /dispatcher/maintenance", 200, maintenance(false, 2, 0, 0, ""));

        CommandRun run = run("maintenance", "status", "--watch", "--interval", "0.01");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("a:1: takes new calls (expected: a node in maintenance)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    maintenance pause | maintenance: pause (expected: on, off or status)
                    maintenance off --keep | --keep: off (expected: maintenance on)
                    maintenance off --watch | --watch: off (expected: maintenance on or status)
                    """)
    void anOrderOfMaintenanceThatMakesNoSenseIsRefused(String command, String error) {
        CommandRun run = run(command.split(" "));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains(error);
        assertThat(node.asked).isEmpty();
    }

    private static String maintenance(boolean on, int calls, int ringing, int pending, String warning) {
        return """
                {"node":"a:1","maintenance":%b,"keep":true,"sinceMs":1,"who":"ann","why":"kernel","openCalls":%d,
                 "ringing":%d,"pending":%d,"done":%b,"takingNodes":[],"warning":"%s"}""".formatted(on, calls, ringing, pending, on && calls + ringing + pending == 0, warning);
    }

    private static String progress(int open, int ringing, String silent, boolean done) {
        return """
                {"status":{"takesTraffic":false},"openCalls":{"total":%1$d,"ringing":%2$d,"nodes":{"a:1":%1$d},\
                "silent":[%3$s]},"done":%4$s}""".formatted(open, ringing, silent, done);
    }

    @Test
    void aReloadTellsItsChangesAndWarnings() {
        node.plays("POST /dispatcher/reload", 200, """
                {"revision":8,"changes":["+ default:1:sip:10.0.0.9"],"warnings":["dispatcher id 7: ..."],"error":""}""");

        CommandRun run = run("reload", "--dry-run", "--partition", "trunks");

        assertThat(run.out()).isEqualTo("""
                + default:1:sip:10.0.0.9
                warning: dispatcher id 7: ...
                1 change, not applied
                """);
        assertThat(lastBody()).contains("\"dryRun\":true", "\"dropTemporary\":false", "\"partition\":\"trunks\"");
    }

    @Test
    void aReloadThatIsRefusedHasStatusOne() {
        node.plays("POST /dispatcher/reload", 409, "{\"error\":\"dispatcher id 7: weight: x (expected: a number)\"}");

        assertThat(run("reload").status()).isEqualTo(1);
    }

    @Test
    void aDryRunThatWouldBeRefusedTellsTheChangesToo() {
        node.plays("POST /dispatcher/reload", 200, """
                {"revision":8,"changes":["+ default:1:sip:10.0.0.9"],"warnings":[],"error":"rows: 1 that cannot be used"}""");

        CommandRun run = run("reload", "--dry-run");

        assertThat(run.out()).isEqualTo("+ default:1:sip:10.0.0.9\n1 change, not applied\n");
        assertThat(run.err()).isEqualTo("rows: 1 that cannot be used\n");
        assertThat(run.status()).isEqualTo(1);
        assertThat(lastBody()).doesNotContain("skipBadRows");
    }

    @Test
    void badRowsAreSkippedByOrder() {
        node.plays("POST /dispatcher/reload", 200, """
                {"revision":8,"changes":[],"warnings":["dispatcher id 7: ..."],"error":""}""");

        assertThat(run("reload", "--skip-bad-rows").out())
                .isEqualTo("warning: dispatcher id 7: ...\n0 changes, revision 8\n");
        assertThat(lastBody()).contains("\"skipBadRows\":true");
        run("reload", "--no-skip-bad-rows");
        assertThat(lastBody()).contains("\"skipBadRows\":false");
    }

    @Test
    void temporaryDestinationsComeAndGo() {
        String outcome = "{\"revision\":9,\"changes\":[\"one\"],\"warnings\":[],\"error\":\"\"}";
        node.plays("POST /dispatcher/destinations", 200, outcome);
        node.plays("DELETE /dispatcher/destinations/" + ENCODED, 200, outcome);

        assertThat(run("add", "trunks:2", "sip:10.0.0.9", "--weight", "5").out())
                .endsWith("1 change, revision 9\n");
        assertThat(lastBody()).contains("\"partition\":\"trunks\",\"set\":2,\"uri\":\"sip:10.0.0.9\",\"weight\":5");
        assertThat(run("remove", "10.0.0.1").status()).isZero();
        assertThat(node.asked.get(node.asked.size() - 1).method()).isEqualTo("DELETE");
    }

    @Test
    void aPickIsExplained() throws IOException {
        Path request = Files.writeString(directory.resolve("invite"), "INVITE sip:a@b SIP/2.0\nCall-ID: x\n");
        node.plays("POST /dispatcher/pick", 200, """
                {"outcome":"dispatch","reason":null,"rule":"rules[0]","mode":"stateful","replyCode":0,"replyReason":null,
                 "sets":[{"partition":"default","set":1,"algorithm":"0","algorithmName":"call-id","flags":"F",
                  "key":"x","hash":77,"note":"","members":[
                   {"destination":"default:1:sip:10.0.0.1","usable":true,"rank":1,"why":"picked","state":"Active"},
                   {"destination":"default:1:sip:10.0.0.2","usable":false,"rank":0,"why":"held","state":"Inactive",
                    "hold":true}],"candidates":[0]}],
                 "candidates":["default:1:sip:10.0.0.1"],"headers":["X-Attrs: eu"],"log":"to eu"}""");

        CommandRun run = run("pick", request.toString(), "--source", "10.1.0.7:5060");

        assertThat(run.out()).isEqualTo("""
                dispatch by rules[0], stateful
                set default:1, algorithm 0 (call-id), flags F, key x, hash 77
                  RANK  DESTINATION             STATE     NOTES  WHY
                     1  default:1:sip:10.0.0.1  Active    -      picked
                     -  default:1:sip:10.0.0.2  Inactive  hold   held
                goes to  default:1:sip:10.0.0.1
                with     X-Attrs: eu
                logs     to eu
                """);
        assertThat(lastBody()).isEqualTo("INVITE sip:a@b SIP/2.0\nCall-ID: x\n");
        assertThat(node.asked.get(0).path()).isEqualTo("/dispatcher/pick?source=10.1.0.7%3A5060");
    }

    @Test
    void aPickOfParallelDestinationsNamesThemAll() throws IOException {
        Path request = Files.writeString(directory.resolve("invite"), "INVITE sip:a@b SIP/2.0\n");
        node.plays("POST /dispatcher/pick", 200, """
                {"outcome":"dispatch","mode":"stateful","replyCode":0,
                 "sets":[{"partition":"default","set":1,"algorithmName":"parallel","members":[]}],
                 "candidates":["default:1:sip:10.0.0.1","default:1:sip:10.0.0.2"]}""");

        assertThat(run("pick", request.toString()).out())
                .endsWith("at once to  default:1:sip:10.0.0.1\nat once to  default:1:sip:10.0.0.2\n");
    }

    @Test
    void theHistoryIsAskedForByTimeAndSet() {
        node.plays("GET /dispatcher/history", 200, """
                {"entries":[{"id":5,"atMs":1700000000000,"kind":"STATUS","destination":"default:1:sip:a","state":"Probing",
                 "busy":false,"what":"status","who":"probe","why":"408","version":"1.2","node":"10.0.0.7:2552"}]}""");

        CommandRun run = run("history", "--since", "2h", "--set", "trunks:", "--who", "probe", "--limit", "5");

        assertThat(run.out()).contains("default:1:sip:a  status  Probing  probe  10.0.0.7:2552  408");
        assertThat(node.asked.get(0).path())
                .matches("/dispatcher/history\\?partition=trunks&who=probe&from=\\d{13}&limit=5");
    }

    @Test
    void whatIsSupersededIsNoStatusInTheHistory() {
        node.plays("GET /dispatcher/history", 200, """
                {"entries":[{"id":5,"atMs":1700000000000,"kind":"STATUS","destination":"default:1:sip:a","state":"",
                 "busy":false,"what":"superseded","who":"ann","why":"works","version":"6.2","node":"10.0.0.7:2552",
                 "superseded":true,"supersededState":"Inactive"}]}""");

        assertThat(run("history").out()).contains("default:1:sip:a  superseded  Inactive  ann  10.0.0.7:2552  works");
    }

    @Test
    void nodesAreATable() {
        node.plays("GET /dispatcher/node", 200, """
                {"address":"a:1","listening":true,"member":true,"suspects":[],"members":[
                 {"address":"a:1","status":"Up","reachable":true,"oldest":true,"self":true,"owned":3,
                  "revision":7,"checksum":"00ff00ff00ff00ff"}],"differing":["b:1"]}""");

        assertThat(run("nodes").out()).isEqualTo("""
                node a:1, listening, a member
                NODE  STATUS  REACHABLE  OLDEST  ASKED  MAINTENANCE  DESTINATIONS  REVISION  CHECKSUM
                a:1   Up      yes        yes     yes    no                      3         7  00ff00ff00ff00ff
                other definitions than at this node: b:1
                """);
    }

    @Test
    void allOfADestinationIsShown() {
        node.plays("GET /dispatcher/destinations/" + ENCODED, 200, """
                {"id":"x","state":"Active","sinceMs":1700000000000,"lastPing":{"result":"ok","code":200},
                 "openCalls":{"total":2,"nodes":{"a:1":2}},"opinions":[]}""");

        assertThat(run("show", "10.0.0.1").out().lines())
                .contains("id             x", "lastPing:", "  code           200", "openCalls:", "  total          2")
                .anyMatch(line -> line.matches("since +2023-11-1.* ago"));
    }

    @Test
    void aTableInAPipeShowsWhatCameBetweenTwoLooks() {
        node.plays("GET /dispatcher/traffic", 200, traffic(1000, 10, 4));
        node.plays("GET /dispatcher/traffic", 200, traffic(3000, 30, 24));

        CommandRun run = run("top", "--interval", "0.1");

        assertThat(run.out().lines().map(String::stripTrailing))
                .anyMatch(line ->
                        line.matches("  sip:10.0.0.1:5060 +Active +\\S+ +- +10.0 +10.0 +0.0 +0.0 +0.0 +<5 +<5 +3"
                                + " +40 +90 +1200 +-"))
                .anyMatch(line -> line.matches("  sip:10.0.0.2:5060 +Probing +\\S+ +slow-start-40% +0.0 .*"));
        assertThat(run.out().lines()).anyMatch(line -> line.matches("default:1 +2 of 2 .* 10.0 .*"));
        assertThat(run.out()).doesNotContain("\u001b");
    }

    private static String traffic(long atMs, long hits, long good) {
        return """
                {"atMs":%d,"node":{"requests":1,"pending":0},"destinations":[{"id":"%s","firstHits":%d,"requests":%2$d,
                 "replies":{"1xx":0,"2xx":%d},"silent":0,"unreachable":0,"failovers":0,
                 "latencyMs":{"count":%3$d,"sumMs":3,"buckets":{"1":0,"2":0,"5":%3$d,"inf":0}},"openCalls":3}],
                 "quality":[{"id":"default:1:sip:10.0.0.1:5060","asr":40.2,"ner":89.9,"pddMs":1200.4}],
                 "shares":[{"id":"default:1:sip:10.0.0.2:5060","backoffMs":0,"slowStartPercent":40}]}""".replace("%2$d", String.valueOf(hits))
                .replace("%3$d", String.valueOf(hits))
                .formatted(atMs, ID, hits, good);
    }

    @Test
    void textsOfOthersGiveNoOrdersToTheTerminal() {
        node.plays("GET /dispatcher/destinations/x", 404, "{\"error\":\"a\\u001b[2Jb\"}");

        assertThat(run("show", "x").err()).isEqualTo("a?[2Jb; sip-dispatcher list shows the names\n");
    }

    @ParameterizedTest
    @CsvSource({
        "count, trunks:, ''",
        "state, x, broken",
        "count, 1, xyz",
        "history, --since, yesterday",
        "top, --interval, 0"
    })
    void whatCannotBeMeantIsStatusTwo(String command, String first, String second) {
        CommandRun run = second.isEmpty() ? run(command, first) : run(command, first, second);

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).matches(".+: .+ \\(expected: .+\\)\n");
    }

    @Test
    void everyCommandHasHelpWithExamples() {
        for (String name :
                new String[] {"list", "pick", "top", "events", "drain", "count", "add", "history", "figure"}) {
            assertThat(CommandRun.of(name, "--help").out())
                    .contains("Examples:", "sip-dispatcher " + name, "Exit status:", "refused by the node");
        }
    }

    @Test
    void theCompletionKnowsCommandsAndOptions() {
        assertThat(CommandRun.of("completion").out()).contains("complete -F", "--drop-temporary", "history");
    }

    @Test
    void limitsAreATable() {
        node.plays(
                "GET /dispatcher/limits",
                200,
                "{\"limits\":[{\"name\":\"default:1:sip:a\",\"maxCalls\":500,\"minAsr\":40,\"calls\":12,\"elsewhere\":7,\"free\":8,"
                        + "\"refused\":3},{\"name\":\"source:acme\",\"maxCps\":50,\"burst\":10,\"calls\":2,\"elsewhere\":0,"
                        + "\"refused\":0}]}");

        assertThat(run("limits").out().lines().map(line -> line.strip().replaceAll(" +", " ")))
                .containsExactly(
                        "LIMIT CALLS ELSEWHERE FREE MAXCALLS MAXCPS BURST MINASR HITS",
                        "default:1:sip:a 12 7 8 500 40 3",
                        "source:acme 2 0 50 10 0");
    }

    @Test
    void aNodeMayHaveNoLimits() {
        node.plays("GET /dispatcher/limits", 200, "{\"limits\":[]}");

        assertThat(run("limits").out()).isEqualTo("no destination and no source has a limit\n");
    }

    @Test
    void aFigureIsPushedListedAndRemoved() {
        node.plays("PUT /dispatcher/figures/load_1", 200, "{\"values\":2,\"unknown\":[\"sip:b;transport=tcp\"]}");
        node.plays("DELETE /dispatcher/figures/load_1", 200, "{}");
        node.plays(
                "GET /dispatcher/figures",
                200,
                "{\"figures\":[{\"name\":\"load_1\",\"pushedAtMs\":0,\"expires\":30,"
                        + "\"who\":\"ann\",\"values\":{\"sip:a\":-70}}]}");

        CommandRun pushed = run("figure", "load_1", "sip:a=-70", "sip:b;transport=tcp=12", "--expires", "30");
        String body = lastBody();
        CommandRun removed = run("figure", "load_1", "--remove");

        assertThat(pushed)
                .isEqualTo(new CommandRun(0, "2 values\n", "no destination has this URI now: sip:b;transport=tcp\n"));
        assertThat(body).contains("\"values\":{\"sip:a\":-70,\"sip:b;transport=tcp\":12},\"expires\":30");
        assertThat(removed).isEqualTo(new CommandRun(0, "load_1 removed\n", ""));
        assertThat(run("figure").out().lines().skip(1))
                .singleElement()
                .asString()
                .matches("load_1 +sip:a +-70 .* 30s +ann");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sip:a", "sip:a=", "sip:a=x", "=5", "--remove sip:a=5", ""})
    void aFigureThatCannotBeMeantIsStatusTwo(String values) {
        List<String> arguments = new ArrayList<>(List.of("figure", "load"));
        arguments.addAll(List.of(values.split(" ")));
        arguments.remove("");

        CommandRun run = run(arguments.toArray(String[]::new));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("(expected: ");
    }

    /** The body of the last order. */
    private String lastBody() {
        List<FakeNode.Asked> orders =
                node.asked.stream().filter(one -> !one.method().equals("GET")).toList();
        return orders.get(orders.size() - 1).body();
    }
}
