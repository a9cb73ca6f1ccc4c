package org.sipdispatch.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * Two hosts, each in its own network namespace, on one bridge with this host, and an address that moves from one to the
 * other as with keepalived. Needs root; otherwise the tests are skipped.
 */
final class SharedAddress implements AutoCloseable {
    private static final int SECONDS = 10;

    private final String name = "sd" + ProcessHandle.current().pid() % 100_000;
    private final String net = "10.213." + ProcessHandle.current().pid() % 250 + ".";

    private SharedAddress() {}

    /** Creates the hosts; the first one has the shared address. */
    static SharedAddress open() {
        SharedAddress made = new SharedAddress();
        try {
            made.make();
            return made;
        } catch (IOException e) {
            made.close();
            Assumptions.abort("network namespaces cannot be made: " + e.getMessage());
            throw new IllegalStateException(e);
        }
    }

    private void make() throws IOException {
        ip("link add " + name + " type bridge");
        ip("addr add " + net + "1/24 dev " + name);
        ip("link set " + name + " up");
        for (int host = 0; host < 2; host++) {
            ip("netns add " + space(host));
            ip("link add " + name + "v" + host + " type veth peer name eth0 netns " + space(host));
            ip("link set " + name + "v" + host + " master " + name + " up");
            ip("-n " + space(host) + " link set lo up");
            ip("-n " + space(host) + " link set eth0 up");
            ip("-n " + space(host) + " addr add " + address(host) + "/24 dev eth0");
            // As with keepalived, the other host listens on the address before it has it.
            run("ip netns exec " + space(host) + " sysctl -q -w net.ipv4.ip_nonlocal_bind=1");
        }
        ip("-n " + space(0) + " addr add " + shared() + "/24 dev eth0");
    }

    /** Moves the shared address from the first host to the second. */
    void move() {
        try {
            ip("-n " + space(0) + " addr del " + shared() + "/24 dev eth0");
            ip("-n " + space(1) + " addr add " + shared() + "/24 dev eth0");
            // Replaces the gratuitous ARP.
            ip("neigh flush dev " + name);
            ip("-n " + space(1) + " neigh flush dev eth0");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A prefix for command lines that run on a host. */
    List<String> on(int host) {
        return List.of("ip", "netns", "exec", space(host));
    }

    private String space(int host) {
        return name + "-" + host;
    }

    /** A host's own address. */
    String address(int host) {
        return net + (11 + host);
    }

    String shared() {
        return net + "10";
    }

    /** This host's address on the bridge. */
    String localAddress() {
        return net + "1";
    }

    InetSocketAddress localAddress(int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(localAddress()), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void ip(String arguments) throws IOException {
        run("ip " + arguments);
    }

    private static void run(String command) throws IOException {
        Process process =
                new ProcessBuilder(command.split(" ")).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes()).strip();
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(command + ": " + said);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        for (String arguments : List.of("netns del " + space(0), "netns del " + space(1), "link del " + name)) {
            try {
                ip(arguments);
            } catch (IOException absent) {
                // It was not created.
            }
        }
    }
}
