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

/** Decides which half of a cluster survives a partition into two equal halves: the first to ask the database. */
public final class TieBreakTable {
    private static final String DUPLICATE_KEY = "23";

    private final TimedQueries asking;

    TieBreakTable(TimedQueries asking) {
        this.asking = asking;
    }

    /**
     * Whether the half that asks wins. All callers with the same epoch get the same winner, at any time.
     *
     * @param epoch identifies the cluster's membership before the partition, in the same text on all nodes
     * @param half identifies the half that asks, in the same text on all its nodes
     */
    public CasResult decide(String epoch, String half) {
        return asking.run(
                "deciding which half of the cluster continues",
                connection -> decide(connection, stored(epoch), stored(half)),
                CasResult.SILENT);
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

    private static CasResult decide(Connection connection, String epoch, String half) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO sip_dispatcher_tie (epoch, winner) VALUES (?, ?)")) {
            insert.setString(1, epoch);
            insert.setString(2, half);
            insert.executeUpdate();
            return CasResult.WON;
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
                return winner.getString(1).equals(half) ? CasResult.WON : CasResult.LOST;
            }
        }
    }

    static boolean isDuplicate(SQLException e) {
        return e.getSQLState() != null && e.getSQLState().startsWith(DUPLICATE_KEY);
    }

    /** Deletes decisions older than a week by the database's clock. */
    static void deleteOld(Connection connection) throws SQLException {
        try (Statement delete = connection.createStatement()) {
            delete.executeUpdate("DELETE FROM sip_dispatcher_tie WHERE created < CURRENT_TIMESTAMP - INTERVAL '7' DAY");
        }
    }
}
