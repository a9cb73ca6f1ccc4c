package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The program in a separate process that runs until it is closed. */
public final class NodeProcess implements AutoCloseable {
    /** Longer than a starting node waits for the cluster's statuses. */
    private static final Duration START = Duration.ofSeconds(90);

    private static final int STOP_SECONDS = 60;

    private final Process process;
    private final ProcessBuilder made;
    private final Path log;
    private volatile boolean paused;

    private NodeProcess(Process process, ProcessBuilder made) {
        this.process = process;
        this.made = made;
        this.log = made.directory().toPath().resolve("log");
    }

    private static NodeProcess of(ProcessBuilder made) throws IOException {
        NodeProcess node = new NodeProcess(made.start(), made);
        Runtime.getRuntime().addShutdownHook(new Thread(node::terminate));
        return node;
    }

    /**
     * Starts a node and waits until it listens.
     *
     * @param config the contents of the block {@code sip-dispatcher}; {@code $list} is the list file's path
     * @param list the lines of a {@code dispatcher.list}; may be empty
     */
    static NodeProcess start(String config, String list) {
        NodeProcess node = begin(List.of(), config, list);
        node.awaitListening();
        return node;
    }

    /**
     * Starts a node without waiting.
     *
     * @param before a prefix for the command line, such as {@code ip netns exec a}; may be empty
     */
    static NodeProcess begin(List<String> before, String config, String list) {
        try {
            Path home = newHome();
            Path listFile = Files.writeString(home.resolve("dispatcher.list"), list);
            String whole =
                    "sip-dispatcher {\nmanagement.port = 0\n" + config.replace("$list", listFile.toString()) + "\n}\n";
            return of(builder(before, NodeArchive.options(), home, whole, Map.of()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts a node with an unchanged configuration, without waiting.
     *
     * @param environment environment variables in addition to those of this process
     */
    static NodeProcess begin(String wholeConfig, Map<String, String> environment) {
        return begin(NodeArchive.options(), wholeConfig, environment);
    }

    /** @param options for the virtual machine, with the class path */
    static NodeProcess begin(List<String> options, String wholeConfig) {
        return begin(options, wholeConfig, Map.of());
    }

    private static NodeProcess begin(List<String> options, String wholeConfig, Map<String, String> environment) {
        try {
            return of(builder(List.of(), options, newHome(), wholeConfig, environment));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path newHome() throws IOException {
        return Files.createTempDirectory(
                Files.createDirectories(Path.of("target", "e2e").toAbsolutePath()), "node");
    }

    private static ProcessBuilder builder(
            List<String> before, List<String> options, Path home, String wholeConfig, Map<String, String> environment)
            throws IOException {
        Path config = Files.writeString(home.resolve("node.conf"), wholeConfig);
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "-Dlogback.configurationFile=" + Path.of("conf", "logback.xml").toAbsolutePath()));
        command.addAll(options);
        command.addAll(List.of("org.sipdispatch.app.Main", "run", "-c", config.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile());
        builder.environment().putAll(environment);
        return builder;
    }

    /** The installation directory, with the data in {@code data}. */
    Path home() {
        return made.directory().toPath();
    }

    /** Kills the process, deletes these files from its directory, restarts it and waits until it listens. */
    NodeProcess killAndStartAgain(String... lost) {
        kill();
        try {
            for (String file : lost) {
                Files.deleteIfExists(home().resolve(file));
            }
            NodeProcess again = of(made);
            again.awaitListening();
            return again;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitListening() {
        try {
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(50))
                    .atMost(START)
                    .until(() -> !process.isAlive() || log().contains("listening on"));
        } catch (RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
        assertThat(process.isAlive()).as(log()).isTrue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Ends the process with {@code kill -9}, and waits until it is gone. */
    void kill() {
        process.destroyForcibly();
        process.onExit().orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
    }

    /** Stops the process as a suspended virtual machine does: it executes no instruction until it resumes. */
    void pause() {
        Signals.send("STOP", process.pid());
        paused = true;
    }

    /** Resumes a paused process. */
    void resume() {
        if (paused && process.isAlive()) {
            Signals.send("CONT", process.pid());
        }
        paused = false;
    }

    boolean isPaused() {
        return paused;
    }

    /** Sends SIGTERM. A paused process resumes for that. */
    void terminate() {
        resume();
        process.destroy();
    }

    /** Waits for the end of the process. */
    void awaitEnd() {
        process.onExit().orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
    }

    /** The log of the node. */
    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The management port that the log names. */
    int managementPort() {
        Matcher address =
                Pattern.compile("management at http://127\\.0\\.0\\.1:(\\d+)").matcher(log());
        assertThat(address.find()).as(log()).isTrue();
        return Integer.parseInt(address.group(1));
    }

    static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Stops the process with SIGTERM, and checks its log for failures. */
    @Override
    public void close() {
        terminate();
        boolean stopped = false;
        try {
            stopped = process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        assertThat(stopped).as("stops within %s s: %s", STOP_SECONDS, log()).isTrue();
        assertThat(log())
                .contains("stopped:")
                .doesNotContain(" ERROR ")
                .doesNotContainPattern("\\w+(Exception|Error)\\b");
    }
}
