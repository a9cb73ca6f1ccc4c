package org.sipdispatch.cli;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Reads server-sent events. Closes a stream without any data for 35 s: a node sends something every 10 s. */
final class EventStream implements Closeable {
    /**
     * A server-sent event.
     *
     * @param type its name; {@code message} if it has none
     * @param id empty if it has none
     */
    record Event(String type, String id, String data) {}

    private static final long LONGEST_SILENCE_MS = 35_000;

    private final InputStream in;
    private final BufferedReader reader;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "events-watch");
        thread.setDaemon(true);
        return thread;
    });

    private volatile long lastReceivedNanos = System.nanoTime();

    EventStream(InputStream in) {
        this.in = in;
        reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        watch.scheduleWithFixedDelay(this::closeIfSilent, 1, 1, TimeUnit.SECONDS);
    }

    private void closeIfSilent() {
        if (System.nanoTime() - lastReceivedNanos > TimeUnit.MILLISECONDS.toNanos(LONGEST_SILENCE_MS)) {
            close();
        }
    }

    /** The next event; null at the end of the stream. Blocks. */
    Event next() throws IOException {
        String type = "message";
        String id = "";
        StringBuilder data = new StringBuilder();
        String line = reader.readLine();
        while (line != null) {
            lastReceivedNanos = System.nanoTime();
            if (line.isEmpty() && data.length() > 0) {
                return new Event(type, id, data.toString());
            }
            if (line.isEmpty()) {
                type = "message";
            } else if (line.startsWith("event:")) {
                type = value(line);
            } else if (line.startsWith("id:")) {
                id = value(line);
            } else if (line.startsWith("data:")) {
                data.append(data.length() == 0 ? "" : "\n").append(value(line));
            }
            line = reader.readLine();
        }
        return null;
    }

    private static String value(String line) {
        String value = line.substring(line.indexOf(':') + 1);
        return value.startsWith(" ") ? value.substring(1) : value;
    }

    @Override
    public void close() {
        watch.shutdownNow();
        try {
            in.close();
        } catch (IOException e) {
            // The stream has already ended.
        }
    }
}
