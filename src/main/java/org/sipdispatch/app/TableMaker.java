package org.sipdispatch.app;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.sipdispatch.settings.BadSetting;
import org.sipdispatch.settings.Reminder;
import org.sipdispatch.store.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the journal's tables when its database answers. */
final class TableMaker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TableMaker.class);
    private static final long AGAIN_SECONDS = 3;

    private final Store store;
    private final Runnable made;
    private final Reminder reminder = new Reminder();
    private final ScheduledExecutorService tries = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "journal-tables");
        thread.setDaemon(true);
        return thread;
    });

    /** {@code made}: called once when the tables exist. */
    TableMaker(Store store, Runnable made) {
        this.store = store;
        this.made = made;
    }

    /** Creates the tables now, or retries every 3 s while the database is down. */
    void start() {
        if (!isPrepared()) {
            tries.scheduleWithFixedDelay(this::again, AGAIN_SECONDS, AGAIN_SECONDS, TimeUnit.SECONDS);
        }
    }

    private boolean isPrepared() {
        boolean prepared = store.prepare();
        if (prepared) {
            made.run();
        } else if (reminder.isDue(store.trouble(), System.nanoTime())) {
            LOG.warn(
                    "the journal's database is not available, states and history are not stored until it is: {}",
                    store.trouble());
        }
        return prepared;
    }

    private void again() {
        try {
            if (isPrepared()) {
                LOG.info("the journal's database is available");
                tries.shutdown();
            }
        } catch (BadSetting e) {
            if (reminder.isDue(e.getMessage(), System.nanoTime())) {
                LOG.error("the journal cannot be written: {}", e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        tries.shutdownNow();
    }
}
