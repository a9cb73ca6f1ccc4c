package org.sipdispatch.catalog;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.sipdispatch.database.ConnectionPool;
import org.sipdispatch.database.Database;
import org.sipdispatch.settings.BadSetting;

/** A small connection pool for each database. Partitions with the same URL, user and password share a pool. */
final class Pools implements AutoCloseable {
    /** The longest silence of the database during an answer. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

    private final Map<Database, ConnectionPool> pools = new HashMap<>();

    void open(PartitionSettings partition) {
        Database database = partition.database();
        if (pools.containsKey(database)) {
            return;
        }
        try {
            pools.put(database, ConnectionPool.of("catalog", database, partition.connectTimeout(), LONGEST_SILENCE));
        } catch (RuntimeException e) {
            // HikariCP wraps the driver's exception for a URL that it cannot read.
            throw silent(partition, e);
        }
    }

    /** A connection, within the connect timeout. */
    Connection connect(PartitionSettings partition) {
        try {
            return pools.get(partition.database()).connect();
        } catch (SQLException e) {
            throw silent(partition, e);
        }
    }

    static BadSetting silent(PartitionSettings partition, Exception cause) {
        Database database = partition.database();
        return new BadSetting(
                partition.paths().of("db_url"),
                database.shownUrl(),
                "a database that answers: " + database.cause(cause));
    }

    @Override
    public void close() {
        pools.values().forEach(ConnectionPool::close);
    }
}
