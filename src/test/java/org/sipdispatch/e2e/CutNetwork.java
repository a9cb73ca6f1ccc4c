package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A network namespace for each node and a bridge between them, in which single paths can be cut. User agents and the
 * database stay in the namespace of the tests, which gets one more interface with an address for each of them. A cut
 * path drops packets silently: it leads to a station that does not exist.
 */
final class CutNetwork implements ClusterNodes.Places, AutoCloseable {
    private static final String NOBODY = "02:00:00:00:00:01";
    private static final int FIRST_AGENT = 100;

    /** Odd in one of two test processes that run at the same time, and even in the other. */
    private final int number = 2 * ThreadLocalRandom.current().nextInt(1, 125) + Integer.getInteger("test.fork", 1) % 2;

    private final String prefix = "sd" + ProcessHandle.current().pid() % 100_000 + "x" + number;
    private final int nodes;

    private CutNetwork(int nodes) {
        this.nodes = nodes;
    }

    /** Creates the network; skips the test if this process lacks the permission. */
    static CutNetwork make(int nodes, int agents) {
        CutNetwork network = new CutNetwork(nodes);
        try {
            network.build(agents);
        } catch (IOException | AssertionError e) {
            network.close();
            Assumptions.abort("network namespaces cannot be made: " + e.getMessage());
        }
        return network;
    }

    private void build(int agents) throws IOException {
        ip("netns add " + space("hub"));
        ip("-n " + space("hub") + " link add bridge type bridge");
        ip("-n " + space("hub") + " link set bridge up");
        ip("link add " + prefix + " type veth peer name tests netns " + space("hub"));
        plug("tests");
        ip("link set " + prefix + " up");
        for (int i = 0; i < agents; i++) {
            ip("addr add " + agent(i) + "/24 dev " + prefix);
        }
        for (int node = 0; node < nodes; node++) {
            ip("netns add " + space(node));
            ip("link add eth netns " + space(node) + " type veth peer name node" + node + " netns " + space("hub"));
            plug("node" + node);
            ip("-n " + space(node) + " link set lo up");
            ip("-n " + space(node) + " link set eth up");
            ip("-n " + space(node) + " addr add " + host(node) + "/24 dev eth");
        }
    }

    private void plug(String end) throws IOException {
        ip("-n " + space("hub") + " link set " + end + " master bridge up");
    }

    private String space(Object name) {
        return prefix + "-" + name;
    }

    @Override
    public String host(int node) {
        return "198.18." + number + "." + (node + 1);
    }

    @Override
    public List<String> before(int node) {
        return List.of("ip", "netns", "exec", space(node));
    }

    /** An address for a user agent or the database, from 0. */
    String agent(int agent) {
        return "198.18." + number + "." + (FIRST_AGENT + agent);
    }

    /** Drops all packets from a node to an address. */
    void cut(int node, String address) {
        always("-n " + space(node) + " neigh replace " + address + " lladdr " + NOBODY + " dev eth nud permanent");
    }

    void mend(int node, String address) {
        always("-n " + space(node) + " neigh del " + address + " dev eth");
    }

    /** Cuts the path between two nodes in both directions. */
    void part(int one, int other) {
        cut(one, host(other));
        cut(other, host(one));
    }

    void join(int one, int other) {
        mend(one, host(other));
        mend(other, host(one));
    }

    private static void always(String arguments) {
        try {
            ip(arguments);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void ip(String arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments.split(" ")));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes());
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).as(arguments).isTrue();
            assertThat(process.exitValue()).as("ip " + arguments + ": " + said).isZero();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The interfaces are removed with the namespaces. */
    @Override
    public void close() {
        List<String> spaces = new ArrayList<>(List.of(space("hub")));
        for (int node = 0; node < nodes; node++) {
            spaces.add(space(node));
        }
        for (String space : spaces) {
            try {
                ip("netns del " + space);
            } catch (IOException | AssertionError gone) {
                // It was never created.
            }
        }
    }
}
