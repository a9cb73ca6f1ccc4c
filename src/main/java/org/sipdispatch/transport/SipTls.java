package org.sipdispatch.transport;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.sipdispatch.observation.TlsHandshakes;
import org.sipdispatch.tls.CertificatesInUse;
import org.sipdispatch.tls.TlsContexts;
import org.sipdispatch.tls.TlsDomains;
import org.sipdispatch.transaction.ListenSockets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SIP over TLS of this node: its certificates, and the threads for the expensive part of handshakes. Thread-safe. */
final class SipTls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SipTls.class);

    private final TlsHandshakes handshakes;
    private ExecutorService tasks;
    private ScheduledExecutorService watch;
    private LaneTlsContext.SharedTls shared;

    SipTls(TlsHandshakes handshakes) {
        this.handshakes = handshakes;
    }

    /**
     * Reads the certificates, if the node has TLS sockets, and looks for new ones from now on.
     *
     * @param certificates learns which are in use
     */
    void start(TlsDomains domains, ListenSockets sockets, CertificatesInUse certificates) {
        if (sockets.all().stream().noneMatch(socket -> socket.protocol().isOverTls())) {
            return;
        }
        TlsContexts contexts = TlsContexts.load(domains);
        contexts.warnings().forEach(LOG::warn);
        contexts.presented()
                .forEach(one ->
                        LOG.info("{}: {}: {}", one.file().setting(), one.file().path(), one.description()));
        present(contexts, sockets, certificates);
        contexts.watch(certificates);
        // Handshakes leave half of the processors to calls.
        tasks = Executors.newFixedThreadPool(
                Math.max(1, Runtime.getRuntime().availableProcessors() / 2), task -> daemon(task, "tls-handshakes"));
        watch = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "tls-files"));
        long intervalMs = domains.watchInterval().toMillis();
        watch.scheduleWithFixedDelay(
                () -> reload(contexts, sockets, certificates), intervalMs, intervalMs, TimeUnit.MILLISECONDS);
        shared = new LaneTlsContext.SharedTls(contexts, handshakes, tasks);
    }

    /** An exception would end the schedule. */
    private static void reload(TlsContexts contexts, ListenSockets sockets, CertificatesInUse certificates) {
        try {
            if (contexts.reloadChanged(LOG::info, LOG::warn)) {
                present(contexts, sockets, certificates);
            }
        } catch (RuntimeException e) {
            LOG.error("the files of TLS could not be compared", e);
        }
    }

    private static void present(TlsContexts contexts, ListenSockets sockets, CertificatesInUse certificates) {
        certificates.present("tls", contexts.presented());
        AdvertisedNameCheck.warnings(contexts, sockets).forEach(LOG::warn);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** What the lanes share; null if the node has no TLS sockets. */
    LaneTlsContext.SharedTls shared() {
        return shared;
    }

    @Override
    public void close() {
        if (shared != null) {
            watch.shutdownNow();
            tasks.shutdownNow();
        }
    }
}
