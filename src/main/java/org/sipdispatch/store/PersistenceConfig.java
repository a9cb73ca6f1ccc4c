package org.sipdispatch.store;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.sipdispatch.database.ConnectionPool;
import org.sipdispatch.database.Database;
import org.sipdispatch.database.H2Driver;

/** The configuration of Akka Persistence JDBC for the journal's database. */
final class PersistenceConfig {
    /** The longest silence of the database during an answer; the socket timeout. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

    private static final Config PLUGINS = ConfigFactory.parseResources(PersistenceConfig.class, "persistence.conf");
    /** How long Akka Persistence waits for the database. */
    static final Duration RESPONSE_TIMEOUT = PLUGINS.getDuration("jdbc-journal.recovery-event-timeout");

    private PersistenceConfig() {}

    static Config of(StoreSettings settings) {
        Database database = settings.database();
        Map<String, Object> db = new LinkedHashMap<>();
        db.put("url", database.url());
        if (database.user() != null) {
            db.put("user", database.user());
        }
        if (database.password() != null) {
            db.put("password", database.password());
        }
        db.put("connectionTimeout", settings.connectTimeout().toMillis());
        db.put("validationTimeout", Math.min(settings.connectTimeout().toMillis(), 5000));
        // Slick deadlocks when it has more threads than connections.
        for (String count : new String[] {"numThreads", "maxConnections", "minConnections"}) {
            db.put(count, settings.connections());
        }
        if (database.product() == Database.DatabaseProduct.H2) {
            // See ConnectionPool: H2 reports connections as valid although it has closed their database.
            db.put("driver", H2Driver.class.getName());
            db.put("connectionTestQuery", "SELECT 1");
            db.put("maxLifetime", ConnectionPool.FILE_LIFETIME_MS);
        }
        Map<String, String> limits = database.limits(settings.connectTimeout(), LONGEST_SILENCE);
        if (!limits.isEmpty()) {
            db.put("properties", limits);
        }
        Map<String, Object> slick = Map.of("profile", profile(database.product()), "db", db);
        return ConfigFactory.parseMap(
                        Map.of("akka-persistence-jdbc", Map.of("shared-databases", Map.of("slick", slick))))
                .withFallback(PLUGINS);
    }

    private static String profile(Database.DatabaseProduct product) {
        return switch (product) {
            case H2 -> "slick.jdbc.H2Profile$";
            case MARIADB -> "slick.jdbc.MySQLProfile$";
            case POSTGRESQL -> "slick.jdbc.PostgresProfile$";
        };
    }
}
