package org.sipdispatch.e2e;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.pauses.SecondOfTwo;

/** The database's decisions between two halves of a cluster. */
final class TieRows {
    private TieRows() {}

    /** All decisions; {@code wallNs} is the difference between nanoTime and the wall clock. */
    static List<SecondOfTwo.Tie> read(String jdbcUrl, long wallNs) {
        List<SecondOfTwo.Tie> ties = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("SELECT epoch, winner, created FROM sip_dispatcher_tie")) {
            while (row.next()) {
                ties.add(new SecondOfTwo.Tie(
                        row.getString(1), row.getString(2), row.getTimestamp(3).getTime() * 1_000_000 + wallNs));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return ties;
    }
}
