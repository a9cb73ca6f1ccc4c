package org.sipdispatch.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/** A client that follows a cluster's events and can continue at another node. */
final class FollowedEvents implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A history entry and the time of its arrival. */
    private record Seen(long place, JsonNode entry, long atMs) {}

    /** A destination as a node reported it, and the time of arrival. */
    record View(JsonNode destination, long atMs) {}

    private final ClusterNodes cluster;
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final List<View> views = new CopyOnWriteArrayList<>();
    private EventStream stream;

    FollowedEvents(ClusterNodes cluster) {
        this.cluster = cluster;
    }

    /** Opens the stream of that node after that history id; empty for future events only. */
    void open(int node, String lastEventId) throws IOException {
        URI uri = URI.create("http://" + ClusterNodes.host(node) + ":" + cluster.httpPort() + "/dispatcher/events");
        stream = EventStream.open(uri, lastEventId, event -> take(event, System.currentTimeMillis()));
    }

    private void take(EventStream.Event event, long nowMs) {
        try {
            if (event.name().equals("status") || event.name().equals("superseded")) {
                seen.add(new Seen(Long.parseLong(event.id()), JSON.readTree(event.data()), nowMs));
            } else if (event.name().equals("view")) {
                JSON.readTree(event.data())
                        .path("destinations")
                        .forEach(destination -> views.add(new View(destination, nowMs)));
            }
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the stream has ended. */
    boolean hasEnded() {
        return stream.hasEnded();
    }

    /** Continues at another node after the node has died. */
    void goOn(int node) {
        Awaitility.await().until(stream::hasEnded);
        String last = String.valueOf(newest());
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> {
            try {
                open(node, last);
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** Disconnects and continues at another node. */
    void moveTo(int node) {
        stream.close();
        goOn(node);
    }

    /** The last received history id. */
    long newest() {
        return seen.isEmpty() ? 0 : seen.get(seen.size() - 1).place();
    }

    /** The received history ids in the order of their arrival. */
    List<Long> seen() {
        return seen.stream().map(Seen::place).toList();
    }

    /** The entries about changes. */
    List<JsonNode> changes() {
        return entries("STATUS");
    }

    /** The entries of that kind. */
    List<JsonNode> entries(String kind) {
        return seen.stream()
                .map(Seen::entry)
                .filter(entry -> entry.path("kind").asText().equals(kind))
                .toList();
    }

    /** The delays in milliseconds between the changes of that period and their arrival. */
    List<Double> delays(long fromMs, long untilMs) {
        List<Double> delays = new ArrayList<>();
        for (Seen one : seen) {
            long happenedMs = one.entry().path("atMs").asLong();
            boolean change = one.entry().path("kind").asText().equals("STATUS");
            if (change && happenedMs >= fromMs && happenedMs < untilMs) {
                delays.add((double) (one.atMs() - happenedMs));
            }
        }
        return delays;
    }

    /** The destinations that the nodes reported. */
    List<View> views() {
        return views;
    }

    @Override
    public void close() {
        if (stream != null) {
            stream.close();
        }
    }
}
