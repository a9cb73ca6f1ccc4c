package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.AnsweringAgent;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.database.EmbeddedPostgres;

/** Who follows the events and goes on at another node when his own dies misses none and sees none twice. */
class EventsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DESTINATIONS = 6;
    private static final String MORE = """
            probing { ds_ping_interval = 1s, ds_probing_mode = 1, ping-timeout = 500ms }
            rules = [ { select { set = "1", alg = "4", flags = "F" } } ]
            """;

    private final List<AnsweringAgent> agents = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private final List<String> accepted = new ArrayList<>();
    private final List<EventStream.Event> seen = new CopyOnWriteArrayList<>();
    private ClusterNodes cluster;
    private EventStream stream;
    private int orders;

    @Test
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
        for (int i = 0; i < DESTINATIONS; i++) {
            AnsweringAgent agent = AnsweringAgent.start("127.0.0.1", "agent");
            agents.add(agent);
            String uri = "sip:" + SipText.hostPort(agent.address());
            rows.add("1, '" + uri + "'");
            ids.add("default:1:" + uri);
        }
        ClusterNodes.table(url, "setid, destination", rows);
        try (ClusterNodes started = ClusterNodes.start(new ClusterNodes.Plan(3, url, MORE))) {
            cluster = started;
            String dying = ids.get(DESTINATIONS - 1);
            stream = open(0, "0");
            for (int i = 0; i < deaths; i++) {
                death(i % 3);
            }
            agents.get(DESTINATIONS - 1).close();
            cluster.awaitOnAll(dying, one -> one.path("state").asText().equals("Probing"));
            awaitNewest();
            check(dying);
        } finally {
            agents.forEach(AnsweringAgent::close);
            if (stream != null) {
                stream.close();
            }
        }
    }

    /** The reader is at the node that dies, and orders go on all the while. */
    private void death(int node) throws IOException {
        give(20, List.of(0, 1, 2));
        cluster.kill(node);
        Awaitility.await().until(stream::hasEnded);
        List<Integer> others = List.of((node + 1) % 3, (node + 2) % 3);
        stream = open(others.get(0), seen.get(seen.size() - 1).id());
        give(20, others);
        cluster.restart(node);
        cluster.awaitMembers(3);
    }

    private EventStream open(int node, String lastEventId) throws IOException {
        return EventStream.open(
                URI.create("http://" + ClusterNodes.host(node) + ":" + cluster.httpPort() + "/dispatcher/events"),
                lastEventId,
                event -> {
                    if (event.name().equals("status")) {
                        seen.add(event);
                    }
                });
    }

    private void give(int count, List<Integer> nodes) {
        for (int i = 0; i < count; i++) {
            String id = ids.get(orders % (DESTINATIONS - 1));
            boolean hold = orders / (DESTINATIONS - 1) % 2 == 0;
            give(nodes.get(i % nodes.size()), id, hold ? "hold" : "release");
        }
    }

    /** An order that is refused while the destination is between two nodes is given again. */
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

    private void awaitNewest() {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            String newest = cluster.get(1, "/dispatcher/history?limit=1")
                    .path("entries")
                    .path(0)
                    .path("id")
                    .asText();
            return !seen.isEmpty() && newest.equals(seen.get(seen.size() - 1).id());
        });
    }

    private void check(String dead) throws IOException {
        List<Long> places = new ArrayList<>();
        Map<String, List<String>> versions = new LinkedHashMap<>();
        List<String> changes = new ArrayList<>();
        for (EventStream.Event event : seen) {
            JsonNode entry = JSON.readTree(event.data());
            places.add(Long.parseLong(event.id()));
            assertThat(entry.path("id").asText()).isEqualTo(event.id());
            if (entry.path("kind").asText().equalsIgnoreCase("status")) {
                String id = entry.path("destination").asText();
                changes.add(id + " " + entry.path("why").asText());
                versions.computeIfAbsent(id, unused -> new ArrayList<>())
                        .add(entry.path("version").asText());
            }
        }
        for (int i = 0; i < places.size(); i++) {
            assertThat(places.get(i)).as("place of event %s of %s", i, places).isEqualTo(i + 1L);
        }
        for (String id : ids) {
            assertThat(changes.stream().filter(change -> change.startsWith(id + " order ")))
                    .as("what was ordered, each once and in its order")
                    .containsExactlyElementsOf(accepted.stream()
                            .filter(change -> change.startsWith(id + " "))
                            .toList());
        }
        versions.forEach(
                (id, all) -> assertThat(all.stream().map(EventsTest::version).toList())
                        .as("versions of %s", id)
                        .isSorted()
                        .doesNotHaveDuplicates());
        assertThat(versions.get(dead)).isNotEmpty();
        System.out.println("figures: " + orders + " orders, " + seen.size() + " events, none missed, none twice");
    }

    private static long version(String text) {
        String[] parts = text.split("[.]");
        return Long.parseLong(parts[0]) * 1_000_000 + Long.parseLong(parts[1]);
    }
}
