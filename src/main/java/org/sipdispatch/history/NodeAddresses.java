package org.sipdispatch.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * The addresses of nodes by their numbers in versions: from the cluster as this node sees it, otherwise from the
 * database, where all nodes store them. A node that is gone keeps its name.
 */
final class NodeAddresses {
    private static final int MOST = 1000;
    private static final int LONGEST = 255;

    private final LongFunction<String> members;
    private final Map<Long, String> read = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
            return size() > MOST;
        }
    };

    /** @param met maps a number to an address; empty if this node has not seen that node */
    NodeAddresses(LongFunction<String> met) {
        this.members = met;
    }

    /** The address; empty if it is not known. */
    String of(Connection connection, long number) throws SQLException {
        String address = members.apply(number);
        address = address.isEmpty() ? read.getOrDefault(number, "") : address;
        if (address.isEmpty()) {
            address = read(connection, number);
            if (!address.isEmpty()) {
                read.put(number, address);
            }
        }
        return address;
    }

    private static String read(Connection connection, long number) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT address FROM sip_dispatcher_node WHERE node_number = ?")) {
            select.setLong(1, number);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getString(1) : "";
            }
        }
    }

    /** Stores an address. Several nodes may do so concurrently. */
    static void write(Connection connection, long number, String address) throws SQLException {
        if (!read(connection, number).isEmpty()) {
            return;
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO sip_dispatcher_node (node_number, address) VALUES (?, ?)")) {
            insert.setLong(1, number);
            insert.setString(2, address.substring(0, Math.min(address.length(), LONGEST)));
            insert.executeUpdate();
        } catch (SQLException e) {
            if (!HistorySequence.isDuplicate(e)) {
                throw e;
            }
        }
    }
}
