package org.sipdispatch.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.database.Database;

/** The table {@code event_journal} of all nodes, read only. */
final class JournalTable {
    private static final String COLUMNS =
            "\"ordering\", \"persistence_id\", \"sequence_number\", \"write_timestamp\", \"event_ser_id\","
                    + " \"event_ser_manifest\", \"event_payload\"";

    private final Database.DatabaseProduct product;
    private final String quote;
    /** Set once the database rejected the query for running transactions; it is not repeated then. */
    private boolean unsupported;
    /** For H2: how often the sessions were queried, and the last query that found no other writer. */
    private long sessionQueries;

    private long lastQuietQuery;

    JournalTable(Database.DatabaseProduct product) {
        this.product = product;
        this.quote = product == Database.DatabaseProduct.MARIADB ? "" : "\"";
    }

    record JournalRow(
            long ordering,
            String persistenceId,
            long sequence,
            long writtenMs,
            int serializer,
            String manifest,
            byte[] bytes) {}

    /**
     * The running transactions of the database, by number.
     *
     * @param oldest the oldest transaction that may still write
     * @param next an upper bound (exclusive) of the transactions started so far
     */
    record RunningTransactions(long oldest, long next) {
        /** For a database that does not show its transactions. */
        static final RunningTransactions UNKNOWN = new RunningTransactions(0, Long.MAX_VALUE);
    }

    /** The highest {@code ordering}; 0 if the table is empty. */
    long highest(Connection connection) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(sql("SELECT MAX(\"ordering\") FROM \"event_journal\""))) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The transactions that are running now. Call it outside of any transaction. */
    RunningTransactions runningTransactions(Connection connection) throws SQLException {
        if (product == Database.DatabaseProduct.MARIADB || unsupported) {
            return RunningTransactions.UNKNOWN;
        }
        try {
            return product == Database.DatabaseProduct.H2 ? sessions(connection) : transactions(connection);
        } catch (SQLException e) {
            if (!connection.isValid(1)) {
                throw e;
            }
            unsupported = true;
            return RunningTransactions.UNKNOWN;
        }
    }

    private static RunningTransactions transactions(Connection connection) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("SELECT txid_snapshot_xmin(now), txid_snapshot_xmax(now)"
                        + " FROM (SELECT txid_current_snapshot() AS now) AS snapshot")) {
            row.next();
            return new RunningTransactions(row.getLong(1), row.getLong(2));
        }
    }

    /**
     * H2 does not number its transactions but lists the sessions that have one. The number of the query serves as
     * transaction number: once no other session writes, all earlier writers have ended. H2 shows all sessions to
     * administrators only.
     */
    private RunningTransactions sessions(Connection connection) throws SQLException {
        sessionQueries++;
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("SELECT (SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS"
                        + " WHERE SESSION_ID <> SESSION_ID() AND (CONTAINS_UNCOMMITTED"
                        + " OR UPPER(EXECUTING_STATEMENT) NOT LIKE 'SELECT%')),"
                        + " (SELECT COUNT(*) FROM INFORMATION_SCHEMA.USERS WHERE USER_NAME = CURRENT_USER"
                        + " AND IS_ADMIN)")) {
            row.next();
            lastQuietQuery = row.getLong(1) == 0 && row.getLong(2) > 0 ? sessionQueries : lastQuietQuery;
            return new RunningTransactions(lastQuietQuery, sessionQueries);
        }
    }

    /** The rows with {@code behind < ordering <= upTo}, in ascending order. */
    List<JournalRow> rows(Connection connection, long behind, long upTo, int most) throws SQLException {
        List<JournalRow> rows = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql("SELECT " + COLUMNS
                + " FROM \"event_journal\" WHERE \"ordering\" > ? AND \"ordering\" <= ? ORDER BY \"ordering\" LIMIT "
                + most))) {
            select.setLong(1, behind);
            select.setLong(2, upTo);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    rows.add(new JournalRow(
                            row.getLong(1),
                            row.getString(2),
                            row.getLong(3),
                            row.getLong(4),
                            row.getInt(5),
                            row.getString(6),
                            row.getBytes(7)));
                }
            }
        }
        return rows;
    }

    private String sql(String text) {
        return text.replace("\"", quote);
    }
}
