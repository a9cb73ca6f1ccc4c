package org.sipdispatch.catalog;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sipdispatch.settings.BadSetting;

/**
 * Reads a table as OpenSIPS creates it, versions 7 (whole numbers as weights) to 9. Every column is read as text, since
 * its type depends on version and database.
 */
final class JdbcTable {
    private static final Set<String> NO_SUCH_TABLE = Set.of("42P01", "42S02", "42S03", "42S04");
    private static final Set<Integer> VERSIONS = Set.of(7, 8, 9);

    private final PartitionSettings partition;
    private final PartitionSettings.Table table;
    private final Connection connection;
    private final String quote;

    JdbcTable(PartitionSettings partition, Connection connection) throws SQLException {
        this.partition = partition;
        this.table = partition.table();
        this.connection = connection;
        // The standard says that a blank stands for "no quoting".
        this.quote = connection.getMetaData().getIdentifierQuoteString().strip();
    }

    boolean exists() throws SQLException {
        return columnNames(table.name()) != null;
    }

    /** How the database spells the column that numbers the rows, quoted; null if there is none. */
    String idColumn() throws SQLException {
        String id = find(columnNames(table.name()), "id");
        return id == null ? null : quoted(id);
    }

    /** All rows, oldest first where the table numbers them, so that equal priorities keep that order. */
    List<Row> rows() throws SQLException {
        checkVersion();
        List<String> names = columnNames(table.name());
        String id = find(names, "id");
        String select = selected(names)
                .map(column -> column == null ? "NULL" : quoted(column))
                .collect(Collectors.joining(", "));
        String query = "SELECT " + select + (id == null ? "" : ", " + quoted(id)) + " FROM " + written(table.name())
                + (id == null ? "" : " ORDER BY " + quoted(id));
        List<Row> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                String place = id == null ? " row " + (rows.size() + 1) : " id " + text(result, 10);
                rows.add(row(table.name() + place, result));
            }
        }
        return rows;
    }

    private Row row(String place, ResultSet result) throws SQLException {
        return new Row(
                place,
                text(result, 1),
                text(result, 2),
                text(result, 3),
                partition.persistentState() ? text(result, 8) : null,
                text(result, 4),
                text(result, 5),
                text(result, 6),
                text(result, 7),
                text(result, 9));
    }

    /** Some databases pad CHAR columns with spaces to their full width. */
    static String text(ResultSet result, int column) throws SQLException {
        String text = result.getString(column);
        return text == null ? null : text.strip();
    }

    /** The columns as the database spells them, in the order in which rows are read; null for one that may be absent and is. */
    private Stream<String> selected(List<String> names) {
        Columns columns = table.columns();
        // Where the state does not count its column need not exist; any other keeps its place.
        String state = partition.persistentState()
                ? present(names, "state_col", columns.state())
                : present(names, "setid_col", columns.setid());
        return Stream.of(
                present(names, "setid_col", columns.setid()),
                present(names, "destination_col", columns.destination()),
                present(names, "socket_col", columns.socket()),
                present(names, "weight_col", columns.weight()),
                present(names, "priority_col", columns.priority()),
                present(names, "attrs_col", columns.attrs()),
                present(names, "description_col", columns.description()),
                state,
                probeMode(names));
    }

    /** Tables before version 9 have none; but who gave it another name has one. */
    private String probeMode(List<String> names) {
        String configured = table.columns().probeMode();
        return configured.equals(Columns.STANDARD_PROBE_MODE)
                ? find(names, configured)
                : present(names, "probe_mode_col", configured);
    }

    /** How the database spells that column of this table, quoted; it must be there. */
    String column(String key, String configured) throws SQLException {
        return quoted(present(columnNames(table.name()), key, configured));
    }

    /** The table's name as SQL takes it. */
    String name() {
        return written(table.name());
    }

    private String present(List<String> names, String key, String column) {
        String name = find(names, column);
        if (name == null) {
            throw new BadSetting(partition.paths().of(key), column, "a column of table " + table.name());
        }
        return name;
    }

    private static String find(List<String> names, String wanted) {
        if (names.contains(wanted)) {
            return wanted;
        }
        return names.stream().filter(wanted::equalsIgnoreCase).findFirst().orElse(null);
    }

    /** The names of a table's columns; null if there is no such table. */
    private List<String> columnNames(String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT * FROM " + written(name) + " WHERE 1 = 0")) {
            ResultSetMetaData columns = result.getMetaData();
            List<String> names = new ArrayList<>();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                names.add(columns.getColumnName(i));
            }
            return names;
        } catch (SQLException e) {
            if (NO_SUCH_TABLE.contains(e.getSQLState())) {
                return null;
            }
            throw e;
        }
    }

    /** OpenSIPS keeps the version of each table in a table; where it says nothing about ours, the columns must do. */
    private void checkVersion() throws SQLException {
        List<String> names = columnNames(table.versions());
        if (names == null || find(names, "table_name") == null || find(names, "table_version") == null) {
            return;
        }
        String ours = table.name().substring(table.name().lastIndexOf('.') + 1);
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT " + quoted(find(names, "table_name")) + ", "
                        + quoted(find(names, "table_version")) + " FROM " + written(table.versions()))) {
            while (result.next()) {
                String name = text(result, 1);
                boolean isOurs = ours.equalsIgnoreCase(name) || table.name().equalsIgnoreCase(name);
                if (isOurs && !VERSIONS.contains(result.getInt(2))) {
                    throw new BadSetting(
                            partition.paths().of("table_name"),
                            table.name() + " version " + result.getInt(2),
                            "version 7, 8 or 9");
                }
            }
        }
    }

    private String written(String name) {
        return SqlNames.table(name, quote);
    }

    private String quoted(String name) {
        return SqlNames.quoted(name, quote);
    }
}
