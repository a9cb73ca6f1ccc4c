package org.sipdispatch.agents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** HAProxy in front of a node, for TCP. Its own checks of the node go on all the time. */
public final class Haproxy implements AutoCloseable {
    private final Process process;
    private final InetSocketAddress address;
    private final Path log;

    private Haproxy(Process process, InetSocketAddress address, Path log) {
        this.process = process;
        this.address = address;
        this.log = log;
    }

    /**
     * Starts it; it listens on return.
     *
     * @param source the address from which it connects to the node
     * @param options how it sends the header, such as {@code send-proxy-v2}
     */
    public static Haproxy before(InetSocketAddress node, String source, String options) {
        return before(node, source, options, "127.0.0.1");
    }

    /** The same on a given loopback address, of IPv4 or IPv6. */
    public static Haproxy before(InetSocketAddress node, String source, String options, String host) {
        InetSocketAddress local = Ports.freeAddress(host);
        try {
            Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "e2e")), "haproxy");
            Path configuration = Files.writeString(folder.resolve("haproxy.cfg"), """
                    defaults
                      mode tcp
                      timeout connect 5s
                      timeout client 1m
                      timeout server 1m
                      timeout check 5s
                    listen sip
                      bind %s
                      server node %s source %s check inter 200ms %s
                    """.formatted(
                            SipText.hostPort(local), SipText.hostPort(node), source, options));
            Path log = folder.resolve("haproxy.log");
            Process process = new ProcessBuilder("haproxy", "-db", "-f", configuration.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Haproxy haproxy = new Haproxy(process, local, log);
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            Awaitility.await().atMost(20, TimeUnit.SECONDS).until(haproxy::listens);
            return haproxy;
        } catch (IOException e) {
            throw new UncheckedIOException("haproxy (expected: the program on the PATH)", e);
        }
    }

    private boolean listens() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("haproxy has ended: " + Files.readString(log));
        }
        // A connection would go on to the node.
        boolean ipv6 = address.getAddress() instanceof Inet6Address;
        String bound = ":%04X %s:0000 0A ".formatted(address.getPort(), "0".repeat(ipv6 ? 32 : 8));
        return Files.readString(Path.of(ipv6 ? "/proc/net/tcp6" : "/proc/net/tcp"))
                .contains(bound);
    }

    public InetSocketAddress address() {
        return address;
    }

    /** What it has said, for example that a check of the node has failed. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
