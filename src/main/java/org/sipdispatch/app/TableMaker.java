package org.sipdispatch.app;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.sipdispatch.settings.BadSetting;
import org.sipdispatch.store.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the journal's tables, as soon as its database answers. */
final class TableMaker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TableMaker.class);
    private static final long AGAIN_SECONDS = 3;

    private final Store store;
    private final ScheduledExecutorService tries = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "journal-tables");
        thread.setDaemon(true);
        return thread;
    });

    TableMaker(Store store) {
        this.store = store;
    }

    /** Makes them at once, or later if the database is away. */
    void start() {
        if (!store.prepare()) {
            LOG.warn(
                    "the journal's database does not answer, nothing is remembered until it does: {}", store.trouble());
            tries.scheduleWithFixedDelay(this::again, AGAIN_SECONDS, AGAIN_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void again() {
        try {
            if (store.prepare()) {
                LOG.info("the journal's database answers");
                tries.shutdown();
            }
        } catch (BadSetting e) {
            LOG.error("the journal cannot be kept", e);
        }
    }

    @Override
    public void close() {
        tries.shutdownNow();
    }
}
