package org.sipdispatch.catalog;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.sipdispatch.database.ConnectionPool;
import org.sipdispatch.database.Database;
import org.sipdispatch.settings.BadSetting;

/** A small pool of connections for each distinct database; partitions that agree in URL, user and password share it. */
final class Pools implements AutoCloseable {
    /** How long a database that was there may stay silent in the middle of an answer. */
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
            // HikariCP wraps in this what a driver says of a URL that it cannot read.
            throw silent(partition, e);
        }
    }

    /** A connection, at once or within the time that the database has to answer. */
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
