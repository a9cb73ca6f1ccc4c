package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A running Kamailio with a configuration of the tests. */
final class KamailioProcess implements AutoCloseable {
    private static final Path CONFIGURATION =
            Path.of("src", "test", "resources", "kamailio").toAbsolutePath();
    private static final int STOP_SECONDS = 20;

    private final Process process;
    private final Path log;

    private KamailioProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Whether Kamailio is installed with a module, such as {@code tls}. */
    static boolean hasModule(String name) {
        return Stream.of("/usr/lib", "/usr/lib64", "/usr/local/lib")
                .map(Path::of)
                .filter(Files::isDirectory)
                .anyMatch(libraries -> contains(libraries, "kamailio/modules/" + name + ".so"));
    }

    private static boolean contains(Path libraries, String file) {
        try (Stream<Path> found = Files.find(libraries, 4, (path, kind) -> path.endsWith(file))) {
            return found.findAny().isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path newFolder() throws IOException {
        return Files.createTempDirectory(
                Files.createDirectories(Path.of("target", "e2e").toAbsolutePath()), "kamailio");
    }

    /** Copies a file of the configuration; {@code @DIR@} is the folder, other names in such signs are in the map. */
    static Path write(Path folder, String file, Map<String, Object> values) throws IOException {
        String text = Files.readString(CONFIGURATION.resolve(file)).replace("@DIR@", folder.toString());
        for (Map.Entry<String, Object> value : values.entrySet()) {
            text = text.replace("@" + value.getKey() + "@", value.getValue().toString());
        }
        return Files.writeString(folder.resolve(file), text);
    }

    /** Starts it, and waits until it listens on a UDP port. */
    static KamailioProcess start(Path configuration, int udp) throws IOException {
        Path folder = configuration.getParent();
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(
                        "kamailio",
                        "-DD",
                        "-E",
                        "-x",
                        "fm",
                        "-m",
                        "128",
                        "-f",
                        configuration.toString(),
                        "-Y",
                        folder.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        KamailioProcess started = new KamailioProcess(process, log);
        Awaitility.await()
                .pollInterval(Duration.ofMillis(50))
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> !process.isAlive()
                        || Files.readString(Path.of("/proc/net/udp")).contains(":%04X ".formatted(udp)));
        started.requireAlive();
        return started;
    }

    void requireAlive() {
        assertThat(process.isAlive()).as(log()).isTrue();
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its children end with it only if it may end by itself. */
    @Override
    public void close() {
        process.destroy();
        try {
            assertThat(process.waitFor(STOP_SECONDS, TimeUnit.SECONDS))
                    .as(log())
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
