package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.AnsweringAgent;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.database.StoppablePostgres;
import org.sipdispatch.destination.JournalEntry;
import org.sipdispatch.destination.JournalEntrySerializer;

/** The database stops under load. During the outage a node and destinations die, and an operator gives an order. */
class DatabaseAwayTest {
    private static final int DESTINATIONS = 12;
    private static final int CALLS_PER_SECOND = 100;
    private static final int MANY_PER_SECOND = 200;
    private static final String MORE = """
            probing { ds_ping_interval = 1s, ds_probing_mode = 1, ping-timeout = 500ms }
            rules = [ { select { set = "1", alg = "4", flags = "F" }, relay { fr_timeout = 1s } } ]
            """;

    private final Map<String, AnsweringAgent> agents = new LinkedHashMap<>();
    private StoppablePostgres postgres;
    private ClusterNodes cluster;
    private long stopped;

    @Test
    void callsAndProbingGoOnAndTheJournalHasItAllAfterwards() {
        Sipp.assumePresent();
        run(Duration.ofSeconds(15), CALLS_PER_SECOND, false);
    }

    @Test
    @Tag("long")
    void aMinuteWithoutDatabaseIsMadeUpFor() {
        Sipp.assumePresent();
        run(Duration.ofSeconds(60), MANY_PER_SECOND, true);
    }

    private void run(Duration away, int perSecond, boolean restartAll) {
        try (StoppablePostgres server = StoppablePostgres.begin()) {
            postgres = server;
            ClusterNodes.table(server.jdbcUrl(), "setid, destination", rows());
            try (ClusterNodes started =
                    ClusterNodes.start(new ClusterNodes.Plan(3, server.jdbcUrl().replace("\"", ""), MORE))) {
                cluster = started;
                outage(away, perSecond, restartAll);
            }
        } finally {
            agents.values().forEach(AnsweringAgent::close);
        }
    }

