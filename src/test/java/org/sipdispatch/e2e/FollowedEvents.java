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

/** A reader of a cluster's events, who goes on at another node where he was. */
final class FollowedEvents implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** An entry of the history, and when it was here. */
    private record Seen(long place, JsonNode entry, long atMs) {}

    /** A destination as its node told it, and when it was here. */
    record View(JsonNode destination, long atMs) {}

    private final ClusterNodes cluster;
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final List<View> views = new CopyOnWriteArrayList<>();
    private EventStream stream;

    FollowedEvents(ClusterNodes cluster) {
        this.cluster = cluster;
    }

    /** Opens the stream of that node behind that place; empty for what happens from now on. */
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

    /** Whether the stream came to its end. */
    boolean hasEnded() {
        return stream.hasEnded();
    }

    /** The node has died: goes on at that one. */
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

    /** Leaves its node for that one. */
    void moveTo(int node) {
        stream.close();
        goOn(node);
    }

    /** The last place that was told. */
    long newest() {
        return seen.isEmpty() ? 0 : seen.get(seen.size() - 1).place();
    }

    /** The places, as they were told. */
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

    /** How long after they happened those changes were here that happened from then until then, in milliseconds. */
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

    /** What nodes told of destinations. */
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
