package org.sipdispatch.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A node that was started with the script of a program, as operators start it. */
final class StartedNode implements AutoCloseable {
    private final long beganNanos = System.nanoTime();
    private final Process process;
    private final Path log;

    private StartedNode(ProcessBuilder script, Path log) throws IOException {
        process = script.start();
        this.log = log;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /**
     * Starts a node without waiting.
     *
     * @param program the directory of the program
     * @param directory for its files; empty, so that the node knows nothing of an earlier start
     * @param settings the contents of the block {@code sip-dispatcher}
     */
    static StartedNode begin(Path program, Path directory, String settings) throws IOException {
        Path config = Files.writeString(
                Files.createDirectories(directory).resolve("node.conf"), "sip-dispatcher {\n" + settings + "\n}\n");
        Path log = directory.resolve("log");
        ProcessBuilder script = new ProcessBuilder(
                        program.resolve("bin/sip-dispatcher").toString(), "run", "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        script.environment().keySet().removeIf(name -> name.startsWith("SIP_DISPATCHER_"));
        script.environment()
                .put("SIP_DISPATCHER_DATA", directory.resolve("data").toString());
        return new StartedNode(script, log);
    }

    /** Since the start of the script. */
    double seconds() {
        return (System.nanoTime() - beganNanos) / 1e9;
    }

    /** Of the node, which is the process of the script. */
    double cpuSeconds() throws IOException {
        return ProcessFigures.of(List.of(process.pid())).cpuSeconds();
    }

    /** @throws IOException with the log, if the node has ended or takes longer than two minutes */
    void requireStarting() throws IOException {
        if (!process.isAlive() || seconds() > 120) {
            throw new IOException("a node did not start: " + Files.readString(log));
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
