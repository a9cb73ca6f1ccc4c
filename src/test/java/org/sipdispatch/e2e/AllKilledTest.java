package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.MessageStream;
import org.sipdispatch.agents.ProbedAgent;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.destination.JournalEntry;

/**
 * All nodes die at once and restart under load. The statuses survive, and no call goes to a destination that is out,
 * not even when the first node starts to listen. The table's state column is not written, so only the journal knows the
 * statuses.
 */
class AllKilledTest {
    private static final int NODES = 3;
    private static final int EVERY_MS = 10;
    private static final String MORE = """
            partitions.default.persistent_state = off
            # On a busy host, too, no node takes calls before it knows.
            cluster.wait-for-view = 80s
            probing { ds_ping_interval = 1s, ds_probing_mode = 1, ping-timeout = 500ms, ds_probing_threshold = 3 }
            rules = [ { select { set = "1", alg = "4" }, relay { mode = stateless } } ]
            """;

    private final ProbedAgent healthy = ProbedAgent.start();
    private final ProbedAgent counted = ProbedAgent.start();
    private final ProbedAgent held = ProbedAgent.start();
    private final ProbedAgent dead = ProbedAgent.start();
    private ClusterNodes cluster;
    private MessageStream stream;
    private JournalTable journal;

    @AfterEach
    void close() {
        if (stream != null) {
            stream.close();
        }
        if (cluster != null) {
            cluster.stop();
        }
        List.of(healthy, counted, held, dead).forEach(ProbedAgent::close);
    }

    @Test
    void allThatWasKnownIsKnownAgainBeforeTheFirstCall() {
        open(0);
        killAndRestart();
        oneMoreFailureTakesTheCountedOneOut();
        anAnswerBringsTheDeadOneBack();
        theHoldIsStillThereToBeReleased();
    }

    @Test
    @Tag("long")
    void soItIsFiveTimesInARowAmongAThousandDestinations() {
        open(1000);
        for (int i = 0; i < 5; i++) {
            killAndRestart();
        }
        oneMoreFailureTakesTheCountedOneOut();
        anAnswerBringsTheDeadOneBack();
        theHoldIsStillThereToBeReleased();
    }

    /** Starts the nodes with {@code more} healthy destinations in another set. */
    private void open(int more) {
        String url = EmbeddedPostgres.jdbcUrl("all_killed_" + System.nanoTime());
        List<String> rows = new ArrayList<>(List.of(
                "1, '', '" + healthy.uri() + "'",
                // Pinged on request only, so that its failure count does not change.
                "1, 'ds_ping_interval=86400', '" + counted.uri() + "'",
                "1, '', '" + held.uri() + "'",
                "1, '', '" + dead.uri() + "'"));
        IntStream.range(0, more).forEach(i -> rows.add("2, 'ds_ping_interval=30', '" + healthy.uri("u" + i) + "'"));
        ClusterNodes.table(url, "setid, attrs, destination", rows);
        journal = new JournalTable(url);
        cluster = ClusterNodes.start(new ClusterNodes.Plan(NODES, url, MORE));
        stream = MessageStream.start(
                IntStream.range(0, NODES)
                        .mapToObj(i -> new InetSocketAddress(ClusterNodes.host(i), cluster.sipPort()))
                        .toList(),
                EVERY_MS);

        counted.beSilent();
        // A probe that was in progress may have been answered, and an order joins a probe in progress.
        await().until(() ->
                cluster.order(0, id(counted), "probe", "{}").path("failures").asInt() == 2);
        cluster.awaitOnAll(id(counted), seen -> seen.path("failures").asInt() == 2);
        cluster.order(1, id(held), "state", "{\"state\":\"inactive\",\"who\":\"ann\",\"why\":\"works\"}");
        cluster.awaitOnAll(id(held), seen -> seen.path("hold").asBoolean());
        dead.beSilent();
        cluster.awaitOnAll(id(dead), seen -> seen.path("state").asText().equals("Probing"));
        await().until(() -> List.of(counted, held, dead).stream()
                .allMatch(one -> cluster.report(2, id(one)).path("unsaved").asInt() == 0));
    }

