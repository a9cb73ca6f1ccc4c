package org.sipdispatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which rows that share set, URI and socket match a name on the command line. */
class EqualRowsTest {
    private static final String FIRST = "default:1:sip:gw:5060";
    private static final String STATUS =
            "{\"state\":\"Inactive\",\"hold\":true,\"sinceMs\":1,\"who\":\"ann\",\"why\":\"\"}";

    private final FakeNode node = new FakeNode();

    @BeforeEach
    void twoEqualRows() {
        node.plays("GET /dispatcher/destinations", 200, """
                {"revision":1,"total":2,"destinations":[
                 {"id":"%s","uri":"sip:gw:5060","ordinal":1},{"id":"%s,2","uri":"sip:gw:5060","ordinal":2}]}""".formatted(FIRST, FIRST));
        for (String id : List.of("default%3A1%3Asip%3Agw%3A5060", "default%3A1%3Asip%3Agw%3A5060%2C2")) {
            node.plays("POST /dispatcher/destinations/" + id + "/hold", 200, STATUS);
        }
    }

    @AfterEach
    void close() {
        node.close();
    }

    private CommandRun hold(String name) {
        return CommandRun.of("hold", name, "--order-key", "ticket", "--node", node.url());
    }

    private List<String> keys() {
        return node.asked.stream()
                .filter(asked -> asked.method().equals("POST"))
                .map(asked -> asked.headers().get("Idempotency-key"))
                .toList();
    }

    @Test
    void aPartOfTheirUriMeansAllOfThem() {
        CommandRun run = hold("gw");

        assertThat(run.err()).isEqualTo("gw is " + FIRST + " and " + FIRST + ",2\n");
        assertThat(run.status()).isZero();
        assertThat(run.out().lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith(FIRST + " is Inactive"),
                        line -> assertThat(line).startsWith(FIRST + ",2 is Inactive"));
        assertThat(keys()).containsExactly("ticket", "ticket,2");
    }

    @Test
    void anIdMeansOneOfThem() {
        assertThat(hold(FIRST + ",2").out()).startsWith(FIRST + ",2 is Inactive");
        assertThat(keys()).containsExactly("ticket");
    }

    @Test
    void aQuestionNeedsAnId() {
        CommandRun run = CommandRun.of("show", "gw", "--node", node.url());

        assertThat(run.status()).isNotZero();
        assertThat(run.err()).contains("these have it: " + FIRST + ", " + FIRST + ",2");
    }
}
