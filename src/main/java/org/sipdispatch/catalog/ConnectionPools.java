package org.sipdispatch.catalog;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.sipdispatch.database.ConnectionPool;
import org.sipdispatch.database.Database;

/**
 * What the sources share: a small connection pool for each database, and DNS. Partitions with the same URL, user and
 * password share a pool.
 */
final class ConnectionPools implements AutoCloseable {
    /** The maximum time without data from the database during a query. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

    private final Map<Database, ConnectionPool> pools = new HashMap<>();
    private final ServiceRecords records;

    ConnectionPools(ServiceRecords records) {
        this.records = records;
    }

    ServiceRecords records() {
        return records;
    }

    /**
     * The pool of a database. Does not connect yet.
     *
     * @throws RuntimeException if the driver cannot parse the URL
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
