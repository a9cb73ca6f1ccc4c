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

/** Settles which half of a cluster goes on when it is cut into two that are equal: the one that asks first. */
public final class Ties {
    private static final String DUPLICATE_KEY = "23";

    private final Asking asking;

    Ties(Asking asking) {
        this.asking = asking;
    }

    /**
     * Whether it is that node who goes on. Everyone who asks for the same epoch hears the same, whenever it asks.
     *
     * @param epoch what all nodes of the cluster, before it was cut, would write alike
     * @param node who asks, or in whose name; at most 255 characters
     */
    public Verdict settle(String epoch, String node) {
        return asking.ask(
                "which half of the cluster goes on",
                connection -> settle(connection, key(epoch), node),
                Verdict.SILENT);
    }

    /** What the column holds; a longer text by its hash. */
    private static String key(String epoch) {
        if (epoch.length() <= 255) {
            return epoch;
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(epoch.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Verdict settle(Connection connection, String epoch, String node) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO sip_dispatcher_tie (epoch, winner) VALUES (?, ?)")) {
            insert.setString(1, epoch);
            insert.setString(2, node);
            insert.executeUpdate();
            return Verdict.WON;
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
                    throw new SQLException("a tie that was settled is gone");
                }
                return winner.getString(1).equals(node) ? Verdict.WON : Verdict.LOST;
            }
        }
    }

    static boolean isDuplicate(SQLException e) {
        return e.getSQLState() != null && e.getSQLState().startsWith(DUPLICATE_KEY);
    }

    /** Forgets what was settled more than a week ago, by the database's clock. */
    static void forgetOld(Connection connection) throws SQLException {
        try (Statement delete = connection.createStatement()) {
            delete.executeUpdate("DELETE FROM sip_dispatcher_tie WHERE created < CURRENT_TIMESTAMP - INTERVAL '7' DAY");
        }
    }
}
