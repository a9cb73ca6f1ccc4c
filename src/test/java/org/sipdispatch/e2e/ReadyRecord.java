package org.sipdispatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** Asks a node again and again whether it is ready. */
final class ReadyRecord implements AutoCloseable {
    private static final long EVERY_NANOS = 20_000_000;

    /** What it said; {@code atNs} is when the answer was there. */
    record Look(boolean ready, String reasons, long atNs) {}

    private final Queue<Look> looks = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    static ReadyRecord start(ClusterNodes cluster, int node) {
        ReadyRecord record = new ReadyRecord();
        TestUserAgent.daemon("ready", () -> record.run(cluster, node));
        return record;
    }

    private void run(ClusterNodes cluster, int node) {
        while (!closed) {
            try {
                JsonNode answer = cluster.get(node, "/dispatcher/ready");
                looks.add(new Look(
                        answer.path("ready").asBoolean(), answer.path("reasons").toString(), System.nanoTime()));
            } catch (UncheckedIOException e) {
                // It does not run, or does not listen yet.
            }
            LockSupport.parkNanos(EVERY_NANOS);
        }
    }

    /** The looks since that moment. */
    List<Look> since(long atNs) {
        return looks.stream().filter(look -> look.atNs() >= atNs).toList();
    }

    /** Since that moment, in words: when it was not ready first and why, and since when it always was. */
    String told(long sinceNs) {
        List<Look> all = since(sinceNs);
        String unready = all.stream()
                .filter(look -> !look.ready())
                .findFirst()
                .map(look -> "not ready after " + (look.atNs() - sinceNs) / 1_000_000 + " ms " + look.reasons() + ", ")
                .orElse("never said that it was not ready, ");
        long againNs = readyForGoodNs(sinceNs);
        return unready + (againNs < 0 ? "not ready at last" : "ready after " + (againNs - sinceNs) / 1_000_000 + " ms");
    }

    /** Since when it has always been ready; -1 if it was not at last. */
    long readyForGoodNs(long sinceNs) {
        long readyNs = -1;
        for (Look look : since(sinceNs)) {
            if (!look.ready()) {
                readyNs = -1;
            } else if (readyNs < 0) {
                readyNs = look.atNs();
            }
        }
        return readyNs;
    }

    @Override
    public void close() {
        closed = true;
    }
}
