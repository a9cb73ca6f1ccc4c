package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The first command of the README as a new user runs it, repeatedly. {@code -Druns=20} sets the number of runs; every
 * second run shares one core with a busy process.
 */
class DemoRunsTest {
    private static final List<String> ON_ONE_CORE = List.of("taskset", "-c", "0");

    @Test
    @Tag("long")
    void noCallOfTheDemoFails() throws Exception {
        assumeTrue(IntStream.of(5060, 5080, 5090).allMatch(DemoRunsTest::isFree), "the demo's ports are taken");
        int runs = Integer.getInteger("runs", 20);
        for (int i = 0; i < runs; i++) {
            String output = i % 2 == 0 ? demo(List.of()) : demoBesideABusyProcess();
            System.out.printf(
                    "figures: demo %d of %d%s: %s%n",
                    i + 1,
                    runs,
                    i % 2 == 0 ? "" : " on a busy core",
                    output.lines().filter(line -> line.startsWith("shares:")).toList());
            assertThat(output).contains(", failed: 0").doesNotContain("  failed: ");
        }
    }

    private static String demoBesideABusyProcess() throws Exception {
        List<String> busy = Stream.concat(ON_ONE_CORE.stream(), Stream.of("sh", "-c", "while :; do :; done"))
                .toList();
        Process process = new ProcessBuilder(busy).start();
        try {
            return demo(ON_ONE_CORE);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String demo(List<String> before) throws Exception {
        Path home = Files.createTempDirectory(
                Files.createDirectories(Path.of("target", "e2e").toAbsolutePath()), "demo");
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "-Dsip-dispatcher.home=" + Path.of("").toAbsolutePath(),
                "-Dlogback.configurationFile=" + Path.of("conf", "logback.xml").toAbsolutePath()));
        command.addAll(NodeArchive.options());
        command.addAll(List.of("org.sipdispatch.app.Main", "demo"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile());
        builder.environment().put("SIP_DISPATCHER_DATA", home.resolve("data").toString());
        Process process = builder.start();
        int status = process.waitFor();
        String output = Files.readString(home.resolve("log"));
        assertThat(status).as(output).isZero();
        return output;
    }

    private static boolean isFree(int port) {
        try (DatagramSocket socket =
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            return socket.isBound();
        } catch (SocketException taken) {
            return false;
        }
    }
}
