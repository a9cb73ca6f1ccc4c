package org.sipdispatch.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** Checks every few milliseconds whether each node's own view has a destination in rotation. */
final class ViewWatch implements AutoCloseable {
    private static final long EVERY_NANOS = 8_000_000;

    /** A node's view at the arrival of its response. */
    private record Look(boolean takesTraffic, long atNanos) {}

    private final ClusterNodes cluster;
    private final String id;
    private final List<Queue<Look>> looks = new ArrayList<>();
    private volatile boolean closed;

    private ViewWatch(ClusterNodes cluster, String id) {
        this.cluster = cluster;
        this.id = id;
    }

    static ViewWatch start(ClusterNodes cluster, int nodes, String id) {
        ViewWatch watch = new ViewWatch(cluster, id);
        for (int i = 0; i < nodes; i++) {
            int node = i;
            Queue<Look> own = new ConcurrentLinkedQueue<>();
            watch.looks.add(own);
            TestUserAgent.daemon("watch-" + node, () -> watch.run(node, own));
        }
        return watch;
    }

    private void run(int node, Queue<Look> own) {
        while (!closed) {
            boolean takes = cluster.destination(node, id).path("takesTraffic").asBoolean();
            own.add(new Look(takes, System.nanoTime()));
            LockSupport.parkNanos(EVERY_NANOS);
        }
    }

    void forget() {
        looks.forEach(Queue::clear);
    }

    /** The time after {@code afterNanos} at which the last node had that view; -1 if a node has not. */
    long allSince(boolean takesTraffic, long afterNanos) {
        long last = 0;
        for (Queue<Look> own : looks) {
            long first = own.stream()
                    .filter(look -> look.takesTraffic() == takesTraffic && look.atNanos() > afterNanos)
                    .mapToLong(Look::atNanos)
                    .findFirst()
                    .orElse(-1);
            if (first < 0) {
                return -1;
            }
            last = Math.max(last, first);
        }
        return last;
    }

    @Override
    public void close() {
        closed = true;
    }
}
