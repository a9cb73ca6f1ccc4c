package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.agents.Ports;

/** Kamailio as a proxy between UDP and TLS, with certificates in both directions. */
final class Kamailio implements AutoCloseable {
    private static final Path CONFIGURATION =
            Path.of("src", "test", "resources", "kamailio").toAbsolutePath();
    private static final int STOP_SECONDS = 20;

    private final Process process;
    private final Path log;
    private final int udp;
    private final int tls;

    private Kamailio(Process process, Path log, int udp, int tls) {
        this.process = process;
        this.log = log;
        this.udp = udp;
        this.tls = tls;
    }

    /** Fails if there is none, or none with TLS. */
    static void require() {
        assertThat(Stream.of("/usr/lib", "/usr/lib64", "/usr/local/lib")
                        .map(Path::of)
                        .filter(Files::isDirectory)
                        .anyMatch(Kamailio::hasTls))
                .as("Kamailio with its module tls is installed (packages kamailio and kamailio-tls-modules)")
                .isTrue();
    }

    private static boolean hasTls(Path libraries) {
        try (Stream<Path> found = Files.find(libraries, 4, (path, kind) -> path.endsWith("kamailio/modules/tls.so"))) {
            return found.findAny().isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts it with the certificate {@code peer} and the authority {@code ca}; listens on return.
     *
     * @param udp the port for UDP; that for TLS is a free one
     * @param next the URI to which new requests go
     */
    static Kamailio start(Certificates certificates, int udp, String next) {
        try {
            Path folder = Files.createTempDirectory(
                    Files.createDirectories(Path.of("target", "e2e").toAbsolutePath()), "kamailio");
            int tls = Ports.next();
            for (String file : List.of("peer.pem", "peer.key", "ca.pem")) {
                Files.copy(Path.of(certificates.file(file)), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
            for (String file : List.of("proxy.cfg", "tls.cfg")) {
                Files.writeString(
                        folder.resolve(file),
                        Files.readString(CONFIGURATION.resolve(file))
                                .replace("@DIR@", folder.toString())
                                .replace("@UDP@", String.valueOf(udp))
                                .replace("@TLS@", String.valueOf(tls))
                                .replace("@NEXT@", next));
            }
            Path log = folder.resolve("log");
            Kamailio kamailio = new Kamailio(begin(folder, log), log, udp, tls);
            kamailio.awaitListening();
            return kamailio;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Process begin(Path folder, Path log) throws IOException {
        String configuration = folder.resolve("proxy.cfg").toString();
        Process process = new ProcessBuilder(
                        "kamailio", "-DD", "-E", "-x", "fm", "-m", "128", "-f", configuration, "-Y", folder.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return process;
    }

    private void awaitListening() {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(50))
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> !process.isAlive() || isOpen());
        assertThat(process.isAlive()).as(log()).isTrue();
    }

    private boolean isOpen() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", tls));
        } catch (IOException refused) {
            return false;
        }
        return Files.readString(Path.of("/proc/net/udp")).contains(":%04X ".formatted(udp));
    }

    int tlsPort() {
        return tls;
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
