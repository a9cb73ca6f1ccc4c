package org.sipdispatch.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Reads a node's server-sent events, as a browser does, until it is closed or the node ends. */
final class EventStream implements AutoCloseable {
    /**
     * One event.
     *
     * @param id empty if it has none
     */
    record Event(String id, String name, String data) {}

    private final InputStream stream;
    private final Thread reader;
    private volatile boolean ended;

    private EventStream(InputStream stream, Consumer<Event> then) {
        this.stream = stream;
        reader = new Thread(() -> read(then), "events");
        reader.setDaemon(true);
        reader.start();
    }

    /** Opens the stream after that event; empty for future events only. */
    static EventStream open(URI uri, String lastEventId, Consumer<Event> then) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Accept", "text/event-stream")
                .header("Authorization", "Bearer token-of-the-tests");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        try {
            HttpResponse<InputStream> response = HttpClient.newBuilder()
                    .connectTimeout(Duration.ofSeconds(2))
                    .build()
                    .send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode());
            }
            return new EventStream(response.body(), then);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void read(Consumer<Event> then) {
        List<String> lines = new CopyOnWriteArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.isEmpty()) {
                    lines.add(line);
                } else if (!lines.isEmpty()) {
                    Event event = event(lines);
                    lines.clear();
                    if (!event.data.isEmpty()) {
                        then.accept(event);
                    }
                }
            }
        } catch (IOException e) {
            // The node has ended, or the test closed the stream.
        }
        ended = true;
    }

    private static Event event(List<String> lines) {
        String id = "";
        String name = "message";
        StringBuilder data = new StringBuilder();
        for (String line : lines) {
            if (line.startsWith("id:")) {
                id = line.substring(3).strip();
            } else if (line.startsWith("event:")) {
                name = line.substring(6).strip();
            } else if (line.startsWith("data:")) {
                data.append(data.isEmpty() ? "" : "\n").append(line.substring(5).strip());
            }
        }
        return new Event(id, name, data.toString());
    }

    boolean hasEnded() {
        return ended;
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            // The stream is closed.
        }
    }
}
