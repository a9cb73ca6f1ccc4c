package org.sipdispatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * When a node noticed the death of another one.
 *
 * @param unreachableMs when it marked the other node as unreachable
 * @param downedMs when it had downed the other node
 */
record Membership(long unreachableMs, long downedMs) {
    /** Watches a node's members until another one is gone; times count from {@code sinceNanos}. */
    static Membership watch(ClusterNodes cluster, int watching, int gone, long sinceNanos) {
        String host = "@" + ClusterNodes.host(gone) + ":";
        long[] unreachable = {-1};
        Awaitility.await()
                .pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(60))
                .until(() -> {
                    JsonNode now = cluster.get(watching, "/cluster/members");
                    boolean out = !now.path("members").toString().contains(host);
                    if (unreachable[0] < 0
                            && (out || now.path("unreachable").toString().contains(host))) {
                        unreachable[0] = ms(sinceNanos);
                    }
                    return out;
                });
        return new Membership(unreachable[0], ms(sinceNanos));
    }

    private static long ms(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1_000_000;
    }
}
