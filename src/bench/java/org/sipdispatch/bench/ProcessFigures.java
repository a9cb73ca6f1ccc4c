package org.sipdispatch.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * What processes have used since they started, from {@code /proc}.
 *
 * @param cpuSeconds user and system time
 * @param switches context switches of the threads that exist, voluntary or not
 */
record ProcessFigures(double cpuSeconds, long switches) {
    /** USER_HZ, which Linux shows on all common architectures. */
    private static final double TICKS_PER_SECOND = 100;

    /** The position of the user time behind the name, which may contain blanks. */
    private static final int USER_TIME = 11;

    static ProcessFigures of(List<Long> pids) throws IOException {
        double seconds = 0;
        long switches = 0;
        for (long pid : pids) {
            Path process = Path.of("/proc", Long.toString(pid));
            String stat = text(process.resolve("stat"), "a process that runs");
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            seconds += (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[USER_TIME + 1])) / TICKS_PER_SECOND;
            switches += switches(process.resolve("task"));
        }
        return new ProcessFigures(seconds, switches);
    }

    private static String text(Path file, String expected) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new IOException("--pids: " + file + " does not exist (expected: " + expected + ")", e);
        }
    }

    private static long switches(Path tasks) throws IOException {
        long switches = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                switches += ofThread(thread.resolve("status"));
            }
        }
        return switches;
    }

    private static long ofThread(Path status) throws IOException {
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.contains("ctxt_switches:"))
                    .mapToLong(line ->
                            Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                    .sum();
        } catch (NoSuchFileException ended) {
            return 0;
        }
    }

    /** What was used since the earlier figures. Threads that have ended since then are missing. */
    ProcessFigures since(ProcessFigures earlier) {
        return new ProcessFigures(cpuSeconds - earlier.cpuSeconds, Math.max(0, switches - earlier.switches));
    }
}
