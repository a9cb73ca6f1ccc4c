package org.sipdispatch.catalog;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.sipdispatch.database.ConnectionPool;
import org.sipdispatch.database.Database;

/** A small pool of connections for each distinct database; partitions that agree in URL, user and password share it. */
final class Pools implements AutoCloseable {
    /** How long a database that was there may stay silent in the middle of an answer. */
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
