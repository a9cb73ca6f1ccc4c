package org.sipdispatch.cluster;

import akka.actor.setup.Setup;
import akka.remote.artery.tcp.SSLEngineProvider;
import akka.remote.artery.tcp.SSLEngineProviderSetup;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
import org.sipdispatch.tls.CertificateInUse;
import org.sipdispatch.tls.CertificatesInUse;
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
    /** Nodes that cannot connect try again more often. */
    private static final Duration RECENT = Duration.ofSeconds(30);
    /** All nodes run a Java that has it. */
    private static final String[] PROTOCOLS = {"TLSv1.3"};

    /**
     * The content of the files.
     *
     * @param own the certificate of this node
     */
    private record LoadedNodeTls(SSLContext context, CertificateInUse own) {}

    private final ClusterSettings settings;
    /** Null without TLS. */
    private final WatchedFiles<LoadedNodeTls> files;

    private record Failure(String why, long atNanos) {}

    private final Consumer<String> refused;
    /** Null before the first one. */
    private volatile Failure last;

    /** {@code refused} receives the reason for each connection that fails in the handshake. */
    NodeTls(ClusterSettings settings, Consumer<String> refused) {
        this.settings = settings;
        this.refused = why -> {
            last = new Failure(why, System.nanoTime());
            refused.accept(why);
        };
        files = settings.tls().isOn()
                ? new WatchedFiles<>(settings.tls().files(), this::load, loaded -> List.of(loaded.own()))
                : null;
    }

    private LoadedNodeTls load() {
        NodeCertificate tls = settings.tls();
        LoadedNodeTls loaded = new LoadedNodeTls(tls.context(refused), tls.inUse());
        if (loaded.own().isValid(Instant.now())) {
            settings.checkFiles();
        } else {
            // The other nodes refuse it now. The files are read again when it becomes valid, and checked completely
            // then.
            settings.checkHost();
        }
        return loaded;
    }

    /**
     * Reads the files and watches them with the timer. Without TLS it warns at intervals if the port is open to others.
     *
     * @param certificates receives the certificate in use
     */
    static NodeTls start(ClusterSettings settings, ScheduledExecutorService timer, CertificatesInUse certificates) {
        LogReminder reminder = new LogReminder();
        NodeTls tls = new NodeTls(settings, why -> {
            if (reminder.isDue(why, System.nanoTime())) {
                LOG.warn("cluster.tls: {}", why);
            }
        });
        if (tls.files != null) {
            tls.present("nodes connect with TLS", certificates);
            certificates.watch("cluster.tls", tls.files);
            every(timer, LOOK_INTERVAL, () -> tls.look(certificates));
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

    /** Why a handshake with another node has failed lately; empty if none has. */
    String recentFailure() {
        Failure failure = last;
        boolean isRecent = failure != null && System.nanoTime() - failure.atNanos < RECENT.toNanos();
        return isRecent ? failure.why : "";
    }

    /** Looks whether the files have changed. */
    void look(CertificatesInUse certificates) {
        switch (files.look()) {
            case CHANGED -> present("new connections between nodes use new files", certificates);
            case REFUSED ->
                LOG.warn(
                        "{}; connections between nodes use the previous files: {}",
                        files.problem(),
                        files.current().own().description());
            case SAME -> {}
        }
    }

    private void present(String what, CertificatesInUse certificates) {
        LOG.info("{}: {}", what, files.current().own().description());
        certificates.present("cluster.tls", files.presented());
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
