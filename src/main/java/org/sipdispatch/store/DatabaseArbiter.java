package org.sipdispatch.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import org.sipdispatch.membership.Arbiter;

/**
 * The cluster's database as the arbiter of partitions: a row for each tie-break, written by the first half that asks,
 * and a row for the leader of each cluster, which increments its count.
 */
final class DatabaseArbiter implements Arbiter {
    private static final String DUPLICATE_KEY = "23";
    private static final Heartbeat NONE = new Heartbeat(ClaimResult.NO, "", 0);
    private static final Heartbeat SILENT = new Heartbeat(ClaimResult.SILENT, "", 0);

    private final TimedQueries asking;

    DatabaseArbiter(TimedQueries asking) {
        this.asking = asking;
    }

    /** All callers with the same epoch get the same winner, at any time. */
    @Override
    public ClaimResult decide(String epoch, String half) {
        return asking.run(
                "deciding which half of the cluster continues",
                connection -> decide(connection, stored(epoch), stored(half)),
                ClaimResult.SILENT);
    }

    @Override
    public Heartbeat read(String cluster) {
        return asking.run("reading the leader of the cluster", connection -> read(connection, cluster), SILENT);
    }

    @Override
    public ClaimResult renew(String cluster, String owner) {
        return changes(
                "UPDATE sip_dispatcher_cluster SET beat = beat + 1 WHERE name = ? AND owner = ?", cluster, owner);
    }

    /** After {@link ClaimResult#SILENT} the next {@link #read} shows whether the update was made. */
    @Override
    public ClaimResult takeOver(String cluster, String owner, Heartbeat seen) {
        return switch (seen.result()) {
            case SILENT -> ClaimResult.SILENT;
            case NO ->
                changes("INSERT INTO sip_dispatcher_cluster (name, owner, beat) VALUES (?, ?, 0)", cluster, owner);
            case YES ->
                changes(
                        "UPDATE sip_dispatcher_cluster SET owner = ?, beat = beat + 1 WHERE name = ? AND owner = ? AND beat = ?",
                        owner,
                        cluster,
                        seen.owner(),
                        seen.count());
        };
    }

    /** The text as it fits a column: a longer one is replaced by its hash. */
    private static String stored(String text) {
        if (text.length() <= 255) {
            return text;
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ClaimResult decide(Connection connection, String epoch, String half) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO sip_dispatcher_tie (epoch, winner) VALUES (?, ?)")) {
            insert.setString(1, epoch);
            insert.setString(2, half);
            insert.executeUpdate();
            return ClaimResult.YES;
        } catch (SQLException e) {
            if (!isDuplicate(e)) {
                throw e;
            }
        }
        try (PreparedStatement select =
                connection.prepareStatement("SELECT winner FROM sip_dispatcher_tie WHERE epoch = ?")) {
            select.setString(1, epoch);
            try (ResultSet winner = select.executeQuery()) {
                if (!winner.next()) {
                    throw new SQLException("the row of the tie-break was deleted");
                }
                return winner.getString(1).equals(half) ? ClaimResult.YES : ClaimResult.NO;
            }
        }
    }

    private static boolean isDuplicate(SQLException e) {
        return e.getSQLState() != null && e.getSQLState().startsWith(DUPLICATE_KEY);
    }

    /** Deletes decisions older than a week by the database's clock. */
    static void deleteOld(Connection connection) throws SQLException {
        try (Statement delete = connection.createStatement()) {
            delete.executeUpdate("DELETE FROM sip_dispatcher_tie WHERE created < CURRENT_TIMESTAMP - INTERVAL '7' DAY");
        }
    }

    private ClaimResult changes(String statement, Object... parameters) {
        return asking.run(
                "writing the leader of the cluster",
                connection -> changes(connection, statement, parameters),
                ClaimResult.SILENT);
    }

    private static ClaimResult changes(Connection connection, String text, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement.executeUpdate() == 1 ? ClaimResult.YES : ClaimResult.NO;
        } catch (SQLException e) {
            if (isDuplicate(e)) {
                return ClaimResult.NO;
            }
            throw e;
        }
    }

    private static Heartbeat read(Connection connection, String name) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT owner, beat FROM sip_dispatcher_cluster WHERE name = ?")) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new Heartbeat(ClaimResult.YES, row.getString(1), row.getLong(2)) : NONE;
            }
        }
    }
}
