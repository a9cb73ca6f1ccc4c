package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.DigestClients;
import org.sipdispatch.agents.DigestServer;
import org.sipdispatch.database.EmbeddedPostgres;

/** Three nodes, round robin over three digest servers: all credentials reach the server that sent the challenge. */
class ChallengersTest {
    private static final int CLIENTS = 1000;
    private static final String RULE = """
        rules = [ { select { set = 1, alg = 4, flags = F } } ]
        """;

    @Test
    @Tag("long")
    void allCredentialsReachTheChallengerThroughAnyNodeAndAfterANodesDeath() {
        List<DigestServer> servers = Stream.of(true, false, true)
                .map(opaque -> DigestServer.start("127.0.0.1", opaque))
                .toList();
        String url = EmbeddedPostgres.jdbcUrl("challengers");
        ClusterNodes.table(
                url,
                "setid, destination",
                servers.stream().map(server -> "1, '" + server.uri() + "'").toList());
        try (ClusterNodes cluster = ClusterNodes.start(new ClusterNodes.Plan(3, url, RULE));
                DigestClients first = new DigestClients(CLIENTS);
                DigestClients second = new DigestClients(CLIENTS)) {
            assertThat(first.begin(client -> cluster.sip(client % 3))).containsOnly(401, 407);
            assertThat(first.answer(client -> cluster.sip((client + 1) % 3))).containsOnly(200);

            assertThat(second.begin(client -> cluster.sip(client % 3))).containsOnly(401, 407);
            cluster.kill(0);
            assertThat(second.answer(client -> cluster.sip(1 + client % 2))).containsOnly(200);
        } finally {
            servers.forEach(DigestServer::close);
        }

        System.out.printf(
                "figures: credentials of %d clients with three nodes, and of %d more with one of the nodes killed after"
                        + " the challenge: accepted by the challenger %s, sent to another server %s%n",
                CLIENTS,
                CLIENTS,
                servers.stream().map(DigestServer::accepted).toList(),
                servers.stream().map(DigestServer::refused).toList());
        assertThat(servers).extracting(DigestServer::refused).containsOnly(0);
        assertThat(servers).extracting(DigestServer::accepted).allMatch(count -> count > CLIENTS / 2);
    }
}
