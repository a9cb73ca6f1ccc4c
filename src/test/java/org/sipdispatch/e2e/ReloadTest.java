package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.database.SqlScripts;
import org.sipdispatch.sip.SipResponse;

/** Changes of the table with two real nodes. */
class ReloadTest {
    private static final String MORE = """
            rules = [ { select { set = "$hdr(X-Set)", alg = "8" } } ]
            cluster.acceptable-heartbeat-pause = 10s
            partitions.both.sources = [ { db_url = "%1$s", table_name = other }, { db_url = "file:%2$s" } ]
            """;

    @TempDir
    private static Path directory;

    private static String url;
    private static UdpPeer first;
    private static UdpPeer second;
    private static ClusterNodes cluster;
    /** The second source of the partition {@code both}. */
    private static Path list;

    @BeforeAll
    static void start() throws IOException {
        url = EmbeddedPostgres.jdbcUrl("reload");
        first = UdpPeer.answering("127.0.0.1", 200);
        second = UdpPeer.answering("127.0.0.1", 200);
        list = Files.createFile(directory.resolve("dispatcher.list"));
        ClusterNodes.table(url, "setid, destination", List.of("9, 'sip:127.0.0.8:5060'"));
        SqlScripts.run(url, "ALTER TABLE dispatcher RENAME TO other");
        ClusterNodes.table(url, "setid, destination", List.of("1, '" + uri(first) + "'"));
        cluster = ClusterNodes.start(new ClusterNodes.Plan(2, url, MORE.formatted(url, list)));
    }

    @AfterAll
    static void stop() {
        cluster.stop();
        first.close();
        second.close();
    }

    private static String uri(UdpPeer peer) {
        return "sip:127.0.0.1:" + peer.address().getPort();
    }

    @Test
    void newRowsAreUsedOnAllNodesStatesStayAndABadTableChangesNothing() {
        String held = "default:1:" + uri(first);
        cluster.order(0, held, "state", "{\"state\":\"inactive\"}");
        SqlScripts.run(url, "INSERT INTO dispatcher (setid, destination) VALUES (2, '" + uri(second) + "')");

        JsonNode dry = cluster.post(1, "/dispatcher/reload", "{\"dryRun\":true}");
        assertThat(dry.path("changes").toString()).contains("+ default:2:" + uri(second));
        assertThat(sets(0)).doesNotContain(2);

        assertThat(cluster.post(1, "/dispatcher/reload", "").path("error").asText())
                .isEmpty();
        awaitSet(2);
        assertThat(answer(0, "2")).isEqualTo(200);
        assertThat(answer(1, "2")).isEqualTo(200);
        assertThat(cluster.destination(0, held).path("state").asText()).isEqualTo("Inactive");
        assertThat(answer(0, "1")).isEqualTo(500);

        SqlScripts.run(url, "ALTER TABLE dispatcher RENAME TO away");
        assertThat(cluster.post(0, "/dispatcher/reload", "").path("error").asText())
                .contains("table_name: dispatcher");
        assertThat(sets(1)).contains(1, 2);
        assertThat(answer(1, "2")).isEqualTo(200);
        SqlScripts.run(url, "ALTER TABLE away RENAME TO dispatcher");
    }

    @Test
    void statesOfTheRowsApplyOnlyIfTheReloadSaysSoAndNodesShowEqualChecksums() {
        SqlScripts.run(url, "INSERT INTO dispatcher (setid, destination) VALUES (4, '" + uri(second) + "')");
        cluster.post(0, "/dispatcher/reload", "");
        awaitSet(4);
        String id = "default:4:" + uri(second);
        // Before its first status a destination has the state of its row.
        cluster.awaitOnAll(
                id,
                seen -> !seen.path("version").asText().startsWith("0.")
                        && seen.path("state").asText().equals("Active"));
        SqlScripts.run(url, "UPDATE dispatcher SET state = 1 WHERE setid = 4");

        cluster.post(1, "/dispatcher/reload", "");
        assertThat(cluster.destination(1, id).path("state").asText()).isEqualTo("Active");
        JsonNode outcome = cluster.post(1, "/dispatcher/reload", "{\"partition\":\"default\",\"inheritState\":false}");

        assertThat(outcome.path("changes").toString()).contains("~ " + id + " state: Active -> Inactive");
        cluster.awaitOnAll(id, seen -> seen.path("state").asText().equals("Inactive"));
        Awaitility.await().untilAsserted(() -> {
            JsonNode members = cluster.get(0, "/dispatcher/node").path("members");
            assertThat(members.findValuesAsText("checksum").get(0)).hasSize(16);
            assertThat(Set.copyOf(members.findValuesAsText("checksum"))).hasSize(1);
            assertThat(cluster.get(1, "/dispatcher/node").path("differing")).isEmpty();
        });
    }

    @Test
    void aConfirmedHoldOutlivesAReloadWithTheStatesOfTheRows() throws SQLException {
        SqlScripts.run(url, "INSERT INTO dispatcher (setid, destination) VALUES (6, '" + uri(second) + "')");
        cluster.post(0, "/dispatcher/reload", "");
        awaitSet(6);
        String id = "default:6:" + uri(second);
        for (int round = 0; round < 6; round++) {
            // The hold is not in the column yet when the reload begins.
            Awaitility.await().until(() -> column(6) == 0);
            cluster.order(round % 2, id, "hold", "{}");

            JsonNode reloaded = cluster.post(round / 2 % 2, "/dispatcher/reload", "{\"inheritState\":false}");

            assertThat(reloaded.path("error").asText()).isEmpty();
            assertThat(reloaded.path("changes").toString()).doesNotContain(id + " state");
            assertThat(column(6)).isEqualTo(1);
            cluster.awaitOnAll(id, seen -> seen.path("state").asText().equals("Inactive"));
            cluster.order(round % 2, id, "release", "{}");
        }
    }

