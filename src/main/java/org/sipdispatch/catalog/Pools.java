package org.sipdispatch.catalog;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.sipdispatch.settings.BadSetting;

/** A small pool of connections for each distinct database. */
final class Pools implements AutoCloseable {
    /** How long a database that was there may stay silent in the middle of an answer. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

    private final Map<Database, HikariDataSource> pools = new HashMap<>();

    void open(PartitionSettings partition) {
        Database database = partition.database();
        if (pools.containsKey(database)) {
            return;
        }
        try {
            pools.put(database, new HikariDataSource(settings(database, partition.connectTimeout())));
        } catch (RuntimeException e) {
            // HikariCP wraps in this what a driver says of a URL that it cannot read.
            throw silent(partition, e);
        }
    }

    /** A connection, at once or within the time that the database has to answer. */
    Connection connect(PartitionSettings partition) {
        try {
            return pools.get(partition.database()).getConnection();
        } catch (SQLTransientConnectionException e) {
            // HikariCP's own, with what the driver said as its cause if it said anything in time.
            throw silent(partition, e.getCause() == null ? new TimeoutException("no answer in time") : e);
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

    private static HikariConfig settings(Database database, Duration connectTimeout) {
        HikariConfig settings = new HikariConfig();
        settings.setPoolName("catalog-" + database.shownUrl().replaceAll("[^A-Za-z0-9]+", "-"));
        settings.setJdbcUrl(database.url());
        settings.setUsername(database.user());
        settings.setPassword(database.password());
        settings.setMaximumPoolSize(2);
        settings.setMinimumIdle(0);
        settings.setConnectionTimeout(connectTimeout.toMillis());
        settings.setValidationTimeout(Math.min(connectTimeout.toMillis(), 5000));
        // Else HikariCP logs a database that is away with its stack before we tell of it in one line.
        settings.setInitializationFailTimeout(-1);
        String url = database.url().toLowerCase(Locale.ROOT);
        if (url.startsWith("jdbc:h2:")) {
            // H2 forgets a database in memory when its last connection closes.
            settings.setMinimumIdle(1);
            settings.setMaxLifetime(0);
        } else if (url.startsWith("jdbc:mariadb:")) {
            limit(settings, "connectTimeout", connectTimeout.toMillis());
            limit(settings, "socketTimeout", LONGEST_SILENCE.toMillis());
        } else if (url.startsWith("jdbc:postgresql:")) {
            long seconds = Math.max(1, connectTimeout.toSeconds());
            limit(settings, "connectTimeout", seconds);
            limit(settings, "loginTimeout", seconds);
            limit(settings, "socketTimeout", LONGEST_SILENCE.toSeconds());
        }
        return settings;
    }

    /** Left to itself a driver waits for as long as TCP does; what the URL says counts more. */
    private static void limit(HikariConfig settings, String property, long value) {
        if (!settings.getJdbcUrl().toLowerCase(Locale.ROOT).contains(property.toLowerCase(Locale.ROOT) + "=")) {
            settings.addDataSourceProperty(property, String.valueOf(value));
        }
    }

    @Override
    public void close() {
        pools.values().forEach(HikariDataSource::close);
    }
}
