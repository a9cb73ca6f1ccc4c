package org.sipdispatch.transport;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.agents.Ports;

/**
 * The same with TLS. The certificates are made once for all classes of this process. Those of the authority {@code ca}
 * are {@code node}, {@code next}, {@code peer}, {@code client} (not for servers), {@code wrong} (for another name only)
 * and {@code expired}; {@code stranger} is one of the authority {@code other}.
 */
abstract class TlsFixture extends TrafficFixture {
    static Certificates certificates;

    final InetSocketAddress tlsSocket = Ports.freeAddress(HOST);

    @BeforeAll
    static void makeCertificates() throws IOException {
        assumeTrue(Certificates.canBeMade(), "no openssl here to make certificates with");
        if (certificates != null) {
            return;
        }
        Path parent = Files.createDirectories(Path.of("target", "e2e").toAbsolutePath());
        Certificates made = new Certificates(Files.createTempDirectory(parent, "certificates"));
        made.authority("ca");
        made.authority("other");
        made.signed("node", "DNS:node.example.com,IP:127.0.0.1", "ca", "", "-days 2");
        made.signed("next", "DNS:next.example.com,IP:127.0.0.1", "ca", "", "-days 2");
        made.signed("peer", "DNS:peer.example.com,IP:127.0.0.1", "ca", "", "-days 2");
        made.signed("client", "DNS:peer.example.com", "ca", "extendedKeyUsage=clientAuth", "-days 2");
        made.signed("wrong", "DNS:wrong.example.com", "ca", "", "-days 2");
        made.signed("expired", "IP:127.0.0.1", "ca", "", "-days -1");
        made.signed("stranger", "DNS:peer.example.com,IP:127.0.0.1", "other", "", "-days 2");
        certificates = made;
    }

    static String file(String name) {
        return certificates.file(name);
    }

    /** The keys of a TLS domain for the certificate with that name. */
    static String pair(String name) {
        return "certificate = \"" + file(name + ".pem") + "\", private_key = \"" + file(name + ".key") + "\"";
    }

    static void await(BooleanSupplier condition) {
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(condition::getAsBoolean);
    }
}
