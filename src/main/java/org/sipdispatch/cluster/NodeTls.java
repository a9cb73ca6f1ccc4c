package org.sipdispatch.cluster;

import akka.actor.setup.Setup;
import akka.remote.artery.tcp.SSLEngineProvider;
import akka.remote.artery.tcp.SSLEngineProviderSetup;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.sipdispatch.membership.ClusterSettings;
import org.sipdispatch.membership.NodeCertificate;
import org.sipdispatch.settings.LogReminder;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.tls.ReportingEngine;
import org.sipdispatch.tls.WatchedFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * TLS between nodes, for all sessions of this process. Both sides present a certificate. When the files have changed,
 * new connections use the new ones; existing connections stay. Thread-safe.
 */
final class NodeTls implements SSLEngineProvider {
    private static final Logger LOG = LoggerFactory.getLogger(NodeTls.class);
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(2);
    private static final Duration OPEN_INTERVAL = Duration.ofHours(1);
    private static final Duration EXPIRY_INTERVAL = Duration.ofDays(1);
    private static final Duration EXPIRES_SOON = Duration.ofDays(30);
    /** All nodes run a Java that has it. */
    private static final String[] PROTOCOLS = {"TLSv1.3"};

    /**
     * What was read from the files.
     *
     * @param own the certificate of this node
     */
    private record Loaded(SSLContext context, X509Certificate own) {}

    private final ClusterSettings settings;
    /** Null without TLS. */
    private final WatchedFiles<Loaded> files;

    private final Consumer<String> refused;

    /** {@code refused} receives the reason for each connection that fails in the handshake. */
    NodeTls(ClusterSettings settings, Consumer<String> refused) {
        this.settings = settings;
        this.refused = refused;
        files = settings.tls().isOn() ? new WatchedFiles<>(settings.tls().files(), this::load) : null;
    }

    private Loaded load() {
        NodeCertificate tls = settings.tls();
        return new Loaded(tls.context(refused), tls.read());
    }

    /** Reads the files and watches them with the timer. Without TLS it warns at intervals if the port is open to others. */
    static NodeTls start(ClusterSettings settings, ScheduledExecutorService timer) {
        LogReminder reminder = new LogReminder();
        NodeTls tls = new NodeTls(settings, why -> {
            if (reminder.isDue(why, System.nanoTime())) {
                LOG.warn("cluster.tls: {}", why);
            }
        });
        if (tls.files != null) {
            tls.logCertificate("nodes connect with TLS");
            every(timer, LOOK_INTERVAL, tls::look);
            every(timer, EXPIRY_INTERVAL, tls::warnOfExpiry);
        } else if (settings.isOpen()) {
            every(timer, OPEN_INTERVAL, tls::warnOfOpenPort);
            tls.warnOfOpenPort();
        }
        return tls;
    }

    private static void every(ScheduledExecutorService timer, Duration interval, Runnable task) {
        timer.scheduleWithFixedDelay(task, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The setup of an actor system that uses this. */
    Setup setup() {
        return files == null ? new Setup() {} : SSLEngineProviderSetup.create(system -> this);
    }

    /** Looks whether the files have changed. */
    void look() {
        switch (files.look()) {
            case CHANGED -> logCertificate("new connections between nodes use new files");
            case REFUSED -> LOG.warn("{}; connections between nodes use the previous files", files.problem());
            case SAME -> {}
        }
    }

    private void logCertificate(String what) {
        X509Certificate own = files.current().own();
        LOG.info(
                "{}: certificate {} of {}, valid until {}",
                what,
                own.getSubjectX500Principal().getName(),
                own.getIssuerX500Principal().getName(),
                own.getNotAfter().toInstant());
        warnOfExpiry();
    }

    private void warnOfExpiry() {
        Instant end = files.current().own().getNotAfter().toInstant();
        if (end.isBefore(Instant.now().plus(EXPIRES_SOON))) {
            LOG.warn(
                    "cluster.tls: the certificate of this node is valid until {}; after that nodes cannot connect",
                    end);
        }
    }

    private void warnOfOpenPort() {
        LOG.warn(
                "cluster.insecure: yes: nodes connect without TLS, and every host that reaches {} controls the cluster",
                settings.listenAddress());
    }

    @Override
    public SSLEngine createServerSSLEngine(String hostname, int port) {
        SSLEngine engine = files.current().context().createSSLEngine();
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(true);
        engine.setEnabledProtocols(PROTOCOLS);
        return new ReportingEngine(engine, why -> refused.accept("a connection from another host failed: " + why));
    }

    @Override
    public SSLEngine createClientSSLEngine(String hostname, int port) {
        SSLEngine engine = files.current().context().createSSLEngine(hostname, port);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(PROTOCOLS);
        if (settings.tls().names().isEmpty()) {
            SSLParameters parameters = engine.getSSLParameters();
            // The certificate must be valid for the host.
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            engine.setSSLParameters(parameters);
        }
        return engine;
    }

    @Override
    public Option<Throwable> verifyClientSession(String hostname, SSLSession session) {
        return verify("the certificate of " + hostname, session);
    }

    @Override
    public Option<Throwable> verifyServerSession(String hostname, SSLSession session) {
        return verify("the certificate of a client", session);
    }

    /** The handshake has checked the certificate, except if it has resumed a session. */
    private Option<Throwable> verify(String what, SSLSession session) {
        try {
            settings.tls().check(session);
            return Option.empty();
        } catch (CertificateException | SettingException e) {
            refused.accept(what + " is refused: " + e.getMessage());
            return Option.apply(e);
        }
    }
}
