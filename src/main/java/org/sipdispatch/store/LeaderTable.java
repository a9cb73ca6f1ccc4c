package org.sipdispatch.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The leaders of clusters: one row for each cluster name. The leader increments its count; another node may take over.
 */
public final class LeaderTable {
    private final TimedQueries asking;

    LeaderTable(TimedQueries asking) {
        this.asking = asking;
    }

    /** The last record; {@link Beat#NONE} if there is none, {@link Beat#SILENT} if the database does not answer. */
    public LeaderRecord read(String name) {
        return asking.run(
                "reading the leader of the cluster", connection -> read(connection, name), LeaderRecord.SILENT);
    }

    /** Increments the count if that owner still leads. */
    public CasResult increment(String name, String owner) {
        return changes("UPDATE sip_dispatcher_cluster SET beat = beat + 1 WHERE name = ? AND owner = ?", name, owner);
    }

    /**
     * Takes over as leader unless the row has changed since {@code seen}. After {@link Verdict#SILENT} the next {@link
     * #read} shows whether the update was made.
     *
     * @param seen the last record read; {@link Beat#NONE} if there was none
     */
    public CasResult takeOver(String name, String owner, LeaderRecord seen) {
        if (seen.equals(LeaderRecord.SILENT)) {
            return CasResult.SILENT;
        }
        if (seen.equals(LeaderRecord.NONE)) {
            return changes("INSERT INTO sip_dispatcher_cluster (name, owner, beat) VALUES (?, ?, 0)", name, owner);
        }
        return changes(
                "UPDATE sip_dispatcher_cluster SET owner = ?, beat = beat + 1 WHERE name = ? AND owner = ? AND beat = ?",
                owner,
                name,
                seen.owner(),
                seen.count());
    }

    private CasResult changes(String statement, Object... parameters) {
        return asking.run(
                "writing the leader of the cluster",
                connection -> changes(connection, statement, parameters),
                CasResult.SILENT);
    }

    private static CasResult changes(Connection connection, String text, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement.executeUpdate() == 1 ? CasResult.WON : CasResult.LOST;
        } catch (SQLException e) {
            if (TieBreakTable.isDuplicate(e)) {
                return CasResult.LOST;
            }
            throw e;
        }
    }

    private static LeaderRecord read(Connection connection, String name) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT owner, beat FROM sip_dispatcher_cluster WHERE name = ?")) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new LeaderRecord(row.getString(1), row.getLong(2)) : LeaderRecord.NONE;
            }
        }
    }
}
