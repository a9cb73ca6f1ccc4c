package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.sipdispatch.agents.Ports;

/** A Kamailio that sends each call to all destinations of its list at once: algorithm 12 of its dispatcher. */
final class ForkingKamailio implements AutoCloseable {
    private static final Path CONFIGURATION = Path.of("src", "test", "resources", "kamailio", "fork.cfg");
    private static final int STOP_SECONDS = 20;

    private final Process process;
    private final InetSocketAddress address;

    private ForkingKamailio(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /** Listens on return. */
    static ForkingKamailio start(List<String> uris) throws IOException {
        Path folder = Files.createTempDirectory(
                Files.createDirectories(Path.of("target", "e2e").toAbsolutePath()), "fork");
        InetSocketAddress address = Ports.freeAddress(TrafficFixture.HOST);
        Files.writeString(
                folder.resolve("dispatcher.list"),
                uris.stream().map(uri -> "1 " + uri + "\n").collect(Collectors.joining()));
        Path configuration = Files.writeString(
                folder.resolve("fork.cfg"),
                Files.readString(CONFIGURATION)
                        .replace("@DIR@", folder.toString())
                        .replace("@UDP@", String.valueOf(address.getPort())));
        Process process = new ProcessBuilder(
                        "kamailio", "-DD", "-E", "-f", configuration.toString(), "-Y", folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        ForkingKamailio kamailio = new ForkingKamailio(process, address);
        String socket = ":%04X ".formatted(address.getPort());
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> !process.isAlive()
                        || Files.readString(Path.of("/proc/net/udp")).contains(socket));
        assertThat(process.isAlive())
                .as(Files.readString(folder.resolve("log")))
                .isTrue();
        return kamailio;
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
    }
}
