package org.sipdispatch.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;

/** A real PostgreSQL server, started once for all tests that need it. Tests are skipped if it cannot run. */
public final class EmbeddedPostgres {
    private static io.zonky.test.db.postgres.embedded.EmbeddedPostgres server;
    private static String failure;

    private EmbeddedPostgres() {}

    /** A URL for that database, which is created if it is new. */
    public static synchronized String jdbcUrl(String database) {
        start();
        Assumptions.assumeTrue(failure == null, () -> "embedded PostgreSQL cannot run: " + failure);
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            if (!statement
                    .executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + database + "'")
                    .next()) {
                statement.execute("CREATE DATABASE \"" + database + "\"");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return server.getJdbcUrl("postgres", database);
    }

    public static synchronized int port() {
        jdbcUrl("postgres");
        return server.getPort();
    }

    private static void start() {
        if (server != null || failure != null) {
            return;
        }
        try {
            server = io.zonky.test.db.postgres.embedded.EmbeddedPostgres.builder()
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .start();
        } catch (Exception | LinkageError e) {
            failure = String.valueOf(e);
        }
    }
}
