package org.sipdispatch.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Runs SQL as an operator does. */
public final class SqlScripts {
    private SqlScripts() {}

    public static void run(String jdbcUrl, String sql) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl)) {
            SqlScript.run(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