    private List<String> rows() {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < DESTINATIONS; i++) {
            AnsweringAgent agent = AnsweringAgent.start("127.0.0.1", "agent");
            String uri = "sip:" + SipText.hostPort(agent.address());
            agents.put("default:1:" + uri, agent);
            rows.add("1, '" + uri + "'");
        }
        return rows;
    }

    private void outage(Duration away, int perSecond, boolean restartAll) {
        int victim = oldest();
        List<Integer> others =
                IntStream.range(0, 3).filter(node -> node != victim).boxed().toList();
        // Everything is stored once, so that later gaps are due to the outage.
        await(() -> agents.keySet().stream().allMatch(id -> unsaved(id) == 0));
        String ofVictim = ownedBy(id -> owner(id) == victim);
        String ofAnother = ownedBy(id -> owner(id) != victim);
        String held = agents.keySet().stream()
                .filter(id -> !id.equals(ofVictim) && !id.equals(ofAnother))
                .findFirst()
                .orElseThrow();
        List<String> dying = List.of(ofVictim, ofAnother);
        StringBuilder figures = new StringBuilder("figures: database stopped");
        try (Load load = Load.start(cluster, others, perSecond)) {
            postgres.stop();
            stopped = System.nanoTime();
            cluster.kill(victim);
            dying.forEach(id -> agents.get(id).silent(true));
            long died = System.nanoTime();
            dying.forEach(this::awaitOut);
            figures.append(", two dead destinations out everywhere after " + ms(died) + " ms (one of the killed node)");
            cluster.order(others.get(0), held, "state", "{\"state\":\"inactive\",\"who\":\"ann\",\"why\":\"works\"}");
            cluster.awaitOnAll(held, seen -> seen.path("hold").asBoolean());
            long restarted = System.nanoTime();
            cluster.restart(victim);
            cluster.awaitMembers(3);
            for (String id : List.of(ofVictim, ofAnother, held)) {
                assertThat(cluster.destination(victim, id).path("takesTraffic").asBoolean(true))
                        .as(id)
                        .isFalse();
            }
            assertThat(cluster.destination(victim, held).path("state").asText()).isEqualTo("Inactive");
            figures.append(", the killed node back among them after " + ms(restarted) + " ms without database");
            await(() -> System.nanoTime() - stopped >= away.toNanos());

            postgres.start();
            long back = System.nanoTime();
            figures.append(", started again after " + ms(stopped) + " ms");
            await(() -> dying.stream().allMatch(id -> journal(id).stream().anyMatch(DatabaseAwayTest::isOut)));
            await(() -> journal(held).stream().anyMatch(one -> one.status().held()));
            figures.append(", journal complete " + ms(back) + " ms after it came back");
            await(() -> agents.keySet().stream().allMatch(id -> unsaved(id) == 0));
            await(() -> column(ofVictim) == 2 && column(ofAnother) == 2 && column(held) == 1);
            figures.append(", state column after " + ms(back) + " ms");
            load.finish();
            System.out.println(figures + "; calls through the others: " + load.good() + " good, " + load.failed()
                    + " failed; log: " + logs());
            assertThat(load.failed()).isZero();
            assertThat(load.good()).isPositive();
            IntStream.range(0, 3).forEach(this::assertCalmLog);
        }
        if (restartAll) {
            assertSameAfterRestart(List.of(ofVictim, ofAnother, held));
        }
        agents.get(ofVictim).silent(false);
        cluster.awaitOnAll(ofVictim, seen -> seen.path("state").asText().equals("Active"));
    }

    private static boolean isOut(JournalEntry recorded) {
        return recorded.cause() == JournalEntry.ChangeCause.TRANSITION
                && recorded.status().probing();
    }

    private int oldest() {
        String address = cluster.get(0, "/cluster/members").path("oldest").asText();
        return nodeOf(address);
    }

    private static int nodeOf(String address) {
        return Integer.parseInt(address.replaceAll(".*127\\.0\\.0\\.(\\d+):.*", "$1")) - 1;
    }

    private int owner(String id) {
        return nodeOf(cluster.report(0, id).path("node").asText());
    }

    private String ownedBy(java.util.function.Predicate<String> condition) {
        return Awaitility.await()
                .pollInterval(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(40))
                .until(() -> agents.keySet().stream().filter(condition).findFirst(), java.util.Optional::isPresent)
                .orElseThrow();
    }

    private int unsaved(String id) {
        return cluster.report(0, id).path("unsaved").asInt(-1);
    }

    private void awaitOut(String id) {
        cluster.awaitOnAll(id, seen -> seen.path("state").asText().equals("Probing"));
    }

    private List<JournalEntry> journal(String id) {
        List<JournalEntry> all = new ArrayList<>();
        select("SELECT event_payload FROM event_journal WHERE persistence_id = ?", "destination|" + id, row -> {
            try {
                all.add((JournalEntry) new JournalEntrySerializer().fromBinary(row.getBytes(1), "recorded"));
            } catch (java.io.NotSerializableException e) {
                throw new IllegalStateException(e);
            }
        });
        return all;
    }

    private int column(String id) {
        int[] state = {-1};
        select(
                "SELECT state FROM dispatcher WHERE destination = ?",
                id.substring("default:1:".length()),
                row -> state[0] = row.getInt(1));
        return state[0];
    }

    private interface Row {
        void take(ResultSet row) throws SQLException;
    }

    private void select(String query, String key, Row each) {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl());
                PreparedStatement select = connection.prepareStatement(query)) {
            select.setString(1, key);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    each.take(rows);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertSameAfterRestart(List<String> ids) {
        List<JsonNode> before =
                ids.stream().map(id -> cluster.destination(0, id)).toList();
        IntStream.range(0, 3).forEach(cluster::kill);
        cluster.restartAll();
        cluster.awaitMembers(3);
        for (int i = 0; i < ids.size(); i++) {
            JsonNode was = before.get(i);
            cluster.awaitOnAll(
                    ids.get(i),
                    now -> Stream.of("state", "failures", "sinceMs", "who", "why")
                            .allMatch(field -> now.path(field).equals(was.path(field))));
        }
    }

    /** One line with a count for each kind of log line. */
    private String logs() {
        return IntStream.range(0, 3)
                .mapToObj(node -> "node " + (node + 1) + ": "
                        + cluster.node(node)
                                .log()
                                .lines()
                                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                                .count())
                .toList()
                .toString();
    }

    private void assertCalmLog(int node) {
        String log = cluster.node(node).log();
        assertThat(log).doesNotContain(" ERROR ").doesNotContain("\tat ");
        assertThat(log.lines().filter(line -> line.contains("the journal cannot be used")))
                .hasSizeLessThanOrEqualTo(1);
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(50))
                .atMost(Duration.ofSeconds(90))
                .until(condition);
    }

    private static long ms(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1_000_000;
    }
}
