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

/** Creates the missing tables and columns. Several nodes may do so at once. */
final class Schema {
    private static final Pattern CREATE = Pattern.compile("(?s)CREATE TABLE IF NOT EXISTS (\\S+) .*");
    /** Columns that a later release added; the first of them stands for all. */
    private static final Pattern ALTER = Pattern.compile("(?s)ALTER TABLE (\\S+)\\s+ADD[\\s(]+(\\S+) .*");
    /** A creation that fails because another node creates the same table succeeds at the next try. */
    private static final int TRIES = 3;

    /**
     * While H2 adds columns, other connections do not find the table. All users of the embedded database are in this
     * process, so one lock is enough.
     */
    private static final Object H2 = new Object();

    private final Database.DatabaseProduct product;
    private final List<String> statements;
    private volatile boolean prepared;

    Schema(Database.DatabaseProduct product) {
        this.product = product;
        this.statements = SqlScript.statements(script(product));
    }

    private static String script(Database.DatabaseProduct product) {
        String name =
                switch (product) {
                    case H2 -> "h2.sql";
                    case MARIADB -> "mysql.sql";
                    case POSTGRESQL -> "postgresql.sql";
                };
        try (InputStream stream = Schema.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isPrepared() {
        return prepared;
    }

    /** Makes the next {@link #prepare} check the tables again. */
    void forget() {
        prepared = false;
    }

    void prepare(Connection connection) throws SQLException {
        if (prepared) {
            return;
        }
        if (product == Database.DatabaseProduct.H2) {
            synchronized (H2) {
                createAll(connection);
            }
        } else {
            createAll(connection);
        }
    }

    private void createAll(Connection connection) throws SQLException {
        for (String statement : statements) {
            create(connection, statement);
        }
        prepared = true;
    }

    /** A user without the right to create tables can still use existing ones, so look first. */
    private static void create(Connection connection, String statement) throws SQLException {
        String look = existenceQuery(statement);
        for (int left = TRIES; !exists(connection, look); left--) {
            try (Statement making = connection.createStatement()) {
                making.execute(statement);
            } catch (SQLException e) {
                if (left <= 1 || !connection.isValid(1)) {
                    throw e;
                }
            }
        }
    }

    /** A query that fails if the statement's table or column is missing. */
    private static String existenceQuery(String statement) {
        Matcher create = CREATE.matcher(statement);
        if (create.matches()) {
            return "SELECT 1 FROM " + create.group(1) + " WHERE 1 = 0";
        }
        Matcher alter = ALTER.matcher(statement);
        if (alter.matches()) {
            return "SELECT " + alter.group(2) + " FROM " + alter.group(1) + " WHERE 1 = 0";
        }
        throw new IllegalStateException(statement);
    }

    private static boolean exists(Connection connection, String look) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery(look).close();
            return true;
        } catch (SQLException e) {
            if (connection.isValid(1)) {
                return false;
            }
            throw e;
        }
    }
}
