package org.sipdispatch.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Who leads a cluster: one row for each cluster's name, which its owner counts up and another may take over. */
public final class Beats {
    private final Asking asking;

    Beats(Asking asking) {
        this.asking = asking;
    }

    /** The last beat; {@link Beat#NONE} if there was none, {@link Beat#SILENT} if the database does not answer. */
    public Beat read(String name) {
        return asking.ask("reading the leader of the cluster", connection -> read(connection, name), Beat.SILENT);
    }

    /** Counts up, if that owner still leads. */
    public Verdict beat(String name, String owner) {
        return changes("UPDATE sip_dispatcher_cluster SET beat = beat + 1 WHERE name = ? AND owner = ?", name, owner);
    }

    /**
     * Takes the lead, unless anything happened since that beat was seen. After {@link Verdict#SILENT} the next
     * {@link #read} tells whether it was heard.
     *
     * @param seen the last beat; {@link Beat#NONE} if there was none
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
