package org.sipdispatch.replication;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.sipdispatch.destination.Status;
import org.sipdispatch.membership.ClusterSettings;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.settings.LogReminder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the states that this node knows in a file for the next process on this host: a node that starts while the
 * journal does not answer must not send calls to destinations that were on hold. A separate thread writes the file with
 * a delay. Thread-safe.
 */
public final class LastKnownStatuses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LastKnownStatuses.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** The pause after a write is at least this many times as long as the write took. */
    private static final int PAUSE_FACTOR = 20;

    private static final int SECONDS_TO_END = 5;

    /** Null if nothing is kept. */
    private final LastKnownFile file;

    private final Map<String, Status> atStart;
    private final Map<String, Status> now;
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "last-known");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean changed;
    private final LogReminder reminder = new LogReminder();

    private LastKnownStatuses(LastKnownFile file, Map<String, Status> atStart) {
        this.file = file;
        this.atStart = atStart;
        this.now = new ConcurrentHashMap<>(atStart);
        if (file != null) {
            writer.schedule(this::writeAgain, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Keeps the states in a file in this directory, and reads what the previous process left there. */
    public static LastKnownStatuses in(Path directory, ClusterSettings settings) {
        String place = settings.address().replaceAll("[^A-Za-z0-9.-]", "_");
        return in(new LastKnownFile(directory.resolve("last-known-" + place + ".txt"), settings.name()));
    }

    static LastKnownStatuses in(LastKnownFile file) {
        try {
            LastKnownFile.SavedStatuses read = file.read();
            if (read != null) {
                LOG.info(
                        "read the last known states of {} destinations, written {}",
                        read.statuses().size(),
                        read.written());
            }
            return new LastKnownStatuses(file, read == null ? Map.of() : read.statuses());
        } catch (IOException e) {
            LOG.warn("{} is not used: {}", file.path(), e.getMessage());
            return new LastKnownStatuses(file, Map.of());
        }
    }

    /** An instance without a file. */
    public static LastKnownStatuses none() {
        return new LastKnownStatuses(null, Map.of());
    }

    /** The states that the previous process left. */
    Map<String, Status> atStart() {
        return atStart;
    }

    /** Whether the previous process left no states. */
    public boolean isEmpty() {
        return atStart.isEmpty();
    }

    /** The last known status; null if there is none. */
    Status of(String id) {
        return now.get(id);
    }

    void learned(Map<String, Status> updates) {
        now.putAll(updates);
        changed |= !updates.isEmpty();
    }

    /** The statuses are of a cluster that this node is not a member of now; newer ones may be known. */
    void learnedFromOthers(Map<String, Status> updates) {
        updates.forEach((id, status) ->
                now.merge(id, status, (old, other) -> other.version().isAfter(old.version()) ? other : old));
        changed |= !updates.isEmpty();
    }

    /** Drops the states of all other destinations. */
    void defined(Set<String> ids) {
        changed |= now.keySet().retainAll(ids);
    }

    /**
     * A view with the initial states of the rows, without the destinations that the previous process knew to be out.
     */
    public SetView withoutThoseOut(SetView written) {
        return written.withActive(
                place -> written.isActive(place) && !isOut(written.member(place).id()));
    }

    /** Whether the destination was out when the previous process last knew it. */
    boolean isOut(String id) {
        Status status = atStart.get(id);
        return status != null && !status.removed() && !status.takesTraffic();
    }

    private void writeAgain() {
        long begun = System.nanoTime();
        write();
        long took = System.nanoTime() - begun;
        writer.schedule(this::writeAgain, Math.max(PAUSE.toNanos(), PAUSE_FACTOR * took), TimeUnit.NANOSECONDS);
    }

    private void write() {
        if (!changed) {
            return;
        }
        changed = false;
        try {
            file.write(Map.copyOf(now), Instant.now());
            reminder.ends();
        } catch (FileSystemException | RuntimeException e) {
            failed(e.toString());
        } catch (IOException e) {
            failed(e.getMessage());
        }
    }

    private void failed(String why) {
        changed = true;
        if (reminder.isDue(System.nanoTime())) {
            LOG.warn("{} cannot be written, next attempt soon: {}", file.path(), why);
        }
    }

    /** Writes the file a last time. */
    @Override
    public void close() {
        try {
            if (file != null) {
                writer.submit(this::write).get(SECONDS_TO_END, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("{} was not written at the end: {}", file.path(), e.toString());
        }
        writer.shutdownNow();
    }
}