    /** As if an operator had deleted the row by mistake; the destination stays without a reload. */
    @Test
    void aRowThatIsPutForADestinationOnHoldIsInactiveInTheTable() throws SQLException {
        SqlScripts.run(url, "INSERT INTO dispatcher (setid, destination) VALUES (8, '" + uri(second) + "')");
        cluster.post(0, "/dispatcher/reload", "");
        awaitSet(8);
        cluster.order(0, "default:8:" + uri(second), "hold", "{}");
        Awaitility.await().until(() -> column(8) == 1);
        cluster.awaitOnAll(
                "default:8:" + uri(second), seen -> seen.path("state").asText().equals("Inactive"));
        SqlScripts.run(url, "DELETE FROM dispatcher WHERE setid = 8");

        cluster.send(1, "PUT", "/dispatcher/rows", "{\"set\":8,\"uri\":\"" + uri(second) + "\",\"weight\":7}");

        assertThat(column(8)).isEqualTo(1);
    }

    private static int column(int set) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT state FROM dispatcher WHERE setid = " + set)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    @Test
    void aRowIsPutIntoTheTableAndRemovedThroughAnyNode() {
        String row = "{\"set\":5,\"uri\":\"" + uri(second) + "\",\"weight\":7}";
        for (int node = 0; node < 2; node++) {
            assertThat(cluster.send(node, "PUT", "/dispatcher/rows", row)
                            .path("error")
                            .asText())
                    .isEmpty();
            awaitSet(5);
            assertThat(answer(node, "5")).isEqualTo(200);
        }
        cluster.send(1, "PUT", "/dispatcher/rows", "{\"set\":5,\"uri\":\"" + uri(second) + "\",\"attrs\":\"a=1\"}");
        cluster.awaitOnAll(
                "default:5:" + uri(second),
                seen -> seen.path("weight").asInt() == 7
                        && seen.path("attrs").asText().equals("a=1"));
        assertThat(cluster.destination(0, "default:5:" + uri(second))
                        .path("temporary")
                        .asBoolean())
                .isFalse();
        cluster.post(1, "/dispatcher/reload", "");
        assertThat(sets(1)).contains(5);

        for (int node = 0; node < 2; node++) {
            cluster.send(node, "DELETE", "/dispatcher/rows", "{\"set\":5,\"uri\":\"" + uri(second) + "\"}");
            Awaitility.await().untilAsserted(() -> {
                assertThat(sets(0)).doesNotContain(5);
                assertThat(sets(1)).doesNotContain(5);
            });
        }
    }

    @Test
    void aRowOfAPartitionWhoseOtherSourceCannotBeReadIsRefusedAndNotWritten() throws IOException {
        Files.delete(list);
        int node = cluster.oldest();

        JsonNode refusal = cluster.send(
                node, "PUT", "/dispatcher/rows", "{\"partition\":\"both\",\"set\":9,\"uri\":\"sip:127.0.0.9:5060\"}");

        assertThat(refusal.path("error").asText()).contains(list.toString());
        assertThat(cluster.get(node, "/dispatcher/history?limit=20").findValuesAsText("why"))
                .anyMatch(why -> why.contains("refused: ") && why.contains(list.toString()));
        Files.createFile(list);
        assertThat(cluster.post(node, "/dispatcher/reload", "{\"partition\":\"both\"}")
                        .path("changes")
                        .toString())
                .isEqualTo("[]");
    }

    @Test
    void aSocketOfAnotherNodeMeansTheOneOfThatNameHere() {
        String socket = "udp:" + ClusterNodes.host(1) + ":" + cluster.sipPort();
        SqlScripts.run(
                url,
                "INSERT INTO dispatcher (setid, destination, socket) VALUES (3, '" + uri(second) + "', '" + socket
                        + "')");
        cluster.post(0, "/dispatcher/reload", "");
        awaitSet(3);

        assertThat(answer(0, "3")).isEqualTo(200);
        assertThat(second.lastSource()).isEqualTo(new InetSocketAddress(ClusterNodes.host(0), cluster.sipPort()));
        assertThat(answer(1, "3")).isEqualTo(200);
        assertThat(second.lastSource()).isEqualTo(new InetSocketAddress(ClusterNodes.host(1), cluster.sipPort()));
    }

    private static List<Integer> sets(int node) {
        return cluster.destinations(node).stream()
                .map(one -> one.path("set").asInt())
                .toList();
    }

    private static void awaitSet(int set) {
        Awaitility.await().untilAsserted(() -> {
            assertThat(sets(0)).contains(set);
            assertThat(sets(1)).contains(set);
        });
    }

    /** The status code of the response to a request through that node. */
    private static int answer(int node, String set) {
        try (UdpPeer caller = new UdpPeer("127.0.0.1")) {
            String call = Requests.newCall();
            caller.send(
                    new InetSocketAddress(ClusterNodes.host(node), cluster.sipPort()),
                    Requests.udp(caller.address()).with("X-Set: " + set).of("OPTIONS", call));
            return Awaitility.await()
                    .until(
                            () -> caller.received().stream()
                                    .filter(message ->
                                            message instanceof SipResponse response && !response.isProvisional())
                                    .map(message -> ((SipResponse) message).status())
                                    .findFirst(),
                            Optional::isPresent)
                    .orElseThrow();
        }
    }
}
