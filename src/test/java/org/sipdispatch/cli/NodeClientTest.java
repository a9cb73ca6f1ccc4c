package org.sipdispatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The requests to a node. */
class NodeClientTest {
    @Test
    void theNodeGivesUpFirst() {
        assertThat(NodeClient.RESPONSE_TIMEOUT).isGreaterThan(Duration.ofSeconds(60 + 10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://10.0.0.1", "http://", "10.0.0.1:99999", "http://a b"})
    void whatIsNoUrlOfANodeIsRefused(String url) {
        assertThat(CommandRun.of("list", "--node", url))
                .isEqualTo(
                        new CommandRun(2, "", "--node: " + url + " (expected: a URL such as http://127.0.0.1:8558)\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1,           10.0.0.1,      0",
        "10.0.0.1:5060,      10.0.0.1,      5060",
        "gw1.example.com:1,  gw1.example.com, 1",
        "[2001:db8::1]:5060, [2001:db8::1], 5060",
        "[2001:db8::1],      [2001:db8::1], 0",
        "2001:db8::1,        2001:db8::1,   0"
    })
    void anAddressMayHaveAPort(String address, String ip, int port) {
        try (FakeNode node = new FakeNode()) {
            node.plays("POST /dispatcher/attrs", 200, "{\"destinations\":1}");

            assertThat(CommandRun.of("attrs", "1", address, "max=30", "--node", node.url()))
                    .isEqualTo(new CommandRun(0, "1 destination has them\n", ""));
            assertThat(node.asked.get(0).body()).contains("\"ip\":\"" + ip + "\",\"port\":" + port + ",");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1:sip", "10.0.0.1:", "[::1]5060", "::1]:5060"})
    void whatIsNoAddressIsNotSent(String address) {
        assertThat(CommandRun.of("attrs", "1", address, "x").status()).isEqualTo(2);
    }
}
