package org.sipdispatch.catalog;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.sipdispatch.database.ConnectionPool;
import org.sipdispatch.database.Database;

/** A small connection pool for each database. Partitions with the same URL, user and password share a pool. */
final class Pools implements AutoCloseable {
    /** The longest silence of the database during an answer. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

    private final Map<Database, ConnectionPool> pools = new HashMap<>();

    /**
     * The pool of that database; asks it nothing yet.
     *
     * @throws RuntimeException if its driver cannot read the URL
     */
    ConnectionPool of(Database database, Duration connectTimeout) {
        return pools.computeIfAbsent(
                database, one -> ConnectionPool.of("catalog", one, connectTimeout, LONGEST_SILENCE));
    }

    @Override
    public void close() {
        pools.values().forEach(ConnectionPool::close);
    }
}
