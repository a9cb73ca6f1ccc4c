package org.sipdispatch.app;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.sipdispatch.settings.LogReminder;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.store.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the journal's tables when its database answers. */
final class SchemaInitializer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaInitializer.class);
    private static final long RETRY_SECONDS = 3;

    private final Store store;
    private final Runnable whenCreated;
    private final LogReminder reminder = new LogReminder();
    private final ScheduledExecutorService tries = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "journal-tables");
        thread.setDaemon(true);
        return thread;
    });

    /** {@code made}: called once when the tables exist. */
    SchemaInitializer(Store store, Runnable made) {
        this.store = store;
        this.whenCreated = made;
    }

    /** Creates the tables now, or retries every 3 s while the database is down. */
    void start() {
        if (!isPrepared()) {
            tries.scheduleWithFixedDelay(this::retry, RETRY_SECONDS, RETRY_SECONDS, TimeUnit.SECONDS);
        }
    }

    private boolean isPrepared() {
        boolean prepared = store.prepare();
        if (prepared) {
            whenCreated.run();
        } else if (reminder.isDue(store.lastFailure(), System.nanoTime())) {
            LOG.warn(
                    "the journal ({}) is not available, states and history are not stored until it is: {}",
                    store.shownName(),
                    store.lastFailure());
        }
        return prepared;
    }

    private void retry() {
        try {
            if (isPrepared()) {
                LOG.info("the journal ({}) is available", store.shownName());
                tries.shutdown();
            }
        } catch (SettingException e) {
            if (reminder.isDue(e.getMessage(), System.nanoTime())) {
                LOG.error("the journal ({}) cannot be written: {}", store.shownName(), e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        tries.shutdownNow();
    }
}
