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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.agents.Ports;

/** Kamailio as a proxy between UDP and TLS, with certificates in both directions. */
final class Kamailio implements AutoCloseable {
    private final KamailioProcess process;
    private final int tls;

    private Kamailio(KamailioProcess process, int tls) {
        this.process = process;
        this.tls = tls;
    }

    /** Fails if there is none, or none with TLS. */
    static void require() {
        assertThat(KamailioProcess.hasModule("tls"))
                .as("Kamailio with its module tls is installed (packages kamailio and kamailio-tls-modules)")
                .isTrue();
    }

    /**
     * Starts it with the certificate {@code peer} and the authority {@code ca}; listens on return.
     *
     * @param udp the port for UDP; that for TLS is a free one
     * @param next the URI to which new requests go
     */
    static Kamailio start(Certificates certificates, int udp, String next) {
        try {
            Path folder = KamailioProcess.newFolder();
            int tls = Ports.next();
            for (String file : List.of("peer.pem", "peer.key", "ca.pem")) {
                Files.copy(Path.of(certificates.file(file)), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
            Map<String, Object> values = Map.of("UDP", udp, "TLS", tls, "NEXT", next);
            KamailioProcess.write(folder, "tls.cfg", values);
            Path configuration = KamailioProcess.write(folder, "proxy.cfg", values);
            Kamailio kamailio = new Kamailio(KamailioProcess.start(configuration, udp), tls);
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(50))
                    .atMost(30, TimeUnit.SECONDS)
                    .until(kamailio::isOpen);
            kamailio.process.requireAlive();
            return kamailio;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isOpen() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", tls));
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    int tlsPort() {
        return tls;
    }

    @Override
    public void close() {
        process.close();
    }
}
