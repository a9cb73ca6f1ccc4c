package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.NodeCertificates;
import org.sipdispatch.agents.Ports;

/** The first node of a cluster, with the log configuration of the product. */
class FirstNodeTest {
    @Test
    void theLogSaysWhichSeedNodesItWaitsForAndAkkaDoesNotRepeatIt() {
        int port = Ports.next();
        // Without its database the node waits for ten seconds before it forms the cluster.
        String config = """
                sockets.main = "udp:127.0.0.1:%d"
                cluster { port = %d, seed-nodes = [ "127.0.0.1:%d", "127.0.0.2:%d" ]
                %s }
                relay.secret = "of this test"
                partitions.default.db_url = "file:$list"
                journal.db_url = "jdbc:postgresql://127.0.0.1:1/none"
                rules = [ { select.set = 1 } ]
                """.formatted(Ports.next(), port, port, port, NodeCertificates.settings("127.0.0.1"));

        NodeProcess node = NodeProcess.begin(List.of(), config, "1 sip:127.0.0.1:5099");
        try {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> node.log().contains("forming the cluster") || !node.isAlive());
            assertThat(node.log())
                    .contains("waiting for the seed nodes 127.0.0.2:" + port + ", which do not answer yet")
                    .contains(
                            "forming the cluster sip-dispatcher: no other node is in a cluster, and the database does not answer")
                    .doesNotContain("Couldn't join seed nodes");
        } finally {
            node.kill();
        }
    }
}
