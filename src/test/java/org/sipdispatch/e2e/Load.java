package org.sipdispatch.e2e;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** SIPp callers at some nodes of a cluster, until the test ends them. */
final class Load implements AutoCloseable {
    private final List<Sipp> callers = new ArrayList<>();
    private int good;
    private int failed;

    /** Starts that many calls per second, distributed evenly over the nodes. */
    static Load start(ClusterNodes cluster, Collection<Integer> nodes, int perSecond) {
        Load load = new Load();
        for (int node : nodes) {
            InetSocketAddress at = new InetSocketAddress(ClusterNodes.host(node), cluster.sipPort());
            load.callers.add(Sipp.steadyCaller(at, perSecond / nodes.size()));
        }
        return load;
    }

    /** Stops placing calls and waits for the end of the open ones. */
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
