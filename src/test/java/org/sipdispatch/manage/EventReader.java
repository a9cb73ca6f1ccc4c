package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Reads server-sent events as a browser does. */
final class EventReader implements AutoCloseable {
    /** An event; {@code id} is that of the last event that had one. */
    record Event(String name, String id, JsonNode data) {}

    private final InputStream body;
    private final List<Event> received = new CopyOnWriteArrayList<>();
    private volatile String place = "";

    EventReader(HttpResponse<InputStream> response) {
        this(response, true);
    }

    private EventReader(HttpResponse<InputStream> response, boolean reads) {
        if (response.statusCode() != 200
                || !response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream")) {
            throw new AssertionError(response.toString());
        }
        body = response.body();
        if (reads) {
            Thread thread = new Thread(this::read, "events");
            thread.setDaemon(true);
            thread.start();
        }
    }

    static EventReader thatDoesNotRead(HttpResponse<InputStream> response) {
        return new EventReader(response, false);
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            String name = "";
            String id = "";
            String data = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                    place = id;
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.isEmpty()) {
                    if (!data.isEmpty()) {
                        received.add(new Event(name, id, RunningNode.JSON.readTree(data)));
                    }
                    name = data = "";
                }
            }
        } catch (IOException closed) {
            // Expected at the end.
        }
    }

    /** Waits until the stream has sent its position: it sends every later event. */
    EventReader placed() {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !place.isEmpty());
        return this;
    }

    /** The first event with that name and matching data. */
    Event await(String name, Predicate<JsonNode> such) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> find(name, such), event -> event != null);
    }

    private Event find(String name, Predicate<JsonNode> such) {
        for (Event event : received) {
            if (event.name().equals(name) && such.test(event.data())) {
                return event;
            }
        }
        return null;
    }

    List<Event> received() {
        return List.copyOf(received);
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
