package org.sipdispatch.membership;

import java.time.Duration;
import java.util.List;

/** Reports at intervals what a node waits for that has not joined the cluster yet. Not thread-safe. */
public final class JoinProgress {
    /** Longer than a start usually takes, which has log lines of its own. */
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final List<String> seedNodes;
    private long reportedNanos;

    /** {@code seedNodes}: the addresses of the other ones. */
    JoinProgress(List<String> seedNodes, long nowNanos) {
        this.seedNodes = seedNodes;
        reportedNanos = nowNanos;
    }

    /** The line to log now; null if none is due. {@code answering}: how many other nodes have answered lately. */
    String due(int answering, long nowNanos) {
        if (nowNanos - reportedNanos < INTERVAL.toNanos()) {
            return null;
        }
        reportedNanos = nowNanos;
        return waitingFor(seedNodes, answering);
    }

    /** Ends the wait; another one may begin now. */
    void joined(long nowNanos) {
        reportedNanos = nowNanos;
    }

    /** What the node waits for. {@code seedNodes}: the other ones; empty if none are configured. */
    public static String waitingFor(List<String> seedNodes, int answering) {
        if (seedNodes.isEmpty()) {
            return "waiting to join the cluster";
        }
        String all = "the seed nodes " + String.join(", ", seedNodes);
        return answering == 0
                ? "waiting for " + all + ", which do not answer yet"
                : "waiting to join the cluster: " + answering + " of " + all + " answer";
    }
}
