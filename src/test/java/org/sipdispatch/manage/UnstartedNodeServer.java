package org.sipdispatch.manage;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.definitions.BadRows;
import org.sipdispatch.membership.NodeCertificate;
import org.sipdispatch.operations.Operations;
import org.sipdispatch.settings.Section;
import org.sipdispatch.tls.CertificatesInUse;

/** A management server of a node that has not started: requests that pass the access checks get 503. */
final class UnstartedNodeServer implements AutoCloseable {
    static final int PAST_THE_GUARD = 503;

    /** What the server warned of because of its certificate. */
    final List<String> certificateWarnings = new CopyOnWriteArrayList<>();

    final ManageServer server;
    private final String scheme;
    private final HttpClient http;

    private UnstartedNodeServer(String management, SSLContext tls) {
        server = ManageServer.start(
                settings("port = 0\n" + management),
                NodeCertificate.NONE,
                config("").getConfig("manage-system"),
                new ApiDependencies(new Operations(), List.of("default"), "default", null, BadRows.REFUSE),
                new CertificatesInUse(Duration.ofDays(14), certificateWarnings::add));
        scheme = tls == null ? "http" : "https";
        HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(20));
        http = (tls == null ? client : client.sslContext(tls)).build();
    }

    static UnstartedNodeServer start(String management) {
        return new UnstartedNodeServer(management, null);
    }

    static UnstartedNodeServer start(String management, SSLContext tls) {
        return new UnstartedNodeServer(management, tls);
    }

    /** With a certificate that its client trusts. The test is skipped if none can be created. */
    static UnstartedNodeServer startTls(String more, Path directory) throws Exception {
        assumeTrue(Certificates.canBeMade(), "no openssl here to make certificates with");
        Certificates certificates = new Certificates(directory);
        certificates.authority("ca");
        certificates.signed("server", "ec", "localhost", "ca");
        String tls = "%s\ntls { certificate = \"%s\", key = \"%s\" }"
                .formatted(more, certificates.file("server.pem"), certificates.file("server.key"));
        return new UnstartedNodeServer(tls, certificates.client("ca", ""));
    }

    /** The client's TLS context. */
    SSLContext tls() {
        return http.sslContext();
    }

    static ManageSettings settings(String management) {
        ManageSettings settings =
                ManageSettings.from(Section.root(config(management)).section("management"));
        settings.checkSafe(false);
        return settings;
    }

    private static Config config(String management) {
        return ConfigFactory.parseString("sip-dispatcher.management {\n" + management + "\n}")
                .withFallback(ConfigFactory.defaultReferenceUnresolved())
                .resolve()
                .getConfig("sip-dispatcher");
    }

    int port() {
        return server.port();
    }

    URI uri(String path) {
        return URI.create(scheme + "://localhost:" + server.port() + path);
    }

    /** The response to a request with these header fields, names and values in turn. */
    HttpResponse<String> send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
