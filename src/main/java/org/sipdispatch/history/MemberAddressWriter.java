package org.sipdispatch.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores the addresses of the cluster's nodes as this node learns them, its own included, on its own thread. */
final class MemberAddressWriter {
    private static final Logger LOG = LoggerFactory.getLogger(MemberAddressWriter.class);

    private final ScheduledExecutorService scheduler = scheduler();
    private final Supplier<Map<Long, String>> members;
    private final ConnectionSource connections;
    private final Set<Long> written = new HashSet<>();
    /** Whether a warning was logged. */
    private boolean troubled;

    /** Opens a connection; may take long to fail. */
    interface ConnectionSource {
        Connection connect() throws SQLException;
    }

    /**
     * Starts to poll.
     *
     * @param members supplies the addresses of the current nodes by their numbers
     */
    MemberAddressWriter(Supplier<Map<Long, String>> members, ConnectionSource connections, Duration every) {
        this.members = members;
        this.connections = connections;
        scheduler.scheduleWithFixedDelay(this::poll, 0, every.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static ScheduledExecutorService scheduler() {
        ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "history-nodes");
            thread.setDaemon(true);
            return thread;
        });
        pool.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
        return pool;
    }

    private void poll() {
        try {
            Map<Long, String> now = members.get();
            written.retainAll(now.keySet());
            if (!written.containsAll(now.keySet())) {
                write(now);
            }
            troubled = false;
        } catch (SQLException e) {
            // The writers of the history log the failure; the next poll tries again.
            LOG.debug("node addresses wait for the history's database", e);
        } catch (RuntimeException e) {
            if (!troubled) {
                LOG.warn("the addresses of nodes cannot be stored, next attempt soon", e);
            }
            troubled = true;
        }
    }

    private void write(Map<Long, String> now) throws SQLException {
        try (Connection connection = connections.connect()) {
            for (Map.Entry<Long, String> one : now.entrySet()) {
                if (!written.contains(one.getKey())) {
                    NodeAddresses.write(connection, one.getKey(), one.getValue());
                    written.add(one.getKey());
                }
            }
        }
    }

    void close() {
        scheduler.shutdown();
    }
}
