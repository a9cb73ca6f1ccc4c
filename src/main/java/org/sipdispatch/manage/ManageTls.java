package org.sipdispatch.manage;

import akka.actor.ActorSystem;
import akka.http.javadsl.ConnectionContext;
import akka.http.javadsl.HttpsConnectionContext;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.sipdispatch.membership.NodeCertificate;
import org.sipdispatch.settings.LogReminder;
import org.sipdispatch.tls.CertificatesInUse;
import org.sipdispatch.tls.PeerCertificateCheck;
import org.sipdispatch.tls.PemFile;
import org.sipdispatch.tls.TlsContext;
import org.sipdispatch.tls.WatchedFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS of the management server, and of this node's requests to other management servers. Thread-safe. */
final class ManageTls {
    private static final Logger LOG = LoggerFactory.getLogger(ManageTls.class);
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(2);
    private static final String HTTPS = "HTTPS";

    private final TlsSettings settings;
    private final NodeCertificate nodes;
    private final WatchedFiles<TlsSettings.LoadedServerTls> server;
    private final WatchedFiles<SSLContext> client;
    private final LogReminder refusals = new LogReminder();

    /**
     * Reads the files.
     *
     * @param nodes the certificates of {@code cluster.tls}
     * @throws org.sipdispatch.settings.SettingException if a file cannot be used
     */
    ManageTls(TlsSettings settings, NodeCertificate nodes) {
        this.settings = settings;
        this.nodes = nodes;
        server = new WatchedFiles<>(settings.files(), settings::load, loaded -> List.of(loaded.own()));
        PemFile authorities = settings.nodeAuthorities(nodes);
        client = new WatchedFiles<>(
                authorities == null ? List.of() : List.of(authorities),
                () -> TlsContext.of(
                        List.of(),
                        authorities == null ? null : authorities.certificates(),
                        usual -> new PeerCertificateCheck(usual, nodes.names(), false, this::logRefusal)));
    }

    /**
     * Checks the files for changes while that actor system runs.
     *
     * @param certificates receives the certificate in use
     */
    void watch(ActorSystem system, CertificatesInUse certificates) {
        present("the management server uses TLS", certificates);
        certificates.watch("management.tls", server);
        system.scheduler()
                .scheduleWithFixedDelay(LOOK_INTERVAL, LOOK_INTERVAL, () -> look(certificates), system.dispatcher());
    }

    private void present(String what, CertificatesInUse certificates) {
        LOG.info("{}: {}", what, server.current().own().description());
        certificates.present("management.tls", server.presented());
    }

    private void look(CertificatesInUse certificates) {
        switch (server.look()) {
            case CHANGED -> present("new connections to the management server use new files", certificates);
            case REFUSED ->
                LOG.warn(
                        "{}; new connections use the previous files: {}",
                        server.problem(),
                        server.current().own().description());
            case SAME -> {}
        }
        switch (client.look()) {
            case CHANGED -> LOG.info("new connections to other management servers use new files");
            case REFUSED -> LOG.warn("{}; new connections use the previous files", client.problem());
            case SAME -> {}
        }
    }

    private void logRefusal(String why) {
        if (refusals.isDue(why, System.nanoTime())) {
            LOG.warn("cluster.bootstrap: {}", why);
        }
    }

    /** The engine for a connection from a client. */
    SSLEngine serverEngine() {
        return settings.engine(server.current().context());
    }

    /**
     * The context of requests to other management servers. Their certificates must be valid for the host, or for one of
     * the names that all nodes' certificates have.
     */
    HttpsConnectionContext toOtherNodes() {
        return ConnectionContext.httpsClient((host, port) -> {
            SSLEngine engine = client.current().createSSLEngine(host, port);
            engine.setUseClientMode(true);
            engine.setEnabledProtocols(TlsSettings.PROTOCOLS);
            if (nodes.names().isEmpty()) {
                SSLParameters parameters = engine.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm(HTTPS);
                engine.setSSLParameters(parameters);
            }
            return engine;
        });
    }
}
