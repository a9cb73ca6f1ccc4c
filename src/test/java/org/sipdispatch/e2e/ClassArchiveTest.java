package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sipdispatch.agents.Ports;

/** The archives of classes that {@code class-archive} writes. */
class ClassArchiveTest {
    private static final String NO_NODE = "http://127.0.0.1:1";

    /** Runs the script of an installed program. */
    private static CommandLineRun run(Path home, Path directory, String javaOpts, String... arguments)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin/sip-dispatcher").toString()));
        command.addAll(List.of(arguments));
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder script =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        script.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        script.environment().keySet().removeIf(name -> name.startsWith("SIP_DISPATCHER_"));
        script.environment().put("JAVA_HOME", System.getProperty("java.home"));
        script.environment().put("JAVA_OPTS", javaOpts);
        int status = script.start().waitFor();
        return new CommandLineRun(status, read(out), read(err));
    }

    /** Of the loaded classes whose names begin so, eight of ten are from an archive. */
    private static void assertMostAreArchived(Path log, String prefix) throws IOException {
        List<String> loaded = Files.readAllLines(log).stream()
                .filter(line -> line.contains(" " + prefix))
                .toList();
        assertThat(loaded).describedAs(prefix).hasSizeGreaterThan(20);
        assertThat(loaded.stream().filter(line -> line.contains("source: shared objects file")))
                .describedAs(prefix)
                .hasSizeGreaterThan(loaded.size() * 8 / 10);
    }

    @Test
    void mostClassesOfANodeComeFromIt(@TempDir Path directory) throws IOException {
        Path log = directory.resolve("classes.log");
        List<String> options = new ArrayList<>(NodeArchive.options());
        options.add("-Xlog:class+load:file=" + log);
        Path list = Files.writeString(directory.resolve("list"), "1 sip:127.0.0.1:5099\n");

        try (NodeProcess node = NodeProcess.begin(options, """
                sip-dispatcher {
                  management.port = 0
                  sockets.main = "udp:127.0.0.1:%d"
                  partitions.default.db_url = "file:%s"
                  rules = [ { select { set = 1, alg = 4 } } ]
                }
                """.formatted(Ports.next(), list))) {
            node.awaitListening();
        }

        assertMostAreArchived(log, "org.sipdispatch.");
    }

    /** Those of picocli are old class files, which Java archives in one way only. */
    @Test
    void mostClassesOfACommandComeFromItsOwn(@TempDir Path directory) throws IOException, InterruptedException {
        Path log = directory.resolve("classes.log");

        run(NodeArchive.home(), directory, "-Xlog:class+load:file=" + log, "list", "--node", NO_NODE);

        assertMostAreArchived(log, "org.sipdispatch.");
        assertMostAreArchived(log, "picocli.");
        assertMostAreArchived(log, "com.fasterxml.jackson.");
    }

    static Stream<List<String>> commands() {
        return Stream.of(
                List.of("--help"),
                List.of("--version"),
                List.of("list", "--help"),
                List.of("list", "--node", NO_NODE),
                List.of("show", "default:1:sip:127.0.0.1", "--node", NO_NODE, "--json"),
                List.of("lsit"),
                List.of("list", "--satte", "active"),
                List.of());
    }

    @ParameterizedTest
    @Tag("long")
    @MethodSource("commands")
    void commandsPrintTheSameWithoutIt(List<String> command, @TempDir Path directory)
            throws IOException, InterruptedException {
        String[] arguments = command.toArray(new String[0]);

        CommandLineRun run = run(NodeArchive.home(), directory, "", arguments);

        assertThat(run.out() + run.err()).isNotEmpty();
        assertThat(run(NodeArchive.home(), directory, "-Xshare:off", arguments)).isEqualTo(run);
    }

    @Test
    @Tag("long")
    void aCommandPrintsTheSameWithOneThatCannotBeUsed(@TempDir Path directory)
            throws IOException, InterruptedException {
        Path home = NodeArchive.home();
        Path archive = archiveOfCommands(home);
        Path truncated = directory.resolve("truncated.jsa");
        Files.write(truncated, Arrays.copyOf(Files.readAllBytes(archive), (int) Files.size(archive) / 2));
        Path copy = copy(home, directory.resolve("copy"));

        CommandLineRun run = list(home, directory, "");

        assertThat(run.err()).startsWith(NO_NODE);
        for (Path other : List.of(truncated, directory.resolve("missing.jsa"), Path.of("/dev/null"))) {
            assertThat(list(home, directory, "-XX:SharedArchiveFile=" + other)).isEqualTo(run);
        }
        // Another directory, and another collector.
        assertThat(list(copy, directory, "")).isEqualTo(run);
        assertThat(list(copy, directory, "-XX:SharedArchiveFile=" + archive)).isEqualTo(run);
        assertThat(list(home, directory, "-XX:-UseSerialGC -XX:+UseG1GC")).isEqualTo(run);
        Files.delete(copy.resolve("lib"));
    }

    private static CommandLineRun list(Path home, Path directory, String javaOpts)
            throws IOException, InterruptedException {
        return run(home, directory, javaOpts, "list", "--node", NO_NODE);
    }

    private static Path archiveOfCommands(Path home) throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("lib"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("commands-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Another directory with the same program. */
    private static Path copy(Path home, Path target) throws IOException {
        Files.createDirectories(target.resolve("bin"));
        Files.copy(home.resolve("bin/sip-dispatcher"), target.resolve("bin/sip-dispatcher"));
        Files.createSymbolicLink(target.resolve("lib"), home.resolve("lib"));
        return target;
    }

    @Test
    void aCommandOfTheScriptAsksANode(@TempDir Path directory) throws IOException, InterruptedException {
        try (NodeProcess node = NodeProcess.start("""
                sockets.main = "udp:127.0.0.1:%d"
                partitions.default.db_url = "file:$list"
                rules = [ { select { set = 1, alg = 4 } } ]
                """.formatted(Ports.next()), "1 sip:127.0.0.1:5099\n")) {
            String url = "http://127.0.0.1:" + node.managementPort();

            CommandLineRun run = run(NodeArchive.home(), directory, "", "list", "--node", url);

            assertThat(run.err()).isEmpty();
            assertThat(run.status()).isZero();
            assertThat(run.out()).startsWith("DESTINATION").contains("default:1:sip:127.0.0.1:5099");
        }
    }

    @Test
    @Tag("long")
    void itsNodeJoinsNoClusterOfTheEnvironment(@TempDir Path directory) throws IOException, InterruptedException {
        try (ServerSocketChannel member = ServerSocketChannel.open()) {
            member.bind(new InetSocketAddress("127.0.0.1", 0)).configureBlocking(false);
            String seeds = "127.0.0.1:1,127.0.0.1:" + member.socket().getLocalPort();
            Path output = directory.resolve("out");
            ProcessBuilder program = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            "-Dsip-dispatcher.cluster.seed-nodes=" + seeds,
                            "org.sipdispatch.app.Main",
                            "class-archive")
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            program.environment()
                    .putAll(Map.of(
                            "SIP_DISPATCHER_DATA", directory.resolve("data").toString(),
                            "SIP_DISPATCHER_CLUSTER_HOST", "127.0.0.1",
                            "SIP_DISPATCHER_CLUSTER_PORT", "1",
                            "SIP_DISPATCHER_CLUSTER_BIND_HOST", "192.0.2.1",
                            "SIP_DISPATCHER_SEED_NODES", seeds,
                            "SIP_DISPATCHER_BOOTSTRAP", "yes",
                            "SIP_DISPATCHER_CLUSTER_TLS",
                                    directory.resolve("missing").toString(),
                            "SIP_DISPATCHER_CLUSTER_INSECURE", "yes",
                            "SIP_DISPATCHER_SECRET", "short"));

            Process process = program.start();

            assertThat(process.waitFor()).describedAs(() -> read(output)).isZero();
            assertThat(member.accept()).isNull();
            assertThat(directory.resolve("data")).doesNotExist();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