    private void killAndRestart() {
        List<JournalEntry> history = history();
        List<JsonNode> before = known(0);
        awaitHealthyOnly();
        long restNanos = System.nanoTime();
        for (int i = 0; i < NODES; i++) {
            cluster.kill(i);
        }
        long killedNanos = System.nanoTime();
        cluster.restartAll();
        long listeningNanos = System.nanoTime();
        healthy.forget();
        awaitThroughAllNodes();
        long callsNanos = System.nanoTime();
        cluster.awaitMembers(NODES);
        long membersNanos = System.nanoTime();

        assertThat(callsSince(held, restNanos)).as("calls to the one on hold").isZero();
        assertThat(callsSince(dead, restNanos))
                .as("calls to the one in Probing")
                .isZero();
        for (int i = 0; i < NODES; i++) {
            assertThat(known(i)).isEqualTo(before);
        }
        assertThat(history()).startsWith(history.toArray(JournalEntry[]::new));
        System.out.printf(
                "figures: all killed; all listen again after %d ms, calls through all after %d ms, all members after %d ms;"
                        + " calls to the held one 0, to the dead one 0; %d records of history kept%n",
                (listeningNanos - killedNanos) / 1_000_000,
                (callsNanos - killedNanos) / 1_000_000,
                (membersNanos - killedNanos) / 1_000_000,
                history.size());
    }

    /** Waits until all requests to the other destinations have arrived. */
    private void awaitHealthyOnly() {
        List.of(held, dead).forEach(ProbedAgent::forget);
        healthy.forget();
        await().until(() -> healthy.seen("MESSAGE").size() > 10);
    }

    private void awaitThroughAllNodes() {
        await().until(() -> healthy.seen("MESSAGE").stream()
                        .map(ProbedAgent.Seen::host)
                        .distinct()
                        .count()
                == NODES);
    }

    private static long callsSince(ProbedAgent agent, long nanos) {
        return agent.seen("MESSAGE").stream()
                .filter(call -> call.atNanos() > nanos)
                .count();
    }

    /** The visible and effective states of the three destinations that differ from the table. */
    private List<JsonNode> known(int node) {
        List<JsonNode> known = new ArrayList<>();
        for (ProbedAgent one : List.of(counted, held, dead)) {
            JsonNode seen = cluster.destination(node, id(one));
            for (String key : List.of("state", "hold", "busy", "failures", "sinceMs", "who", "why")) {
                known.add(seen.path(key));
            }
        }
        return known;
    }

    private List<JournalEntry> history() {
        List<JournalEntry> all = new ArrayList<>();
        List.of(counted, held, dead).forEach(one -> all.addAll(journal.of(id(one))));
        return all;
    }

    private void oneMoreFailureTakesTheCountedOneOut() {
        JsonNode before = cluster.report(0, id(counted));
        assertThat(before.path("state").asText()).isEqualTo("Active");
        assertThat(before.path("failures").asInt()).isEqualTo(2);
        cluster.order(1, id(counted), "probe", "{}");
        cluster.awaitOnAll(id(counted), seen -> seen.path("state").asText().equals("Probing"));
    }

    private void anAnswerBringsTheDeadOneBack() {
        int pings = dead.seen("OPTIONS").size();
        await().until(() -> dead.seen("OPTIONS").size() > pings);
        assertThat(cluster.destination(1, id(dead)).path("state").asText()).isEqualTo("Probing");
        dead.answer();
        cluster.awaitOnAll(id(dead), seen -> seen.path("takesTraffic").asBoolean());
        await().until(() -> !dead.seen("MESSAGE").isEmpty());
    }

    private void theHoldIsStillThereToBeReleased() {
        JsonNode hold = cluster.report(2, id(held));
        assertThat(hold.path("state").asText()).isEqualTo("Inactive");
        assertThat(hold.path("who").asText()).startsWith("ann@");
        assertThat(hold.path("why").asText()).isEqualTo("works");
        assertThat(journal.of(id(held)))
                .anyMatch(recorded -> recorded.cause() == JournalEntry.ChangeCause.OPERATOR
                        && recorded.status().who().startsWith("ann@")
                        && recorded.status().why().equals("works"));
        cluster.order(2, id(held), "release", "{\"who\":\"ben\",\"why\":\"done\"}");
        cluster.awaitOnAll(id(held), seen -> seen.path("takesTraffic").asBoolean());
    }

    private static String id(ProbedAgent agent) {
        return "default:1:" + agent.uri();
    }

    private static ConditionFactory await() {
        return Awaitility.await().pollInterval(Duration.ofMillis(10)).atMost(Duration.ofSeconds(30));
    }
}
