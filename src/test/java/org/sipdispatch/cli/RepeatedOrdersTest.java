package org.sipdispatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What commands print besides the state: a kept reason, the result of a ping, and names that do not exist. */
class RepeatedOrdersTest {
    private static final String ID = "default:1:sip:10.0.0.1:5060";
    private static final String PATH = "/dispatcher/destinations/default%3A1%3Asip%3A10.0.0.1%3A5060";
    private static final String STATUS = """
            {"state":"Inactive","takesTraffic":false,"hold":true,"busy":false,"failures":0,"successes":0,
             "version":"2.1","sinceMs":1,"who":"alice@127.0.0.1","why":"maintenance"}""";

    private final FakeNode node = new FakeNode();

    @BeforeEach
    void hasADestination() {
        node.plays(
                "GET /dispatcher/destinations",
                200,
                "{\"revision\":7,\"total\":1,\"destinations\":[{\"id\":\"" + ID
                        + "\",\"uri\":\"sip:10.0.0.1:5060\"}]}");
        node.plays("GET /dispatcher/sets", 200, "{\"sets\":[{\"partition\":\"default\",\"set\":1}]}");
    }

    @AfterEach
    void close() {
        node.close();
    }

    private CommandRun run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--node", node.url()));
        return CommandRun.of(all.toArray(String[]::new));
    }

    @Test
    void aSecondHoldSaysThatTheFirstReasonStays() {
        node.plays("POST " + PATH + "/hold", 200, STATUS);

        CommandRun run = run("hold", ID, "--why", "new reason");

        assertThat(run.status()).isZero();
        assertThat(run.out())
                .endsWith(", by alice@127.0.0.1: maintenance\n"
                        + "it was on hold already and keeps that reason; release it first to give another\n");
    }

    @Test
    void aHoldWithTheSameReasonOrNoneSaysNothingOfIt() {
        node.plays("POST " + PATH + "/hold", 200, STATUS);

        assertThat(run("hold", ID, "--why", " maintenance ").out()).hasLineCount(1);
        assertThat(run("hold", ID).out()).hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'result':'replied','code':200,'roundTripMicros':1234} | ping: replied 200 in 1.2 ms",
                "{'result':'silent','code':0,'roundTripMicros':0}       | ping: silent"
            },
            quoteCharacter = '"')
    void aProbePrintsTheResultOfThePing(String ping, String line) {
        node.plays("POST " + PATH + "/probe", 200, STATUS);
        node.plays("GET " + PATH, 200, "{\"lastPing\":" + ping.replace('\'', '"') + "}");

        assertThat(run("probe", ID).out()).hasLineCount(2).endsWith(line + "\n");
    }

    @Test
    void theHistoryOfAnUnknownSetIsAnError() {
        node.plays("GET /dispatcher/history", 200, "{\"entries\":[]}");

        assertThat(run("history", "--set", "9"))
                .isEqualTo(new CommandRun(1, "", "set: 9 (expected: one of default:1)\n"));
        assertThat(run("history", "--set", "1").status()).isZero();
    }

    @Test
    void theHistoryOfAnUnknownDestinationIsAnError() {
        node.plays("GET /dispatcher/history", 200, "{\"entries\":[]}");
        node.plays(
                "GET /dispatcher/destinations/nope",
                404,
                "{\"error\":\"destination: nope (expected: one that is defined)\"}");

        CommandRun run = run("history", "--destination", "nope");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("destination: nope (expected: one that is defined)")
                .hasLineCount(1);
        assertThat(run("history", "--destination", "10.0.0.1").status()).isZero();
    }

    @Test
    void theHistoryOfARemovedDestinationIsPrinted() {
        node.plays(
                "GET /dispatcher/history",
                200,
                "{\"entries\":[{\"id\":5,\"atMs\":1,\"destination\":\"gone\",\"what\":\"removed\"}]}");

        assertThat(run("history", "--destination", "gone").out()).contains("removed");
    }
}
