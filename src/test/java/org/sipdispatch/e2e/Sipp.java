package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.sipdispatch.agents.Ports;

/** SIPp as a caller or as a destination. Tests that need it are skipped if it is not installed. */
final class Sipp implements AutoCloseable {
    private static final Path SCENARIOS =
            Path.of("src", "test", "resources", "sipp").toAbsolutePath();
    private static final Path BOUND_UDP = Path.of("/proc/net/udp");
    private static final Path BOUND_TCP = Path.of("/proc/net/tcp");

    private final Process process;
    private final Path folder;
    private final int port;

    private Sipp(Process process, Path folder, int port) {
        this.process = process;
        this.folder = folder;
        this.port = port;
    }

    /** Skips the test if SIPp is missing. The test itself must call this, so that it is reported as skipped. */
    static void assumePresent() {
        Assumptions.assumeTrue(
                isPresent(), "no program sipp on the PATH, or no " + BOUND_UDP + " to see when it is ready");
    }

    static boolean isPresent() {
        return Files.isReadable(BOUND_UDP)
                && Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(dir -> Files.isExecutable(Path.of(dir, "sipp")));
    }

    /** Answers calls until it is closed; listens on return. */
    static Sipp callee(String transport) {
        return callee("uas.xml", transport);
    }

    /** Refuses calls with 503 until it is closed; listens on return. */
    static Sipp refusingCallee(String transport) {
        return callee("refuse.xml", transport);
    }

    /** Answers calls over UDP, and hangs up in those with an odd number; asks for something within each of them. */
    static Sipp calleeThatHangsUpInHalf() {
        return callee("uas-either-ends.xml", "udp");
    }

    /** Starts calls over UDP to a user at the node, for {@link #calleeThatHangsUpInHalf}. */
    static Sipp callerThatFollows(String user, int nodePort, int calls, int perSecond) {
        return caller("uac-either-ends.xml", "udp", user, nodePort, calls, perSecond);
    }

    private static Sipp callee(String scenario, String transport) {
        Sipp callee = start(scenario, transport, List.of());
        String bound = ":%04X ".formatted(callee.port);
        Path table = transport.equals("tcp") ? BOUND_TCP : BOUND_UDP;
        Awaitility.await()
                .pollInterval(Duration.ofMillis(20))
                .until(() ->
                        !callee.process.isAlive() || Files.readString(table).contains(bound));
        assertThat(callee.process.isAlive()).as(callee::description).isTrue();
        return callee;
    }

    /** Starts calls to a user at the node. */
    static Sipp caller(String transport, String user, int nodePort, int calls, int perSecond) {
        return caller("uac.xml", transport, user, nodePort, calls, perSecond);
    }

    private static Sipp caller(String scenario, String transport, String user, int nodePort, int calls, int perSecond) {
        return start(
                scenario,
                transport,
                List.of(
                        "127.0.0.1:" + nodePort,
                        "-s",
                        user,
                        "-m",
                        String.valueOf(calls),
                        "-r",
                        String.valueOf(perSecond),
                        "-timeout",
                        calls / perSecond + 40 + "s",
                        "-timeout_error"));
    }

    /** Starts calls to any node until {@link #stopCalling}. */
    static Sipp steadyCaller(InetSocketAddress node, int perSecond) {
        String target = node.getAddress().getHostAddress() + ":" + node.getPort();
        return start("uac.xml", "udp", List.of(target, "-s", "service", "-r", String.valueOf(perSecond)));
    }

    /** Stops placing calls. Open calls continue to their end. */
    void stopCalling() {
        signalQuit();
    }

    private static Sipp start(String scenario, String transport, List<String> more) {
        try {
            Path folder = Files.createTempDirectory(
                    Files.createDirectories(Path.of("target", "e2e").toAbsolutePath()), "sipp");
            int port = Ports.next();
            List<String> command = new ArrayList<>(List.of("sipp", "-sf"));
            command.add(Files.copy(SCENARIOS.resolve(scenario), folder.resolve("call.xml"))
                    .toString());
            command.addAll(List.of("-i", "127.0.0.1", "-p", String.valueOf(port)));
            command.addAll(List.of("-mi", "127.0.0.1", "-mp", String.valueOf(Ports.next(4))));
            command.addAll(List.of("-t", transport.equals("tcp") ? "t1" : "u1", "-nostdin", "-skip_rlimit"));
            // Nobody retransmits what is dropped while SIPp does not run: 200s for an INVITE over TCP.
            command.addAll(List.of("-buff_size", String.valueOf(4 << 20)));
            command.addAll(List.of("-trace_counts", "-trace_stat", "-stf", "stat.csv", "-fd", "1"));
            command.addAll(List.of("-trace_err", "-error_file", "errors.log"));
            command.addAll(more);
            ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
            builder.environment().put("TERM", "xterm");
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(folder.resolve("screen.log").toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new Sipp(process, folder, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    /** Waits for the end of all calls, and returns the number of failed ones. */
    int failedCalls() {
        await(120);
        assertThat(process.exitValue()).as(this::description).isIn(0, 1);
        return figure("stat.csv", "FailedCall(C)");
    }

    /** The number of successful calls. */
    int goodCalls() {
        return figure("stat.csv", "SuccessfulCall(C)");
    }

    /** Stops after the end of open calls, and returns the number of received INVITEs without retransmissions. */
    int invitesReceived() {
        signalQuit();
        await(30);
        return counted("0_INVITE_Recv");
    }

    /** The count of a scenario step after the end, such as {@code 1_180_Sent}. */
    int counted(String step) {
        try (Stream<Path> files = Files.list(folder)) {
            String counts = files.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith("_counts.csv"))
                    .findFirst()
                    .orElseThrow();
            return figure(counts, step);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void signalQuit() {
        try {
            new ProcessBuilder("kill", "-USR1", String.valueOf(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void await(int seconds) {
        try {
            assertThat(process.waitFor(seconds, TimeUnit.SECONDS))
                    .as(this::description)
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The value of that column in the last line. */
    private int figure(String file, String column) {
        List<String> lines = read(file).lines().filter(line -> !line.isBlank()).toList();
        int place = List.of(lines.get(0).split(";")).indexOf(column);
        assertThat(place).as("%s in %s", column, lines.get(0)).isNotNegative();
        return Integer.parseInt(lines.get(lines.size() - 1).split(";")[place]);
    }

    private String description() {
        String errors = Files.exists(folder.resolve("errors.log")) ? read("errors.log") : "";
        String screen = read("screen.log");
        return folder + ": " + errors.lines().limit(20).toList()
                + screen.substring(Math.max(0, screen.length() - 1500));
    }

    private String read(String file) {
        try {
            return Files.readString(folder.resolve(file), java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
