package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.AnsweringAgent;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.database.EmbeddedPostgres;

/**
 * A client that follows the events and reconnects to another node after its node died gets each event exactly once. The
 * webhook misses none either, and each change is one datagram. The node that dies is the oldest, which writes the
 * history.
 */
class EventsTest {
    private static final int ORDERED = 5;
    /** One dies just before the node, and one together with it. */
    private static final int DYING = 2;

    private static final String MORE = """
            probing { ds_ping_interval = 1s, ds_probing_mode = 1, ping-timeout = 500ms }
            rules = [ { select { set = "1", alg = "4", flags = "F" } } ]
            """;

    private final List<AnsweringAgent> agents = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private final List<String> accepted = new ArrayList<>();
    private final Figures before = new Figures();
    private final Figures over = new Figures();
    private final Figures after = new Figures();
    private ClusterNodes cluster;
    private FollowedEvents events;
    private int orders;

    @Test
    @Tag("long")
    void noneIsMissedOrOutOfOrderWhenTheNodeDies() throws IOException {
        run("events", 1);
    }

    @Test
    @Tag("long")
    void noneIsMissedOrOutOfOrderWhenEachNodeDies() throws IOException {
        run("events_long", 6);
    }

    private void run(String database, int deaths) throws IOException {
        String url = EmbeddedPostgres.jdbcUrl(database);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < ORDERED + DYING; i++) {
            AnsweringAgent agent = AnsweringAgent.start("127.0.0.1", "agent");
            agents.add(agent);
            String uri = "sip:" + SipText.hostPort(agent.address());
            rows.add("1, '" + uri + "'");
            ids.add("default:1:" + uri);
        }
        ClusterNodes.table(url, "setid, destination", rows);
        try (EventReceivers outlets = EventReceivers.open();
                ClusterNodes started = ClusterNodes.start(new ClusterNodes.Plan(3, url, MORE + outlets.settings()))) {
            cluster = started;
            events = new FollowedEvents(cluster);
            events.open(cluster.oldest(), "0");
            for (int i = 0; i < deaths; i++) {
                death(cluster.oldest());
            }
            awaitNewest(cluster.oldest());
            check(deaths);
            check(outlets, deaths);
        } finally {
            agents.forEach(AnsweringAgent::close);
            if (events != null) {
                events.close();
            }
        }
        System.out.println("figures: " + orders + " orders, " + events.seen().size()
                + " events, none missed, none twice; from the change until the reader has it: before " + before
                + ", from the death until its last change was there " + over + ", then " + after);
    }

    /** The client is connected to the node that dies. Orders and state changes by probing continue. */
    private void death(int node) throws IOException {
        long began = System.currentTimeMillis();
        give(20, List.of(0, 1, 2));
        agents.get(ORDERED).silent(true);
        cluster.awaitOnAll(ids.get(ORDERED), one -> one.path("state").asText().equals("Probing"));
        agents.get(ORDERED + 1).silent(true);
        long killed = System.currentTimeMillis();
        cluster.kill(node);
        List<Integer> others = List.of((node + 1) % 3, (node + 2) % 3);
        events.goOn(others.get(0));
        agents.get(ORDERED).silent(false);
        give(20, others);
        cluster.awaitOnAll(
                ids.get(ORDERED + 1), one -> one.path("state").asText().equals("Probing"));
        agents.get(ORDERED + 1).silent(false);
        for (int i = 0; i < DYING; i++) {
            cluster.awaitOnAll(
                    ids.get(ORDERED + i), one -> one.path("state").asText().equals("Active"));
        }
        awaitNewest(others.get(0));
        long calm = System.currentTimeMillis();
        give(20, others);
        awaitNewest(others.get(0));
        events.delays(began, killed).forEach(before::add);
        over.add(Collections.max(events.delays(killed, calm)));
        events.delays(calm, Long.MAX_VALUE).forEach(after::add);
        cluster.restart(node);
        cluster.awaitMembers(3);
        int next = cluster.oldest();
        assertThat(next).isNotEqualTo(node);
        events.moveTo(next);
    }

    private void give(int count, List<Integer> nodes) {
        for (int i = 0; i < count; i++) {
            String id = ids.get(orders % ORDERED);
            boolean hold = orders / ORDERED % 2 == 0;
            give(nodes.get(i % nodes.size()), id, hold ? "hold" : "release");
        }
    }

    /** Repeats an order that is refused while the destination moves between nodes. */
    private void give(int node, String id, String order) {
        orders++;
        String why = "order " + orders;
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    try {
                        return !cluster.order(node, id, order, "{\"who\":\"ann\",\"why\":\"" + why + "\"}")
                                .has("error");
                    } catch (UncheckedIOException e) {
                        return false;
                    }
                });
        accepted.add(id + " " + why);
    }

    private void awaitNewest(int node) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .until(() -> journalIsTakenIn() && events.newest() == newest(node));
    }

    /** The list is in the order of time, and late entries are in their right position. */
    private long newest(int node) {
        long newest = 0;
        for (JsonNode entry : cluster.get(node, "/dispatcher/history?limit=100").path("entries")) {
            newest = Math.max(newest, entry.path("id").asLong());
        }
        return newest;
    }

    /** Whether the history has all orders and the final states of the probed destinations. */
    private boolean journalIsTakenIn() {
        List<String> changes = events.changes().stream()
                .map(change -> change.path("destination").asText() + " "
                        + change.path("why").asText())
                .toList();
        return changes.containsAll(accepted)
                && IntStream.range(0, DYING).allMatch(i -> {
                    List<String> states = states(ids.get(ORDERED + i));
                    return states.isEmpty() || states.get(states.size() - 1).equals("Active");
                });
    }

    private List<String> states(String id) {
        return events.changes().stream()
                .filter(change -> change.path("destination").asText().equals(id))
                .filter(change -> change.path("who").asText().equals("probe"))
                .map(change -> change.path("state").asText())
                .toList();
    }

    private void check(int deaths) {
        assertThat(events.seen())
                .as("places")
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, events.newest()).boxed().toList());
        List<String> changes = events.changes().stream()
                .map(change -> change.path("destination").asText() + " "
                        + change.path("why").asText())
                .toList();
        for (String id : ids) {
            assertThat(changes.stream().filter(change -> change.startsWith(id + " order ")))
                    .as("what was ordered, each once and in its order")
                    .containsExactlyElementsOf(accepted.stream()
                            .filter(change -> change.startsWith(id + " "))
                            .toList());
            assertThat(events.changes().stream()
                            .filter(change ->
                                    change.path("destination").asText().equals(id))
                            .map(EventsTest::version))
                    .as("versions of %s", id)
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
        for (int i = 0; i < DYING; i++) {
            assertThat(states(ids.get(ORDERED + i)))
                    .as("changes by probing, each once")
                    .containsExactlyElementsOf(repeated(deaths, "Probing", "Active"));
        }
        assertThat(events.changes())
                .as("who decided")
                .allMatch(change -> change.path("node").asText().matches("127\\.0\\.0\\.[123]:\\d+"));
    }

    private void check(EventReceivers outlets, int deaths) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> outlets.posted().contains(events.newest()));
        List<Long> posted = outlets.posted();
        assertThat(posted)
                .as("what was posted")
                .containsExactlyElementsOf(LongStream.rangeClosed(posted.get(0), events.newest())
                        .boxed()
                        .toList());
        for (int i = 0; i < ORDERED; i++) {
            String id = ids.get(i);
            long given = accepted.stream()
                    .filter(order -> order.startsWith(id + " "))
                    .count();
            assertThat(outlets.received(id.substring("default:1:".length())))
                    .as("datagrams of %s", id)
                    .containsExactlyElementsOf(
                            repeated((int) given, "inactive", "active").subList(0, (int) given));
        }
        for (int i = ORDERED; i < ORDERED + DYING; i++) {
            assertThat(outlets.received(ids.get(i).substring("default:1:".length())))
                    .as("datagrams of %s", ids.get(i))
                    .containsExactlyElementsOf(repeated(deaths, "inactive", "active"));
        }
        System.out.println("figures: webhook from place " + posted.get(0) + " to " + events.newest()
                + " without a gap, " + outlets.repeated() + " of them again; each change one datagram");
    }

    private static List<String> repeated(int times, String... texts) {
        return Collections.nCopies(times, List.of(texts)).stream()
                .flatMap(List::stream)
                .toList();
    }

    private static Long version(JsonNode change) {
        String[] parts = change.path("version").asText().split("[.]");
        return Long.parseLong(parts[0]) * 1_000_000 + Long.parseLong(parts[1]);
    }
}
