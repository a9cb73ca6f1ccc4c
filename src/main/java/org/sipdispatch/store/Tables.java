package org.sipdispatch.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipdispatch.database.Database;
import org.sipdispatch.database.SqlScript;

/** Makes the tables that are missing. Several nodes may do so at once. */
final class Tables {
    private static final Pattern CREATE = Pattern.compile("(?s)CREATE TABLE IF NOT EXISTS (\\S+) .*");
    /** A table that another node makes at the same moment is there at the next try. */
    private static final int TRIES = 3;

    private final List<String> statements;
    private volatile boolean prepared;

    Tables(Database.Kind kind) {
        this.statements = SqlScript.statements(script(kind));
    }

    private static String script(Database.Kind kind) {
        String name =
                switch (kind) {
                    case H2 -> "h2.sql";
                    case MARIADB -> "mysql.sql";
                    case POSTGRESQL -> "postgresql.sql";
                };
        try (InputStream stream = Tables.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void prepare(Connection connection) throws SQLException {
        if (prepared) {
            return;
        }
        for (String statement : statements) {
            make(connection, statement);
        }
        prepared = true;
    }

    /** Who may not make tables may still use those that are there. */
    private static void make(Connection connection, String create) throws SQLException {
        Matcher matcher = CREATE.matcher(create);
        if (!matcher.matches()) {
            throw new IllegalStateException(create);
        }
        for (int left = TRIES; !exists(connection, matcher.group(1)); left--) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(create);
            } catch (SQLException e) {
                if (left <= 1 || !connection.isValid(1)) {
                    throw e;
                }
            }
        }
    }

    private static boolean exists(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery("SELECT 1 FROM " + table + " WHERE 1 = 0").close();
            return true;
        } catch (SQLException e) {
            if (connection.isValid(1)) {
                return false;
            }
            throw e;
        }
    }
}
