package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive of classes that {@code class-archive} writes. */
class ClassArchiveTest {
    @Test
    void mostClassesOfTheProgramComeFromIt(@TempDir Path directory) throws IOException, InterruptedException {
        Path log = directory.resolve("classes.log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(NodeArchive.options());
        command.addAll(List.of("-Xlog:class+load:file=" + log, "org.sipdispatch.app.Main", "--help"));

        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("out").toFile())
                .start();

        assertThat(process.waitFor()).isZero();
        List<String> loaded = Files.readAllLines(log).stream()
                .filter(line -> line.contains(" org.sipdispatch."))
                .toList();
        List<String> archived = loaded.stream()
                .filter(line -> line.contains("source: shared objects file (top)"))
                .toList();
        assertThat(loaded).hasSizeGreaterThan(20);
        assertThat(archived).hasSizeGreaterThan(loaded.size() * 8 / 10);
    }

    @Test
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
