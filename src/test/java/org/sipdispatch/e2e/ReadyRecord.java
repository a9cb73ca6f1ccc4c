package org.sipdispatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** Polls a node's readiness. */
final class ReadyRecord implements AutoCloseable {
    private static final long EVERY_NANOS = 20_000_000;

    /** A response; {@code atNs} is the time of its arrival. */
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
                // The node does not run, or does not listen yet.
            }
            LockSupport.parkNanos(EVERY_NANOS);
        }
    }

    /** The responses since that time. */
    List<Look> since(long atNs) {
        return looks.stream().filter(look -> look.atNs() >= atNs).toList();
    }

    /** A description: when the node was first not ready and why, and since when it has been ready. */
    String description(long sinceNs) {
        List<Look> all = since(sinceNs);
        String unready = all.stream()
                .filter(look -> !look.ready())
                .findFirst()
                .map(look -> "not ready after " + (look.atNs() - sinceNs) / 1_000_000 + " ms " + look.reasons() + ", ")
                .orElse("never said that it was not ready, ");
        long againNs = readyForGoodNs(sinceNs);
        return unready + (againNs < 0 ? "not ready at last" : "ready after " + (againNs - sinceNs) / 1_000_000 + " ms");
    }

    /** The time since which the node has been ready; -1 if it is not. */
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
