package org.sipdispatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands for a destination whose name has several addresses, against the responses of a node. */
class TargetCommandsTest {
    private static final String ID = "default:1:sip:gw.example.com";
    private static final String ENCODED = "default%3A1%3Asip%3Agw.example.com";
    private static final String ROW = """
            {"id":"%s","partition":"default","set":1,"uri":"sip:gw.example.com","socket":null,"weight":50,
             "priority":0,"attrs":"","description":"","scriptAttrs":"","temporary":false,"state":"Active",
             "takesTraffic":true,"hold":false,"busy":false,"failures":0,"successes":0,"version":"1.1",
             "sinceMs":1,"who":"probe","why":"200","owner":"10.0.0.7:2552","dnsFailure":"SERVFAIL",
             "share":{"backoffMs":12400,"slowStartPercent":100},
             "targets":[
              {"target":"192.0.2.1:5060","host":"a","priority":10,"weight":60,"state":"Active","takesTraffic":true,
               "hold":false,"busy":false,"failures":0,"successes":0,"sinceMs":1,"who":"dns","why":"new"},
              {"target":"192.0.2.2:5060","host":"b","priority":0,"weight":0,"state":"Inactive","takesTraffic":false,
               "hold":true,"busy":false,"failures":3,"successes":0,"sinceMs":1,"who":"ann","why":"repair"}]}""".formatted(ID);
    private static final String STATUS = """
            {"state":"Active","takesTraffic":true,"hold":false,"busy":false,"failures":0,"successes":0,
             "version":"2.1","sinceMs":1,"who":"probe","why":"200","shown":true}""";

    private final FakeNode node = new FakeNode();

    @BeforeEach
    void hasTheDestination() {
        node.plays(
                "GET /dispatcher/destinations",
                200,
                "{\"revision\":7,\"total\":1,\"offset\":0,\"destinations\":[" + ROW + "]}");
        node.plays("GET /dispatcher/destinations/" + ENCODED, 200, ROW);
        for (String order : List.of("hold", "release", "state")) {
            node.plays("POST /dispatcher/destinations/" + ENCODED + "/" + order, 200, STATUS);
        }
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
    void theListHasALineForEachTargetBelowItsDestination() {
        List<String> lines = run("list").out().lines().toList();

        assertThat(lines).hasSize(4);
        assertThat(lines.get(1)).startsWith(ID).contains(" dns,backoff-12s ");
        assertThat(lines.get(2)).matches(" {2}192\\.0\\.2\\.1:5060 +Active .* - +srv 60 +srv 10 +0 +dns +new");
        assertThat(lines.get(3)).matches(" {2}192\\.0\\.2\\.2:5060 +Inactive .* hold +- +- +3 +ann +repair");
    }

    @Test
    void theDetailsHaveTheTargets() {
        assertThat(run("show", ID).out()).contains("targets:", "192.0.2.2:5060", "repair", "SERVFAIL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hold", "release"})
    void anOrderMayBeForOneTarget(String order) {
        CommandRun run = run(order, ID, "--why", "repair", "--target", "192.0.2.2:5060");

        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(run.out()).startsWith(ID + " is Active\n");
        assertThat(run.out()).endsWith("\nthe order was for its target 192.0.2.2:5060 only\n");
        FakeNode.Asked asked = node.asked.get(node.asked.size() - 1);
        assertThat(asked.path()).isEqualTo("/dispatcher/destinations/" + ENCODED + "/" + order);
        assertThat(asked.body()).contains("\"why\":\"repair\"", "\"target\":\"192.0.2.2:5060\"");
    }

    @Test
    void aTargetIsSetToAState() {
        assertThat(run("state", ID, "active", "--target", "192.0.2.2:5060").status())
                .isZero();

        assertThat(node.asked.get(node.asked.size() - 1).body())
                .contains("\"state\":\"active\"")
                .contains("\"target\":\"192.0.2.2:5060\"");
    }
}
