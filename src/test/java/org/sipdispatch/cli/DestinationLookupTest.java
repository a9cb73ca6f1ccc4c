package org.sipdispatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which destination a name matches. */
class DestinationLookupTest {
    private static final String[] URIS = {
        "sip:10.0.0.12:5060",
        "sip:10.0.0.121",
        "sip:alice@10.0.0.3:5060;transport=tcp",
        "sip:gw1.example.com:5070",
        "sip:gw10.example.com",
        "sip:[2001:db8::1]:5090",
        "sip:[2001:db8::1:2]"
    };

    private final FakeNode node = new FakeNode();

    @BeforeEach
    void hasDestinations() {
        String rows = Arrays.stream(URIS)
                .map(uri -> "{\"id\":\"default:1:" + uri + "\",\"uri\":\"" + uri + "\"}")
                .collect(Collectors.joining(","));
        node.plays(
                "GET /dispatcher/destinations",
                200,
                "{\"revision\":1,\"total\":" + URIS.length + ",\"destinations\":[" + rows + "]}");
    }

    @AfterEach
    void close() {
        node.close();
    }

    /** The destination that the name matches, taken from the request that follows. */
    private String meant(String name) {
        CommandRun.of("show", name, "--node", node.url());
        String last = node.asked.get(node.asked.size() - 1).path();
        return java.net.URLDecoder.decode(
                last.replaceFirst("^/dispatcher/destinations/", ""), java.nio.charset.StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.12,                0",
        "10.0.0.12:5060,           0",
        "SIP:10.0.0.12:5060,       0",
        "10.0.0.121,               1",
        "alice,                    2",
        "alice@10.0.0.3,           2",
        "10.0.0.3,                 2",
        "transport=tcp,            2",
        "gw1,                      3",
        "gw1.example,              3",
        "GW1.example.com,          3",
        "5070,                     3",
        "2001:db8::1,              5",
        "[2001:db8::1],            5",
        "[2001:db8::1]:5090,       5",
        "2001:db8::1:2,            6"
    })
    void userHostAndPortNameTheOneThatHasThem(String name, int uri) {
        assertThat(meant(name)).isEqualTo("default:1:" + URIS[uri]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "0.0.12", "10.0.0", "gw", "w1", "example", "506", "lice", "2001:db8", "0.0.3"})
    void aPieceOfThemNamesNone(String name) {
        assertThat(meant(name)).isEqualTo(name);
    }

    @Test
    void whatSeveralHaveIsRefusedWithTheirIds() {
        CommandRun run = CommandRun.of("hold", "5060", "--node", node.url());

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo("destination: 5060 (expected: user, host or port of one URI only, these have it: default:1:"
                        + URIS[0] + ", default:1:" + URIS[2] + ")\n");
        assertThat(node.asked).hasSize(1);
    }

    @Test
    void theFoundDestinationIsReportedUnlessItWasNamedExactly() {
        String id = "default:1:" + URIS[0];
        node.plays("GET /dispatcher/destinations/default%3A1%3Asip%3A10.0.0.12%3A5060", 200, "{\"id\":\"x\"}");

        assertThat(CommandRun.of("show", "10.0.0.12", "--node", node.url()).err())
                .isEqualTo("10.0.0.12 is " + id + "\n");
        assertThat(CommandRun.of("show", id, "--node", node.url()).err()).isEmpty();
    }
}
