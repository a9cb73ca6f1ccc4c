package org.sipdispatch.e2e;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** SIPp callers at some nodes of a cluster, for as long as a test wants. */
final class Load implements AutoCloseable {
    private final List<Sipp> callers = new ArrayList<>();
    private int good;
    private int failed;

    /** Begins to place that many calls per second, as many through each of those nodes. */
    static Load start(ClusterNodes cluster, Collection<Integer> nodes, int perSecond) {
        Load load = new Load();
        for (int node : nodes) {
            InetSocketAddress at = new InetSocketAddress(ClusterNodes.host(node), cluster.sipPort());
            load.callers.add(Sipp.steadyCaller(at, perSecond / nodes.size()));
        }
        return load;
    }

    /** Places no more calls and waits for the end of those that are open. */
    void finish() {
        callers.forEach(Sipp::stopCalling);
        for (Sipp caller : callers) {
            failed += caller.failedCalls();
            good += caller.goodCalls();
        }
    }

    int good() {
        return good;
    }

    int failed() {
        return failed;
    }

    @Override
    public void close() {
        callers.forEach(Sipp::close);
    }
}
