package org.sipdispatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sipdispatch.pauses.StateSeen;
import org.sipdispatch.pauses.StateVersion;

/** The changes of destinations in the history and in the table. */
final class ReportedHistory {
    private static final int MOST = 1000;

    private ReportedHistory() {}

    /** All changes in the history, oldest first. */
    static List<JsonNode> changes(ClusterNodes cluster, int node) {
        List<JsonNode> all = new ArrayList<>();
        long last = 0;
        int read = MOST;
        while (read == MOST) {
            JsonNode entries = cluster.get(node, "/dispatcher/history?after=" + last + "&limit=" + MOST)
                    .path("entries");
            read = entries.size();
            for (JsonNode entry : entries) {
                last = entry.path("id").asLong();
                if (entry.path("kind").asText().equals("STATUS")) {
                    all.add(entry);
                }
            }
        }
        return all;
    }

    /** The last change of each destination that is not marked as superseded. */
    static Map<String, JsonNode> last(List<JsonNode> changes) {
        Map<String, JsonNode> last = new TreeMap<>();
        changes.stream()
                .filter(entry -> !isSuperseded(entry))
                .forEach(entry -> last.put(entry.path("destination").asText(), entry));
        return last;
    }

    static boolean isSuperseded(JsonNode entry) {
        return entry.path("superseded").asBoolean();
    }

    /** A history entry as an observed state; {@code wallNs} is the difference between nanoTime and the wall clock. */
    static StateSeen seen(JsonNode entry, long wallNs, String where) {
        return new StateSeen(
                entry.path("why").asText(),
                StateVersion.of(entry.path("version").asText()),
                entry.path("state").asText().equals("Inactive"),
                entry.path("atMs").asLong() * 1_000_000 + wallNs,
                where + " " + entry.path("id").asText() + " of "
                        + entry.path("node").asText());
    }

    /** The column {@code state} by destination. */
    static Map<String, Integer> column(String jdbcUrl) {
        Map<String, Integer> states = new TreeMap<>();
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("SELECT setid, destination, state FROM dispatcher")) {
            while (row.next()) {
                states.put("default:" + row.getInt(1) + ":" + row.getString(2), row.getInt(3));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return states;
    }
}
