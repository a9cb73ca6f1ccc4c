package org.sipdispatch.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.sipdispatch.agents.Ports;

/**
 * Kamailio with its module dispatcher. It pings its destinations once a second. The user {@code order-1-9} asks where
 * algorithm 9 would send the request in set 1, {@code call-1-9} has it sent.
 */
final class KamailioDispatcher implements AutoCloseable {
    private static final Pattern ROW = Pattern.compile("URI: (\\S+)\\s+FLAGS: (\\w)");

    private final KamailioProcess process;
    private final Path list;
    private final int udp;
    private final int rpc;

    private KamailioDispatcher(KamailioProcess process, Path list, int udp, int rpc) {
        this.process = process;
        this.list = list;
        this.udp = udp;
        this.rpc = rpc;
    }

    /**
     * Starts it.
     *
     * @param rows its list of destinations
     * @param latency whether pings measure latencies
     */
    static KamailioDispatcher start(String rows, boolean latency) {
        try {
            Path folder = KamailioProcess.newFolder();
            Path list = Files.writeString(folder.resolve("dispatcher.list"), rows);
            int udp = Ports.next();
            int rpc = Ports.next();
            Path configuration = KamailioProcess.write(
                    folder, "dispatcher.cfg", Map.of("UDP", udp, "RPC", rpc, "LATENCY", latency ? 1 : 0));
            return new KamailioDispatcher(KamailioProcess.start(configuration, udp), list, udp, rpc);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    InetSocketAddress address() {
        return NodeProcess.at(udp);
    }

    Path list() {
        return list;
    }

    String log() {
        return process.log();
    }

    /** The output of {@code dispatcher.list}. */
    String destinations() {
        try {
            Process command = new ProcessBuilder("kamcmd", "-s", "tcp:127.0.0.1:" + rpc, "dispatcher.list")
                    .redirectErrorStream(true)
                    .start();
            String output = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            command.waitFor();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Whether a destination gets traffic in all its sets, or in none; neither while that changes. */
    boolean isActive(String uri, boolean active) {
        String states = ROW.matcher(destinations())
                .results()
                .filter(row -> row.group(1).equals(uri))
                .map(MatchResult::group)
                .map(row -> row.substring(row.length() - 1))
                .distinct()
                .collect(Collectors.joining());
        return states.equals(active ? "A" : "I");
    }

    @Override
    public void close() {
        process.close();
    }
}
