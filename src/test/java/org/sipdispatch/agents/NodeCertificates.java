package org.sipdispatch.agents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.sipdispatch.settings.DataDirectory;
import org.sipdispatch.tls.CertificateAuthority;
import org.sipdispatch.tls.CertifiedHost;
import org.sipdispatch.tls.KeyCertificate;
import org.sipdispatch.tls.PemFile;

/** An authority, and the directories with the certificates of nodes that it signs. */
public final class NodeCertificates {
    /** Whether all test clusters use TLS between their nodes: {@code mvn -Dcluster.tls=true}. */
    public static final boolean IN_ALL_CLUSTERS = Boolean.getBoolean("cluster.tls");

    private static final Duration VALIDITY = Duration.ofDays(90);

    private static NodeCertificates shared;

    private final Path directory;

    /** Makes an authority with that name. */
    public NodeCertificates(Path directory, String name) {
        this.directory = directory;
        CertificateAuthority.Issued issued = CertificateAuthority.create(name, Instant.now(), VALIDITY);
        write(directory.resolve("ca.key"), issued.key());
        write(directory.resolve("ca.pem"), issued.certificate());
    }

    /** The settings of the block {@code cluster} for a node at that host: TLS if all test clusters use it. */
    public static String settings(String host) {
        return IN_ALL_CLUSTERS ? "tls = \"" + of(host) + "\"" : "insecure = yes";
    }

    /** The directory with a certificate for the host, signed by the one authority of this process. */
    public static synchronized Path of(String host) {
        if (shared == null) {
            try {
                shared = new NodeCertificates(
                        Files.createTempDirectory(
                                Files.createDirectories(Path.of("target", "e2e").toAbsolutePath()), "tls"),
                        "all test nodes");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        Path node = shared.directory.resolve(host);
        return Files.isDirectory(node) ? node : shared.node(host, host);
    }

    /** Makes a certificate for the hosts, or replaces it; returns its directory. */
    public Path node(String name, String... hosts) {
        return node(name, VALIDITY, hosts);
    }

    /** The same with another validity. */
    public Path node(String name, Duration validity, String... hosts) {
        return node(name, Instant.now(), validity, hosts);
    }

    /** The same as if it were another time now. */
    public Path node(String name, Instant now, Duration validity, String... hosts) {
        CertificateAuthority.Issued issued = CertificateAuthority.of(KeyCertificate.read(pem("ca.pem"), pem("ca.key")))
                .issue(hosts(hosts), now, validity);
        Path node = directory.resolve(name);
        write(node.resolve("node.key"), issued.key());
        write(node.resolve("node.pem"), issued.certificate());
        write(node.resolve("ca.pem"), read(directory.resolve("ca.pem")));
        return node;
    }

    /** Connects for the first time with the certificate in that directory. */
    public interface FirstConnection {
        /** Whether it succeeds. */
        boolean connects(Path node);
    }

    /** Makes a certificate that has expired when this returns, but was valid at the first connection. */
    public void expired(String host, FirstConnection first) {
        for (int seconds = 2; seconds < 100; seconds *= 2) {
            Path node = node("expiring" + seconds, Duration.ofSeconds(seconds), host);
            X509Certificate certificate = new PemFile(
                            "--expiring", node.resolve("node.pem").toString())
                    .certificates()
                    .get(0);
            if (first.connects(node)) {
                Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> hasExpired(certificate));
                return;
            }
        }
        throw new IllegalStateException("no connection succeeds");
    }

    private static boolean hasExpired(X509Certificate certificate) {
        return certificate.getNotAfter().toInstant().isBefore(Instant.now());
    }

    private static List<CertifiedHost> hosts(String... hosts) {
        return Stream.of(hosts).map(CertifiedHost::parse).toList();
    }

    /** A file of the authority. */
    public PemFile pem(String file) {
        return new PemFile("--" + file, directory.resolve(file).toString());
    }

    public static void write(Path file, String text) {
        try {
            DataDirectory.write(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
