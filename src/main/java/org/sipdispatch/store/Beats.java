package org.sipdispatch.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The leaders of clusters: one row for each cluster name. The leader increments its count; another node may take over.
 */
public final class Beats {
    private final Asking asking;

    Beats(Asking asking) {
        this.asking = asking;
    }

    /** The last record; {@link Beat#NONE} if there is none, {@link Beat#SILENT} if the database does not answer. */
    public Beat read(String name) {
        return asking.ask("reading the leader of the cluster", connection -> read(connection, name), Beat.SILENT);
    }

    /** Increments the count if that owner still leads. */
    public Verdict beat(String name, String owner) {
        return changes("UPDATE sip_dispatcher_cluster SET beat = beat + 1 WHERE name = ? AND owner = ?", name, owner);
    }

    /**
     * Takes over as leader unless the row has changed since {@code seen}. After {@link Verdict#SILENT} the next {@link
     * #read} shows whether the update was made.
     *
     * @param seen the last record read; {@link Beat#NONE} if there was none
     */
    public Verdict take(String name, String owner, Beat seen) {
        if (seen.equals(Beat.SILENT)) {
            return Verdict.SILENT;
        }
        if (seen.equals(Beat.NONE)) {
            return changes("INSERT INTO sip_dispatcher_cluster (name, owner, beat) VALUES (?, ?, 0)", name, owner);
        }
        return changes(
                "UPDATE sip_dispatcher_cluster SET owner = ?, beat = beat + 1 WHERE name = ? AND owner = ? AND beat = ?",
                owner,
                name,
                seen.owner(),
                seen.count());
    }

    private Verdict changes(String statement, Object... parameters) {
        return asking.ask(
                "writing the leader of the cluster",
                connection -> changes(connection, statement, parameters),
                Verdict.SILENT);
    }

    private static Verdict changes(Connection connection, String text, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement.executeUpdate() == 1 ? Verdict.WON : Verdict.LOST;
        } catch (SQLException e) {
            if (Ties.isDuplicate(e)) {
                return Verdict.LOST;
            }
            throw e;
        }
    }

    private static Beat read(Connection connection, String name) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT owner, beat FROM sip_dispatcher_cluster WHERE name = ?")) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new Beat(row.getString(1), row.getLong(2)) : Beat.NONE;
            }
        }
    }
}
