package org.sipdispatch.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Counts the system calls of processes: with perf where the kernel permits that, otherwise with strace, which slows the
 * processes down.
 */
final class SystemCalls implements AutoCloseable {
    /** A tool that cannot do it ends before this. */
    private static final long ATTACH_MS = 500;

    private static final long DETACH_SECONDS = 20;

    private final String tool;
    private final Process process;
    private final Path output;

    private SystemCalls(String tool, Process process, Path output) {
        this.tool = tool;
        this.process = process;
        this.output = output;
    }

    /** Begins to count; null if no tool can. */
    static SystemCalls of(List<Long> pids) throws IOException, InterruptedException {
        String list = pids.stream().map(String::valueOf).collect(Collectors.joining(","));
        SystemCalls perf = start("perf", List.of("perf", "stat", "-x,", "-e", "raw_syscalls:sys_enter", "-p", list));
        if (perf != null) {
            return perf;
        }
        List<String> strace = new ArrayList<>(List.of("strace", "-f", "-c", "-U", "calls,name"));
        pids.forEach(pid -> strace.addAll(List.of("-p", pid.toString())));
        return start("strace", strace);
    }

    private static SystemCalls start(String tool, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("system-calls", ".txt");
        List<String> whole = new ArrayList<>(command);
        whole.addAll(1 + (tool.equals("perf") ? 1 : 0), List.of("-o", output.toString()));
        Process process;
        try {
            process = new ProcessBuilder(whole)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException notInstalled) {
            Files.delete(output);
            return null;
        }
        if (process.waitFor(ATTACH_MS, TimeUnit.MILLISECONDS)) {
            Files.delete(output);
            return null;
        }
        return new SystemCalls(tool, process, output);
    }

    /** The name of the tool. */
    String tool() {
        return tool;
    }

    /** Ends the tool; returns the number of calls, or -1 if it did not count. */
    long stop() throws IOException, InterruptedException {
        interrupt();
        for (String line : Files.readAllLines(output)) {
            String[] words = line.strip().split("[ ,]+");
            boolean isSum = tool.equals("perf")
                    ? line.contains("raw_syscalls")
                    : line.strip().endsWith(" total");
            if (isSum && words[0].chars().allMatch(Character::isDigit)) {
                return Long.parseLong(words[0]);
            }
        }
        return -1;
    }

    /** Both tools print their sums when they are interrupted. */
    private void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        process.waitFor(DETACH_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        Files.deleteIfExists(output);
    }
}
