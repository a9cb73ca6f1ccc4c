package org.sipdispatch.app;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.sipdispatch.tls.CertificatesInUse;

/** Warns once a day of certificates of this node that expire soon. */
final class CertificateReminder implements AutoCloseable {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "certificate-reminder");
        thread.setDaemon(true);
        return thread;
    });

    private CertificateReminder() {}

    /** The first reminder comes in a day: each part of the node has warned of its own when it loaded them. */
    static CertificateReminder start(CertificatesInUse certificates) {
        CertificateReminder reminder = new CertificateReminder();
        reminder.timer.scheduleAtFixedRate(certificates::warn, 1, 1, TimeUnit.DAYS);
        return reminder;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
