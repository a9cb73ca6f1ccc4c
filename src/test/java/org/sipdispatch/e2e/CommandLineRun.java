package org.sipdispatch.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.sipdispatch.app.ProgramRun;

/** The exit status and output of one run of the program. */
record CommandLineRun(int status, String out, String err) {
    /** Runs a command that connects to a node, in this process. */
    static CommandLineRun inProcess(String... arguments) {
        ProgramRun run = ProgramRun.of(arguments);
        return new CommandLineRun(run.status(), run.out(), run.err());
    }

    /** Runs a command in a separate process. */
    static CommandLineRun of(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        command.addAll(NodeArchive.options());
        command.add("org.sipdispatch.app.Main");
        command.addAll(List.of(arguments));
        try {
            Path folder = Files.createTempDirectory(
                    Files.createDirectories(Path.of("target", "e2e").toAbsolutePath()), "run");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectOutput(folder.resolve("out").toFile())
                    .redirectError(folder.resolve("err").toFile());
            // The virtual machine reports these on standard error.
            builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
            builder.environment().keySet().removeIf(name -> name.startsWith("SIP_DISPATCHER_"));
            Process process = builder.start();
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            process.destroyForcibly();
            return new CommandLineRun(
                    ended ? process.exitValue() : -1,
                    Files.readString(folder.resolve("out")),
                    Files.readString(folder.resolve("err")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
